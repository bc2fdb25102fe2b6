// A process that joins groups as so many hosts would, which no single one can (igmp_max_memberships): it sends a report of
// IGMPv2, as the daemon's queries ask for, for one group after the other, evenly. Arguments: its interface, its address,
// the first group, how many groups, how many a second. It begins when it is told anything, and fails if it cannot keep up.
import { setTimeout as sleep } from "node:timers/promises";
import { ip } from "../../src/base/address.ts";
import { untilToldToBegin } from "../../src/lab/begin.ts";
import { groupsFrom } from "../../src/lab/groups.ts";
import { openProtocolSocket } from "../../src/linux/interface-sockets.ts";
import { SendBuffer } from "../../src/linux/send-buffer.ts";
import { dueAfter, millisUntilNext } from "../../src/traffic/pace.ts";
import { encodeIgmp } from "../../src/wire/igmp.ts";
import { indexOf, tellStarter } from "./program-events.ts";

const NANOS_PER_SECOND = 1e9;
/** It may take so many times as long as it should: more would be another rate. */
const MOST_DELAY = 1.1;

const [name = "", address = "", first = "", many = "", aSecond = ""] = process.argv.slice(2);
const [index, source, rate] = [indexOf(name), ip(address), Number(aSecond)];
const groups = groupsFrom(first, Number(many)).map(ip);
const socket = openProtocolSocket("igmp", index, name);
const sendBuffer = new SendBuffer();

tellStarter("ready");
await untilToldToBegin();
const began = process.hrtime.bigint();
let sent = 0;
while (sent < groups.length) {
  const elapsed = Number(process.hrtime.bigint() - began);
  for (const group of groups.slice(sent, dueAfter(elapsed, rate))) {
    const payload = encodeIgmp({ kind: "report", version: 2, group });
    const datagram = { protocol: "igmp" as const, interface: index, source, payload };
    sendBuffer.send(socket, { ...datagram, destination: group }, name);
    sent++;
  }
  if (sent < groups.length) await sleep(millisUntilNext(sent, elapsed, rate));
}
const seconds = Number(process.hrtime.bigint() - began) / NANOS_PER_SECOND;
if (seconds > (MOST_DELAY * groups.length) / rate) {
  process.stderr.write(`${groups.length} joins took ${seconds} s\n`);
  process.exit(1);
}
tellStarter("done");
