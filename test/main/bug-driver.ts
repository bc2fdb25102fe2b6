// A daemon that is served, in which every change meets a bug, and of whose forwarding entries only some can be read. It
// says where its control socket is, and ends with the bug.
import { ip } from "../../src/base/address.ts";
import { HostError, type InstalledEntry } from "../../src/daemon/host.ts";
import { standardErrorLog } from "../../src/daemon/log.ts";
import { logTheUncaught } from "../../src/main/last-words.ts";
import { serve } from "../daemon/served-daemon.ts";

const ENTRY: InstalledEntry = {
  ...{ source: ip("10.0.1.2"), group: ip("239.1.1.1"), incoming: null, outgoing: [] },
  ...{ packets: 0, bytes: 0, wrongInterface: 0, unresolved: false },
};

function* readEntries(): Generator<InstalledEntry> {
  let isFirstSlice = true;
  setImmediate(() => {
    isFirstSlice = false;
  });
  while (isFirstSlice) yield ENTRY;
  throw new HostError("recv", "ENOBUFS", "for the test");
}

logTheUncaught(standardErrorLog());
const after = (act: () => unknown): unknown => process.on("exit", () => void act());
const { host, path } = await serve({ after: after as never });
Object.assign(host, { readEntries });
host.failing.set("now", "a bug");
process.stdout.write(path);
