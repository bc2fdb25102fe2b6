// hpim-dm send: numbered packets from this machine to a group.
import { randomInt } from "node:crypto";
import { GREATEST_SEQUENCE } from "../traffic/packet.ts";
import { Sender } from "../traffic/sender.ts";
import { wordsOf } from "../traffic/traffic-error.ts";
import { WallClock } from "../traffic/wall-clock.ts";
import { CommandError } from "./command-error.ts";
import { formatRate, showLive } from "./live-line.ts";
import { onEnding, onReaderGone } from "./on-ending.ts";
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

/** What was sent, at last. The rate is that between the first packet and the last. */
function summaryOf(sender: Sender, group: string): string {
  const { sent, failed, firstNanos, lastNanos } = sender;
  const seconds = Number(lastNanos - firstNanos) / 1e9;
  const rate = sent > 1 ? `, ${formatRate((sent - 1) / seconds)}` : "";
  const refused = failed === 0 ? "" : `; not sent: ${refusals(sender, wordsOf)}`;
  const left = sent - failed;
  return `Sent ${left} packet${left === 1 ? "" : "s"} to ${group}${rate}${refused}.`;
}

/** `send GROUP`. Throws CommandError if nothing can be sent. */
export async function send(group: string, options: SendOptions): Promise<void> {
  const { port, rate, size, ttl, count = GREATEST_SEQUENCE } = options;
  if (ttl === 1) process.stderr.write(`hpim-dm: ${NEVER_FORWARDED}\n`);
  const { interface: device = null, source = null } = options;
  const wallClock = new WallClock();
  // Whoever sends again from the same port sends another flow.
  const flow = randomInt(1, GREATEST_SEQUENCE);
  const groups = [group];
  const sender = await Sender.open({
    ...{ groups, port, rate, size, count, ttl, flow, device, source, wallClock },
  }).catch(refusedTraffic);
  const end = (): void => sender.end();
  onEnding(end);
  onReaderGone(end);
  console.log(
    `Sending to ${group}, port ${port}, ${formatRate(rate)}, TTL ${ttl}; Ctrl-C ends it.`,
  );
  const endLive = showSender(sender);
  sender.begin();
  await sender.ended();
  endLive();
  const summary = summaryOf(sender, group);
  if (sender.failed === sender.sent) throw new CommandError(summary, { exitCode: 1 });
  console.log(summary);
}
