// A daemon that is served, in which every change meets a bug, and of whose forwarding entries only some can be read. It
// says where its control socket is, and ends with the bug. Its recording goes to the file that is named.
import { ip } from "../../src/base/address.ts";
import { EventStreams } from "../../src/daemon/event-streams.ts";
import { HostError, type InstalledEntry } from "../../src/daemon/host.ts";
import { logOn } from "../../src/daemon/log.ts";
import { standardError } from "../../src/daemon/log-output.ts";
import { logTheUncaught } from "../../src/main/last-words.ts";
import { openRecording } from "../../src/main/recording.ts";
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

const log = logOn(standardError(), new EventStreams()).own;
logTheUncaught(log);
const recording = openRecording(process.argv[2] ?? "", log);
const after = (act: () => unknown): unknown => process.on("exit", () => void act());
const { host, path } = await serve({ after: after as never });
Object.assign(host, { readEntries });
// Some of it is on its way when the bug comes, and some is not yet.
Object.assign(host, {
  now: () => {
    recording.write("x".repeat(2 ** 20));
    recording.write("the last line");
    throw new Error("bug: for the test");
  },
});
process.stdout.write(path);
