// What a command that runs for a while says each second: on a terminal in one line, which changes; elsewhere a line each.

const USUAL_WIDTH = 80;
const PERIOD_MILLIS = 1_000;
const TO_BEGIN_OF_LINE = "\r";
const CLEAR_TO_END = "\x1b[K";

/** Shows what `line` says of the seconds that have passed since it said so last. Returns what ends that. */
export function showLive(line: (seconds: number) => string): () => void {
  const { stdout } = process;
  let last = performance.now();
  const show = (): void => {
    const now = performance.now();
    const text = line((now - last) / 1_000);
    last = now;
    // A terminal may know no width.
    const width = stdout.columns || USUAL_WIDTH;
    if (!stdout.isTTY) stdout.write(`${text}\n`);
    else stdout.write(`${TO_BEGIN_OF_LINE}${text.slice(0, width - 1)}${CLEAR_TO_END}`);
  };
  const timer = setInterval(show, PERIOD_MILLIS);
  return () => {
    clearInterval(timer);
    if (stdout.isTTY) stdout.write(`${TO_BEGIN_OF_LINE}${CLEAR_TO_END}`);
  };
}

const LARGER = ["bit/s", "kbit/s", "Mbit/s", "Gbit/s"];

/** Bits a second: "1.25 Mbit/s". */
export function formatBitRate(bitsPerSecond: number): string {
  let rate = bitsPerSecond;
  let unit = 0;
  for (; rate >= 1_000 && unit < LARGER.length - 1; unit++) rate /= 1_000;
  return `${Number(rate.toPrecision(3))} ${LARGER[unit]}`;
}

/** Packets a second: "999.9/s". */
export const formatRate = (packetsPerSecond: number): string =>
  `${Number(packetsPerSecond.toFixed(1))}/s`;
