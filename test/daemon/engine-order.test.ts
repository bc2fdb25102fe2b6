// In which order an engine does what an event brings.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { ip } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import { seconds } from "../../src/base/units.ts";
import { readTopologyFile } from "../../src/lab/topology-file.ts";
import { Network } from "../../src/sim/network.ts";
import { decodeMessage } from "../../src/wire/hpim.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import { recordAll } from "../sim/replay-rig.ts";
import { flowing, GROUP, upcallOf } from "./engine-rig.ts";

const SEVEN = fileURLToPath(new URL("../../../topologies/seven-routers.yaml", import.meta.url));
const ORDER = ["message", "entry", "Ack", "notice"];

/** What of a recording's line is said, or let through; undefined: neither. */
function stepOf(line: string): string | undefined {
  const { call, notice } = JSON.parse(line);
  if (notice !== undefined) return "notice";
  if (call?.kind === "writeEntry") return "entry";
  if (call?.kind !== "send" || call.protocol !== "hpim") return undefined;
  const decoded = decodeMessage(Buffer.from(call.payload, "base64"), 4);
  assert.ok(!isMalformed(decoded));
  return decoded.message.kind === "ack" ? "Ack" : "message";
}

/** Of each datagram that a recording tells of, the steps that followed. */
function stepsOf(lines: readonly string[]): readonly (readonly string[])[] {
  const events: string[][] = [];
  for (const line of lines) {
    if (line.startsWith('{"at"')) events.push([]);
    const step = stepOf(line);
    if (step !== undefined) events.at(-1)?.push(step);
  }
  const inputs = lines.filter((line) => line.startsWith('{"at"'));
  return events.filter(
    (_, n) => JSON.parse(known(inputs[n], "its input")).input.kind === "datagram",
  );
}

test("what leads packets on is done first: messages, the entry, then Acks and the log", () => {
  const network = new Network(readTopologyFile(SEVEN), 1);
  const recordings = recordAll(network);
  network.startAll();
  network.run(seconds(60));
  network.host("Client1").join(GROUP);
  network.host("Source").sendMany(GROUP, 3, seconds(1));
  network.run(seconds(5));
  const events = recordings.flatMap(({ lines }) => stepsOf(lines));
  for (const steps of events) {
    const inOrder = steps.toSorted((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
    assert.deepEqual(steps, inOrder);
  }
  assert.ok(
    events.some((steps) => new Set(steps).size === ORDER.length),
    "all at once",
  );
});

test("of a burst all entries are written before anything is sent", () => {
  const made = flowing();
  made.host.calls.length = 0;
  const upcalls = ["10.0.1.7", "10.0.1.8"].map((source) => upcallOf(ip(source)));
  made.engine.handle({ kind: "upcalls", upcalls });
  const calls = made.host.calls.map((call) => call.split(" ")[0]);
  assert.deepEqual(calls.slice(0, 4), ["writeEntry", "writeEntry", "send", "send"]);
});
