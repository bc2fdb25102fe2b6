// decodeIgmp (RFC 2236 §2, RFC 3376 §4).
import assert from "node:assert/strict";
import type { IgmpMessage } from "../../../src/membership/messages.ts";
import { fillChecksum } from "../../../src/wire/checksum.ts";
import { decodeIgmp, encodeIgmp } from "../../../src/wire/igmp.ts";
import { isMalformed } from "../../../src/wire/malformed.ts";
import { happens } from "../../../tools/campaign/generate.ts";
import type { Material, Target, Verdict } from "../../../tools/fuzz/target.ts";
import { QUICK } from "../../../tools/fuzz/target.ts";
import { varyBytes } from "../../../tools/fuzz/vary-bytes.ts";
import { anyIgmp } from "../any-message.ts";
import { capturedPayloads } from "../captures.ts";
import { expectSame, magnitude, refused } from "../expect.ts";

const IGMP = 2;
const CHECKSUM = { offset: 2, bytes: 2 };

/** A copy whose checksum is right, so that a decoder looks further. */
function withChecksum(input: Uint8Array): Uint8Array {
  if (input.length < CHECKSUM.offset + CHECKSUM.bytes) return input;
  const bytes = input.slice();
  bytes.fill(0, CHECKSUM.offset, CHECKSUM.offset + CHECKSUM.bytes);
  fillChecksum(bytes, CHECKSUM.offset);
  return bytes;
}

function shapeOf(message: IgmpMessage): string {
  if (message.kind === "version3Report") {
    const sources = message.records.reduce((sum, record) => sum + record.sources.length, 0);
    return `${magnitude(message.records.length)} ${magnitude(sources)}`;
  }
  if (message.kind !== "query") return "";
  const { version, group, keepsGroupTimer } = message;
  return `${version} ${group === null} ${keepsGroupTimer}`;
}

function vary(material: Material): Uint8Array {
  const { random } = material;
  const what = random.below(10);
  const written = what < 3 ? encodeIgmp(anyIgmp(random)) : material.input;
  const varied = what < 1 ? written : varyBytes({ ...material, input: written });
  return happens(random, 90) ? withChecksum(varied) : varied;
}

function execute(input: Uint8Array): Verdict {
  const decoded = decodeIgmp(input);
  if (isMalformed(decoded)) return refused(input, decoded);
  if (decoded.kind === "version3Report") {
    for (const { sources } of decoded.records) {
      assert.ok(4 * sources.length < input.length, "sources are in the input");
    }
  }
  expectSame(decodeIgmp(encodeIgmp(decoded)), decoded, "what is read can be written");
  return { accepted: true, kind: `${decoded.kind} ${shapeOf(decoded)}` };
}

/** Most inputs have a right checksum. */
export const target: Target = {
  ...QUICK,
  ...{ name: "igmp", seeds: () => capturedPayloads(IGMP), vary, execute },
};
