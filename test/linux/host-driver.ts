// Runs a LinuxHost for a test: the methods of Host by name, and `ip`, which holds the event loop while it runs.
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import type { Address } from "../../src/base/address.ts";
import { LinuxHost } from "../../src/linux/host.ts";
import { emit, serve } from "./driver-process.ts";

const [stateDirectory = ""] = process.argv.slice(2);
const host = new LinuxHost({ stateDirectory, routingTable: 254, onEvent: emit });

const descriptors = (): number => readdirSync("/proc/self/fd").length;

/**
 * The entry of (source, group), read anew between any two of all entries: how often it was there, and how many file
 * descriptors are left of it, and of a reading that is given up.
 */
function readBetweenEntries(
  source: Address,
  group: Address,
): readonly [hits: number, left: number] {
  const before = descriptors();
  let hits = 0;
  for (const _ of host.readEntries()) if (host.readEntry(source, group) !== null) hits++;
  for (const _ of host.readEntries()) break;
  return [hits, descriptors() - before];
}

const methods: Readonly<Record<string, unknown>> = {
  start: host.start,
  close: host.close,
  now: host.now,
  setDeadline: host.setDeadline,
  send: host.send,
  startInterface: host.startInterface,
  setTtlThreshold: host.setTtlThreshold,
  stopInterface: host.stopInterface,
  writeEntry: host.writeEntry,
  deleteEntry: host.deleteEntry,
  readCounters: host.readCounters,
  readEntries: () => [...host.readEntries()],
  readEntry: host.readEntry,
  readBetweenEntries,
  ip: (...words: string[]) => execFileSync("ip", words, { encoding: "utf8" }),
};

let closed = false;
serve(
  (name, args) => {
    closed ||= name === "close";
    const method = methods[name];
    if (typeof method !== "function") throw new Error(`no method ${name}`);
    return method.apply(host, args);
  },
  () => {
    if (!closed) host.close();
  },
);
