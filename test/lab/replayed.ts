// What becomes of the recordings of a lab's daemons when they are replayed.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { replayFile } from "../../tools/replay/replay-file.ts";
import type { LabNetwork } from "../scenarios/lab-network.ts";
import { spellingsOf } from "../support/spellings.ts";

/** Ends all daemons in good order: their recordings are whole then. */
export async function stopAll(network: LabNetwork): Promise<void> {
  await Promise.all([...network.lab.topology.routers.keys()].map((name) => network.stop(name)));
}

/** Fails if one of the engines does not do the same again, or if none is recorded. */
export function expectAllSame({ recordings }: LabNetwork): void {
  assert.notEqual(recordings.length, 0, "there are recordings");
  for (const { router, path } of recordings) {
    const said: string[] = [];
    const end = replayFile(path, [], (line) => said.push(line));
    assert.equal(end, "same", `${router}: ${said.slice(-5).join("\n")}`);
  }
}

/** Fails if one of the recordings holds a secret, or is open to others. */
export function expectNone({ recordings }: LabNetwork, secrets: readonly string[]): void {
  const spellings = spellingsOf(secrets);
  for (const { path } of recordings) {
    const text = readFileSync(path, "latin1");
    assert.ok(!spellings.some((spelling) => text.includes(spelling)), path);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  }
}
