// The sections `allow` and `deny` of an interface in the configuration file: lists of groups and of sources.
import { parseGroups, parseSources } from "./lists/filters.ts";
import { listOf, section, textOf } from "./values.ts";

const groups = "multicast addresses or prefixes, such as 239.1.0.0/16";
const sources = "unicast addresses or prefixes, such as 10.1.0.0/16";

/** Groups and sources, as addresses or prefixes. */
export const filterSection = section({
  groups: listOf(textOf(parseGroups, `one of ${groups}`), groups).exactOptional(),
  sources: listOf(textOf(parseSources, `one of ${sources}`), sources).exactOptional(),
});
