// Runs a LinuxHost for a test: the methods of Host by name, and `ip`, which holds the event loop while it runs.
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import type { Address } from "../../src/base/address.ts";
import type { InterfaceIndex } from "../../src/base/units.ts";
import type { HostEvent } from "../../src/daemon/host.ts";
import { LinuxHost } from "../../src/linux/host.ts";
import { emit, serve } from "./driver-process.ts";

const [stateDirectory = ""] = process.argv.slice(2);
/** Upon a datagram that ends so, the neighbors there are heard once more. */
const HEAR = "hear others";

function onEvent(event: HostEvent): void {
  emit(event);
  if (event.kind !== "datagram") return;
  const text = Buffer.from(event.bytes).toString("latin1");
  if (text.endsWith(HEAR)) host.hearNeighbors([event.interface]);
}

const host = new LinuxHost({ stateDirectory, routingTable: 254, onEvent });

const descriptors = (): number => readdirSync("/proc/self/fd").length;

const PATIENCE_MILLIS = 60_000;

/** Hears neighbors again and again, and keeps the event loop, until they have said something: how many datagrams. */
function hearUntilSomething(interfaces: readonly InterfaceIndex[]): number {
  const end = host.now() + PATIENCE_MILLIS;
  let count = 0;
  while (count === 0 && host.now() < end) count = host.hearNeighbors(interfaces);
  return count;
}

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
  hearUntilSomething,
  writeEntry: host.writeEntry,
  deleteEntry: host.deleteEntry,
  readCounters: host.readCounters,
  readEntries: () => [...host.readEntries()],
  readEntry: host.readEntry,
  readVifCounters: host.readVifCounters,
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
