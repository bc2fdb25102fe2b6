// hpim-dm send: numbered packets from this machine to a group.
import { randomInt } from "node:crypto";
import { API_VERSION } from "../api/version.ts";
import { GREATEST_SEQUENCE } from "../traffic/packet.ts";
import { Sender } from "../traffic/sender.ts";
import { wordsOf } from "../traffic/traffic-error.ts";
import { WallClock } from "../traffic/wall-clock.ts";
import { CommandError } from "./command-error.ts";
import { warnOfGroup } from "./group-warning.ts";
import { formatRate, showLive } from "./live-line.ts";
import { onEndingOrAfter } from "./on-ending.ts";
import { refusedTraffic } from "./refused-traffic.ts";

/** Options of `send`. */
export interface SendOptions {
  readonly port: number;
  readonly rate: number;
  readonly size: number;
  readonly count?: number;
  readonly interface?: string;
  readonly source?: string;
  readonly ttl: number;
  /** Milliseconds. */
  readonly for?: number;
  readonly json?: boolean;
}

const NEVER_FORWARDED =
  "With a TTL of 1 the packets stay on their link: no router forwards them, and nobody behind one gets any.";

/** What was not sent: "3 ENETDOWN", or in words. */
const refusals = ({ failures }: Sender, words: (code: string) => string): string =>
  [...failures].map(([code, count]) => `${count} ${words(code)}`).join("; ");

function showSender(sender: Sender): () => void {
  let before = 0;
  return showLive((seconds) => {
    const rate = (sender.sent - before) / seconds;
    before = sender.sent;
    const shown = `sent ${sender.sent - sender.failed}  ${formatRate(rate)}`;
    return sender.failed === 0 ? shown : `${shown}  not sent ${refusals(sender, (code) => code)}`;
  });
}

/** Between the first packet and the last. */
const secondsOf = ({ firstNanos, lastNanos }: Sender): number =>
  Number(lastNanos - firstNanos) / 1e9;

/** What was sent, at last. */
function summaryOf(sender: Sender, group: string): string {
  const { sent, failed } = sender;
  const rate = sent > 1 ? `, ${formatRate((sent - 1) / secondsOf(sender))}` : "";
  const refused = failed === 0 ? "" : `; not sent: ${refusals(sender, wordsOf)}`;
  const left = sent - failed;
  return `Sent ${left} packet${left === 1 ? "" : "s"} to ${group}${rate}${refused}.`;
}

/** The same for programs; packets that were not sent are counted by the kernel's code. */
function countsOf(sender: Sender, size: number): Readonly<Record<string, unknown>> {
  const sent = sender.sent - sender.failed;
  const notSent = Object.fromEntries(sender.failures);
  return { sent, bytes: sent * size, seconds: secondsOf(sender), notSent };
}

/** `send GROUP`: until Ctrl-C, `--count` packets, or `--for` has passed. Throws CommandError if nothing can be sent. */
export async function send(group: string, options: SendOptions): Promise<void> {
  const { port, rate, size, ttl, count = GREATEST_SEQUENCE, json = false } = options;
  warnOfGroup(group);
  if (ttl === 1) process.stderr.write(`hpim-dm: ${NEVER_FORWARDED}\n`);
  const { interface: device = null, source = null } = options;
  const wallClock = new WallClock();
  // Whoever sends again from the same port sends another flow.
  const flow = randomInt(1, GREATEST_SEQUENCE);
  const groups = [group];
  const sender = await Sender.open({
    ...{ groups, port, rate, size, count, ttl, flow, device, source, wallClock },
  }).catch(refusedTraffic);
  const stopClock = onEndingOrAfter(() => sender.end(), options.for);
  if (!json) {
    console.log(
      `Sending to ${group}, port ${port}, ${formatRate(rate)}, TTL ${ttl}; Ctrl-C ends it.`,
    );
  }
  const endLive = json ? () => undefined : showSender(sender);
  sender.begin();
  await sender.ended();
  stopClock();
  endLive();
  const summary = summaryOf(sender, group);
  const isRefused = sender.failed === sender.sent;
  if (json) {
    const what = { version: API_VERSION, group, source, port };
    console.log(JSON.stringify({ ...what, ...countsOf(sender, size) }, null, 2));
  } else if (!isRefused) console.log(summary);
  if (isRefused) throw new CommandError(summary, { exitCode: 1 });
}
