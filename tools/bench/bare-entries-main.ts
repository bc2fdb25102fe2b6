// A process that answers each upcall of new data on one interface with an entry to another one, and does nothing else: no
// program that forms trees from data can be faster. Arguments: the interfaces, and after how many flows it is done.
import { Mroute } from "../../src/linux/mroute.ts";
import { indexOf, tellStarter } from "./program-events.ts";

const [from = "", to = "", many = ""] = process.argv.slice(2);
const count = Number(many);
const [incoming, outgoing] = [indexOf(from), indexOf(to)];
const answered = new Set<string>();
const mroute = new Mroute();
mroute.takeVif(incoming, from);
mroute.takeVif(outgoing, to);
mroute.start((event) => {
  if (event.kind !== "upcalls") return;
  for (const { reason, interface: at, source, group } of event.upcalls) {
    if (reason !== "missingEntry" || at !== incoming || answered.has(group)) continue;
    mroute.writeEntry({ source, group, incoming, outgoing: [outgoing] });
    answered.add(group);
    if (answered.size === count) tellStarter("done");
  }
});
tellStarter("ready");
