// Spans of time as people write them, and as multiples of the setting that they come from: quick settings change the
// one, and not the other.
import { known } from "../../src/base/invariant.ts";
import { type Configuration, configurationOf } from "../../src/daemon/configuration.ts";

/** How much earlier or later than it is due something may be seen, in milliseconds. */
export interface Tolerance {
  readonly early: number;
  readonly late: number;
}

/** Whether a span is as long as it is to be, as exactly as it can be seen. */
export const isAsLong = (span: number, due: number, { early, late }: Tolerance): boolean =>
  -early <= span - due && span - due <= late;

/** A setting of the router or of the protocols of `port`, in milliseconds. Throws if there is none of this name. */
export function settingMillis(configuration: Configuration, name: string, port = ""): number {
  const { router, defaults } = configuration;
  const { hpim, igmp } = configurationOf(configuration, port);
  const protocols = { ...(igmp ?? defaults.igmp), ...(hpim ?? defaults.hpim) };
  const all: Readonly<Record<string, unknown>> = { ...protocols, ...router };
  const value = all[name];
  return known(typeof value === "number" ? value : null, `${name} is a setting that is a time`);
}

const inSeconds = (span: number): string => `${Math.round(span / 100) / 10}s`;

const DUE = /^after (?:(\d+(?:\.\d+)?) x \S+|(\d+(?:\.\d+)?)s)$/;

/** The span that a line "after ..." tells of, in milliseconds; `unit` is what its setting is. */
function dueOf(line: string, unit: number | null): number | null {
  const [, times, seconds] = DUE.exec(line) ?? [];
  if (seconds !== undefined) return 1_000 * Number(seconds);
  return times === undefined || unit === null ? null : unit * Number(times);
}

/** "after 4 x helloPeriod" or "after 260s"; as `expected` says if the span is that, as exactly as it can be seen. */
export function afterText(
  span: number,
  by: { readonly name: string; readonly millis: number } | null,
  { expected, tolerance }: { readonly expected: string; readonly tolerance: Tolerance },
): string {
  const due = dueOf(expected, by?.millis ?? null);
  if (due !== null && isAsLong(span, due, tolerance)) return expected;
  if (by === null) return `after ${inSeconds(span)}`;
  return `after ${Math.round((100 * span) / by.millis) / 100} x ${by.name}`;
}

/** How far apart some instants are: by the first of the settings that they are multiples of; "" for a single one. */
export function apartText(
  instants: readonly number[],
  settings: readonly (readonly [name: string, millis: number])[],
  tolerance: Tolerance,
): string {
  const [first = 0, ...others] = instants;
  if (others.length === 0) return "";
  const setting = settings.find(([, millis]) =>
    others.every((at, i) => isAsLong(at - first, (i + 1) * millis, tolerance)),
  );
  if (setting !== undefined) return `, ${setting[0]} apart`;
  return `, after ${others.map((at) => inSeconds(at - first)).join(", ")}`;
}
