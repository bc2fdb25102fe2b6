// What hpim-dm receive says to people.
import type { FlowReport, Flows } from "../traffic/flows.ts";
import { formatBitRate, formatRate } from "./live-line.ts";

const BITS_PER_BYTE = 8;

const millisText = (millis: number): string => `${Number(millis.toFixed(3))} ms`;

const sumOf = (reports: readonly FlowReport[], count: (report: FlowReport) => number): number =>
  reports.reduce((sum, report) => sum + count(report), 0);

/** The second that has just passed, and what has come until now, of all senders. */
export function liveText(flows: Flows, seconds: number): string {
  const { packets, bytes } = flows.takeRecent();
  const reports = flows.reports();
  const [only] = reports;
  const [rate, bits] = [packets / seconds, (bytes * BITS_PER_BYTE) / seconds];
  const shown = [
    `${formatRate(rate)} ${formatBitRate(bits)}`,
    `received ${sumOf(reports, ({ received }) => received)}`,
    `lost ${sumOf(reports, ({ lost }) => lost)}`,
    `duplicates ${sumOf(reports, ({ duplicates }) => duplicates)}`,
    `reordered ${sumOf(reports, ({ reordered }) => reordered)}`,
  ];
  if (reports.length > 1) shown.push(`${reports.length} senders`);
  else if (only !== undefined) {
    const { delayMillis, jitterMillis } = only;
    if (delayMillis !== null) shown.push(`delay ${millisText(delayMillis.latest)}`);
    shown.push(`jitter ${millisText(jitterMillis)}`);
  }
  return shown.join("  ");
}

function rateText({ received, bytes, seconds }: FlowReport): string {
  if (received < 2 || seconds === 0) return "";
  const rate = formatRate((received - 1) / seconds);
  return ` in ${Number(seconds.toFixed(1))} s: ${rate}, ${formatBitRate((bytes * BITS_PER_BYTE) / seconds)}`;
}

function lossText({ first, last, lost, duplicates, reordered, stale }: FlowReport): string {
  const share = Number(((100 * lost) / (last - first + 1)).toFixed(3));
  const late = stale === 0 ? "" : `, ${stale} too late to be told from duplicates`;
  return `${lost} lost (${share} %), ${duplicates} duplicates, ${reordered} reordered${late}`;
}

/** Four lines for each sender. */
function* flowLines(report: FlowReport): Generator<string> {
  const { source, port, first, last, received } = report;
  const { longestGapMillis, jitterMillis, delayMillis } = report;
  yield `${source} port ${port}, numbers ${first} to ${last}`;
  yield `  ${received} received${rateText(report)}`;
  yield `  ${lossText(report)}`;
  yield `  jitter ${millisText(jitterMillis)}, longest gap ${millisText(longestGapMillis)}`;
  if (delayMillis === null) return;
  const { least, mean, most } = delayMillis;
  const [from, to] = [least, most].map(millisText);
  yield `  delay ${from} to ${to}, ${millisText(mean)} in the mean, if the clocks of both machines are synchronised`;
}

/** What has come in all. */
export function* summaryLines(
  reports: readonly FlowReport[],
  { strangers, overlooked }: { readonly strangers: number; readonly overlooked: number },
): Generator<string> {
  for (const report of reports) yield* flowLines(report);
  if (strangers > 0) yield `${strangers} other packets came to this group and port.`;
  if (overlooked > 0)
    yield `${overlooked} packets came of senders beyond the first ${reports.length}.`;
}
