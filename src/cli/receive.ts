// hpim-dm receive: joins a group on this machine, and says what comes of it.
import { API_VERSION } from "../api/version.ts";
import { Flows } from "../traffic/flows.ts";
import { Receiver } from "../traffic/receiver.ts";
import { CommandError } from "./command-error.ts";
import { warnOfGroup } from "./group-warning.ts";
import { showLive } from "./live-line.ts";
import { onEndingOrAfter } from "./on-ending.ts";
import { liveText, summaryLines } from "./received-text.ts";
import { refusedTraffic } from "./refused-traffic.ts";

/** Options of `receive`. */
export interface ReceiveOptions {
  readonly source?: string;
  readonly interface?: string;
  readonly port: number;
  readonly count?: number;
  /** Milliseconds. */
  readonly for?: number;
  readonly json?: boolean;
}

function nothingCame(group: string, port: number): CommandError {
  const message = `Nothing came to ${group}, port ${port}. On the router of this link, "hpim-dm show groups" says whether it has heard of the join, and "hpim-dm explain" whether it forwards, and why not.`;
  return new CommandError(message, { exitCode: 1 });
}

/** `receive GROUP`: until Ctrl-C, `--count` packets, or `--for` has passed. Throws CommandError if that is not possible, or nothing came. */
export async function receive(group: string, options: ReceiveOptions): Promise<void> {
  const { port, count = Number.POSITIVE_INFINITY, json = false } = options;
  const { interface: device = null, source = null } = options;
  warnOfGroup(group);
  const flows = new Flows();
  const reception = { groups: [group], port, device, source, count, idleMillis: 0 };
  const receiver = await Receiver.open(reception, (arrival) => flows.take(arrival)).catch(
    refusedTraffic,
  );
  const stopClock = onEndingOrAfter(() => receiver.end(), options.for);
  const of = source === null ? "" : ` of ${source}`;
  if (!json) console.log(`Joined ${group}${of}, port ${port}; Ctrl-C ends it.`);
  const endLive = json ? () => undefined : showLive((seconds) => liveText(flows, seconds));
  await receiver.ended().catch(refusedTraffic);
  stopClock();
  endLive();
  const reports = flows.reports();
  const others = { strangers: receiver.strangers, overlooked: flows.overlooked };
  if (json) {
    const summary = { version: API_VERSION, group, source, port, flows: reports, ...others };
    console.log(JSON.stringify(summary, null, 2));
  } else for (const line of summaryLines(reports, others)) console.log(line);
  if (reports.length === 0) throw nothingCame(group, port);
}
