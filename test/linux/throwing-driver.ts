// Runs a LinuxHost whose second `links` event meets a bug.
import { LinuxHost } from "../../src/linux/host.ts";

let told = 0;
const host = new LinuxHost({
  stateDirectory: "/nonexistent",
  routingTable: 254,
  onEvent: (event) => {
    if (event.kind !== "links") return;
    told++;
    if (told === 2) throw new Error("bug: for the test");
  },
});
host.start();
process.stdout.write("started\n");
