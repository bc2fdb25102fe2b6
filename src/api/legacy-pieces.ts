// What the parts of the Python router's configuration file (hpim-dm 1.5.1) become: values of our format, and remarks.
// A value that holds here without being said is left out. docs/configuration.md has the table.
import type { IgmpBasis, LegacyNumbers } from "./legacy-numbers.ts";
import {
  LEGACY_IGMP,
  LEGACY_SETTINGS,
  LEGACY_TIMERS,
  LEGACY_TOP,
  remarkOn,
} from "./legacy-numbers.ts";
import type { LegacyFile } from "./legacy-schema.ts";

/** Keys from the top of the old file. */
export type LegacyPath = readonly string[];

/** Keys from the top of the new document, of which there is at least one. */
export type Place = readonly [string, ...string[]];

/** Something that follows from the old file. */
export type Piece =
  | {
      readonly kind: "value";
      readonly to: Place;
      readonly from: LegacyPath;
      readonly value: unknown;
    }
  /** What the new document has at `to`, or below, comes from there. */
  | { readonly kind: "origin"; readonly to: Place; readonly from: LegacyPath }
  /** A sentence whose subject is what the old file has at `from`. */
  | { readonly kind: "remark"; readonly from: LegacyPath; readonly message: string };

type Pieces = Generator<Piece, void>;
type Hpim = NonNullable<LegacyFile["HPIM-DM"]>;
type HpimOfInterface = NonNullable<NonNullable<Hpim["Interfaces"]>[string]>;

interface Numbers {
  readonly known: LegacyNumbers;
  readonly said: Readonly<Record<string, unknown>> | null | undefined;
  readonly to: string;
  readonly from: LegacyPath;
}

const HPIM = "HPIM-DM";

const IPV6 = "is not taken: IPv6 is not built yet";
const MLD = "is not taken: MLD is not built yet";
const ACCEPTS_LEGACY =
  "is taken with acceptLegacyRetransmissions: true, as neighbors run hpim-dm 1.5.1, and sign what they send again wrongly; switch that off when none does";
const FOR_LATER =
  "had no effect in hpim-dm 1.5.1 while HPIM-DM was off there; here it is in force once that is switched on";

const put = (to: Place, from: LegacyPath, value: unknown): Piece => ({
  ...{ kind: "value", to, from, value },
});

const origin = (to: Place, from: LegacyPath): Piece => ({ kind: "origin", to, from });

const remark = (from: LegacyPath, message: string): Piece => ({ kind: "remark", from, message });

function* ofNumbers({ known, said, to, from }: Numbers, basis: IgmpBasis): Pieces {
  for (const [key, number] of Object.entries(known)) {
    const value = said?.[key];
    if (typeof value !== "number") continue;
    const path = [...from, key];
    if ("to" in number && value !== number.usual(basis)) yield put([to, number.to], path, value);
    const message = remarkOn(number, value, basis);
    if (message !== undefined) yield remark(path, message);
  }
}

const DEFAULT_BASIS = { ROBUSTNESS_VARIABLE: 2, QUERY_INTERVAL: 125, QUERY_RESPONSE_INTERVAL: 10 };

function* ofSettings(file: LegacyFile): Pieces {
  const { DefaultTimers, Settings } = file[HPIM] ?? {};
  const igmp = file.IGMP?.Settings;
  const sections: readonly Numbers[] = [
    { known: LEGACY_TOP, said: file, to: "hpim", from: [] },
    { known: LEGACY_TIMERS, said: DefaultTimers, to: "hpim", from: [HPIM, "DefaultTimers"] },
    { known: LEGACY_SETTINGS, said: Settings, to: "hpim", from: [HPIM, "Settings"] },
    { known: LEGACY_IGMP, said: igmp, to: "igmp", from: ["IGMP", "Settings"] },
  ];
  if (Settings?.INITIAL_FLOOD_ENABLED === false) {
    yield put(["hpim", "floodInitialData"], [HPIM, "Settings", "INITIAL_FLOOD_ENABLED"], false);
  }
  for (const section of sections) yield* ofNumbers(section, { ...DEFAULT_BASIS, ...igmp });
}

function* ofInterface(name: string, { ipv4, ipv6 }: HpimOfInterface): Pieces {
  const from = [HPIM, "Interfaces", name];
  const to: Place = ["interfaces", name];
  yield origin(to, from);
  if (ipv4?.enabled) yield put([...to, "hpim"], [...from, "ipv4", "enabled"], true);
  if (ipv4?.security) {
    const { identifier = 0, algorithm = "md5", key } = ipv4.security;
    const keys = [{ identifier, algorithm, secret: key }];
    const place: Place = [...to, "security"];
    const path = [...from, "ipv4", "security"];
    yield put(place, path, { keys, acceptLegacyRetransmissions: true });
    yield origin([...place, "keys", "0", "identifier"], [...path, "identifier"]);
    yield origin([...place, "keys", "0", "algorithm"], [...path, "algorithm"]);
    yield origin([...place, "keys", "0", "secret"], [...path, "key"]);
    if (!ipv4.enabled) yield remark(path, FOR_LATER);
    yield remark(path, ACCEPTS_LEGACY);
  }
  if (ipv6?.enabled) yield remark([...from, "ipv6"], IPV6);
}

/** Everything that follows from the file: settings of the router first, then those of the interfaces. */
export function* piecesOf(file: LegacyFile): Pieces {
  yield origin(["hpim"], [HPIM]);
  yield origin(["igmp"], ["IGMP", "Settings"]);
  yield origin(["interfaces"], [HPIM, "Interfaces"]);
  yield* ofSettings(file);
  for (const [name, own] of Object.entries(file[HPIM]?.Interfaces ?? {})) {
    yield* ofInterface(name, own ?? {});
  }
  for (const [name, own] of Object.entries(file.IGMP?.Interfaces ?? {})) {
    const from = ["IGMP", "Interfaces", name];
    yield origin(["interfaces", name], from);
    if (own?.enabled) yield put(["interfaces", name, "igmp"], [...from, "enabled"], true);
  }
  const mld = Object.values(file.MLD?.Interfaces ?? {});
  if (mld.some((own) => own?.enabled)) yield remark(["MLD"], MLD);
}
