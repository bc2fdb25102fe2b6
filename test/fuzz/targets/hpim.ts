// decodeMessage, of both families (§2.1, §2.2).
import assert from "node:assert/strict";
import type { Family } from "../../../src/base/address.ts";
import type { Random } from "../../../src/base/random.ts";
import type { Message } from "../../../src/core/messages.ts";
import type { DecodedMessage } from "../../../src/wire/hpim.ts";
import { decodeMessage, encodeMessage } from "../../../src/wire/hpim.ts";
import { isMalformed } from "../../../src/wire/malformed.ts";
import { happens, pick } from "../../../tools/campaign/generate.ts";
import type { Material, Target, Verdict } from "../../../tools/fuzz/target.ts";
import { QUICK } from "../../../tools/fuzz/target.ts";
import { varyBytes } from "../../../tools/fuzz/vary-bytes.ts";
import { anyMessageOf } from "../any-message.ts";
import { capturedPayloads } from "../captures.ts";
import { expectSame, magnitude, refused } from "../expect.ts";

const HPIM_DM = 103;
const HEADER_BYTES = 8;
const FAMILIES: readonly Family[] = [4, 6];

/** What tells messages of one type apart. */
function shapeOf(message: Message): string {
  if (message.kind === "hello") return Object.keys(message.options).join();
  if (message.kind !== "sync") return "";
  const { leader, part } = message;
  const tail = part.more ? magnitude(part.entries.length) : Object.keys(part.options).join();
  return `${leader} ${tail}`;
}

function expectWholeSignature(input: Uint8Array, { signature }: DecodedMessage): void {
  if (signature === null) return;
  const { length } = signature.value;
  assert.ok(length >= 1 && HEADER_BYTES + length <= input.length, "the signature is in the input");
}

function judge(input: Uint8Array, family: Family): Verdict {
  const decoded = decodeMessage(input, family);
  if (isMalformed(decoded)) return refused(input, decoded);
  expectWholeSignature(input, decoded);
  const { message, signature } = decoded;
  const { identifier = 0, value } = signature ?? {};
  const room = value === undefined ? null : { identifier, lengthBytes: value.length };
  const again = decodeMessage(encodeMessage(message, room), family);
  const unsigned = value && { identifier, value: new Uint8Array(value.length) };
  expectSame(again, { message, signature: unsigned ?? null }, "what is read can be written");
  const length = magnitude(signature?.value.length ?? 0);
  return { accepted: true, kind: `${message.kind} ${shapeOf(message)} ${length}` };
}

function anyWritten(random: Random): Uint8Array {
  const message = anyMessageOf(random, pick(random, FAMILIES));
  const room = { identifier: random.below(2 ** 16), lengthBytes: 1 + random.below(255) };
  return encodeMessage(message, happens(random, 70) ? null : room);
}

function vary(material: Material): Uint8Array {
  const { random } = material;
  const what = random.below(10);
  if (what < 2) return anyWritten(random);
  if (what < 4) return varyBytes({ ...material, input: anyWritten(random) });
  const varied = varyBytes(material);
  if (what < 8 || varied.length < HEADER_BYTES) return varied;
  // Another type, or another place where the body begins.
  const bytes = varied.slice();
  if (what === 8) bytes[4] = random.below(8);
  else bytes[7] = pick(random, [0, 0, 1, 32, bytes.length - HEADER_BYTES, 255]);
  return bytes;
}

/** Both families decode every input. */
export const target: Target = {
  ...QUICK,
  name: "hpim",
  seeds: () => capturedPayloads(HPIM_DM),
  vary,
  execute(input) {
    const [four, six] = FAMILIES.map((family) => judge(input, family));
    assert.ok(four !== undefined && six !== undefined, "there are two families");
    return { accepted: four.accepted || six.accepted, kind: `${four.kind} | ${six.kind}` };
  },
};
