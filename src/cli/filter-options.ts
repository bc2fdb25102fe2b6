// Options by which lists and events are narrowed.
import { InvalidArgumentError, Option } from "commander";
import { FILTERS } from "../api/lists/filters.ts";
import type { FilterName } from "../api/lists/lists.ts";

const FLAGS: Readonly<Record<FilterName, string>> = {
  group: "--group <address>",
  source: "--source <address>",
  interface: "--interface <name>",
};

/** The option of a filter. */
export function filterOption(name: FilterName): Option {
  const { expected, accepts } = FILTERS[name];
  return new Option(FLAGS[name], `only this ${name}: ${expected}`).argParser((text) => {
    if (accepts(text)) return text;
    throw new InvalidArgumentError(`Expected ${expected}.`);
  });
}
