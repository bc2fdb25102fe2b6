// The sections `allow` and `deny` of an interface in the configuration file: lists of groups and of sources (§2.4).
import type { Prefix } from "../base/address.ts";
import { formatPrefix } from "../base/address.ts";
import { FILTERS, parseGroups, parseSources } from "./lists/filters.ts";
import { listOf, section, textOf } from "./values.ts";

const ADDRESSES = /^\d+\.\d+\.\d+\.\d+(\/\d+)?$/;

/** What `parse` makes of a text that says what it means: of 239.1.2.3/16, who knows which part is the mistake? */
const exactly =
  (parse: (text: string) => Prefix | undefined) =>
  (text: string): Prefix | undefined => {
    const prefix = parse(text);
    const isExact = prefix && (!text.includes("/") || formatPrefix(prefix) === text);
    return isExact ? prefix : undefined;
  };

const lists = (
  name: "group" | "source",
  what: string,
  parse: (text: string) => Prefix | undefined,
) =>
  listOf(
    textOf(
      exactly(parse),
      `${FILTERS[name].expected}, with no bit set beyond its length`,
      ADDRESSES,
    ),
    what,
  ).exactOptional();

/** Groups and sources, as addresses or prefixes. */
export const filterSection = section({
  groups: lists("group", "groups or prefixes of groups", parseGroups),
  sources: lists("source", "sources or prefixes of sources", parseSources),
});
