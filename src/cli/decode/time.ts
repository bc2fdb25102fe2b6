// Instants of captures, without loss of a digit.

const NANOS_PER_SECOND = 1_000_000_000n;
const NANOS_PER_MILLISECOND = 1_000_000n;
/** Of what Date can hold, before and after 1970 (ECMA-262 §21.4.1.1). */
const MOST_MILLISECONDS = 8_640_000_000_000_000n;

/** The part of a second, with six digits or, where that is not exact, nine. */
function fraction(nanos: bigint): string {
  const digits = nanos.toString().padStart(9, "0");
  return digits.endsWith("000") ? digits.slice(0, -3) : digits;
}

/** Seconds of unix time, as a decimal number. */
export function secondsOf(nanos: bigint): string {
  const size = nanos < 0n ? -nanos : nanos;
  const sign = nanos < 0n ? "-" : "";
  return `${sign}${size / NANOS_PER_SECOND}.${fraction(size % NANOS_PER_SECOND)}`;
}

/** The instant for people, in UTC: "2023-04-05 10:11:12.123456". One that no calendar holds is seconds of unix time. */
export function instantOf(nanos: bigint): string {
  const milliseconds = nanos / NANOS_PER_MILLISECOND;
  if (nanos < 0n || milliseconds > MOST_MILLISECONDS) return secondsOf(nanos);
  const [day = "", time = ""] = new Date(Number(milliseconds)).toISOString().split(/[T.]/);
  return `${day} ${time}.${fraction(nanos % NANOS_PER_SECOND)}`;
}
