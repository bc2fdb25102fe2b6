// The schema of the Python router's configuration file (hpim-dm 1.5.1): its sections and the types of its values.
// Ranges are judged once the file is converted, by the schema of ours.
import { z } from "zod";
import {
  LEGACY_IGMP,
  LEGACY_MLD,
  LEGACY_SETTINGS,
  LEGACY_TIMERS,
  LEGACY_TOP,
} from "./legacy-numbers.ts";
import { expecting, flag, section } from "./values.ts";

const number = () => z.number({ error: expecting("a number") });

const text = (what: string) => z.string({ error: expecting(what) });

const numbers = (keys: readonly string[]) =>
  Object.fromEntries(keys.map((key) => [key, number().exactOptional()]));

/** A section that can also be left empty. */
const perhaps = <Schema extends z.ZodType>(schema: Schema) => schema.nullable().exactOptional();

const interfacesOf = <Schema extends z.ZodType>(schema: Schema) =>
  perhaps(
    z.record(z.string(), schema.nullable(), { error: expecting("a map of interfaces by name") }),
  );

const security = section({
  identifier: number().exactOptional(),
  algorithm: text("the name of an algorithm").exactOptional(),
  key: text("a text, in quotes if it looks like a number"),
});

const family = section({ enabled: flag().exactOptional(), security: perhaps(security) });

const membership = (keys: readonly string[]) =>
  section({
    Interfaces: interfacesOf(section({ enabled: flag().exactOptional() })),
    Settings: perhaps(section(numbers(keys))),
  });

const hpim = section({
  DefaultTimers: perhaps(section(numbers(Object.keys(LEGACY_TIMERS)))),
  Settings: perhaps(
    section({
      INITIAL_FLOOD_ENABLED: flag().exactOptional(),
      ...numbers(Object.keys(LEGACY_SETTINGS)),
    }),
  ),
  Interfaces: interfacesOf(section({ ipv4: perhaps(family), ipv6: perhaps(family) })),
});

const sections = {
  ...numbers(Object.keys(LEGACY_TOP)),
  "HPIM-DM": perhaps(hpim),
  IGMP: perhaps(membership(Object.keys(LEGACY_IGMP))),
  MLD: perhaps(membership(LEGACY_MLD)),
};

/** What a legacy file has at its top. */
export const LEGACY_SECTIONS: readonly string[] = Object.keys(sections);

/** The whole file. */
export const legacyFileSchema = section(sections);

/** What the file says. */
export type LegacyFile = z.output<typeof legacyFileSchema>;
