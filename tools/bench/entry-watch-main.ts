// A process that looks at the kernel's forwarding entries of one source, until an interface is an output of each, or where
// each comes in. Arguments: which of both ("outgoing", "incoming"), the interface, the source, the first group, how many
// groups. It begins when it is told anything. The kernel is asked for one entry at a time: no daemon notices.
import { setTimeout as sleep } from "node:timers/promises";
import { ip } from "../../src/base/address.ts";
import { MAIN_ROUTING_TABLE } from "../../src/daemon/configuration.ts";
import { untilToldToBegin } from "../../src/lab/begin.ts";
import { groupsFrom } from "../../src/lab/groups.ts";
import { KernelTables } from "../../src/linux/kernel-tables.ts";
import { indexOf, tellStarter } from "./program-events.ts";

const PAUSE_MS = 1;

const [side = "", name = "", source = "", first = "", many = ""] = process.argv.slice(2);
const index = indexOf(name);
const origin = ip(source);
const tables = new KernelTables(MAIN_ROUTING_TABLE);

function isThere(group: string): boolean {
  const entry = tables.readEntry(origin, ip(group));
  if (entry === null) return false;
  return side === "incoming" ? entry.incoming === index : entry.outgoing.includes(index);
}

tellStarter("ready");
await untilToldToBegin();
for (const group of groupsFrom(first, Number(many))) {
  while (!isThere(group)) await sleep(PAUSE_MS);
}
tellStarter("done");
