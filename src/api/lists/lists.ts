// The lists: their names, what each is, and by what it can be narrowed. Light, for the command line loads it at each call.

/** What a list can be narrowed by. */
export type FilterName = "group" | "source" | "interface";

/** A list, described. */
export interface ListDescription {
  /** As help and the API's description say it. */
  readonly summary: string;
  readonly filters: readonly FilterName[];
}

/** Every list, in the order of the help; GET /v1/NAME answers it. */
export const LISTS = {
  summary: {
    summary: "how many trees are in which state, and what is waited for on each interface",
    filters: ["interface"],
  },
  interfaces: {
    summary: "the interfaces of the machine, and what runs on each",
    filters: ["interface"],
  },
  neighbors: {
    summary: "the HPIM-DM neighbors, and whose messages are dropped for their signatures",
    filters: ["interface"],
  },
  "sequence-numbers": {
    summary: "sequence numbers: ours, of synchronisations, and the last of each tree",
    filters: ["group", "source", "interface"],
  },
  "neighbor-state": {
    summary: "what the neighbors have said of each tree",
    filters: ["group", "source", "interface"],
  },
  trees: {
    summary: "the trees, their state on each interface, and why",
    filters: ["group", "source", "interface"],
  },
  groups: { summary: "the groups with members", filters: ["group", "interface"] },
  mroute: {
    summary: "the kernel's forwarding entries, and where they are not what they ought to be",
    filters: ["group", "source", "interface"],
  },
  keys: {
    summary: "the keys that sign messages, and which one signs; never a secret",
    filters: ["interface"],
  },
  settings: {
    summary: "every setting as it is in force, with what follows from it",
    filters: ["interface"],
  },
  counters: {
    summary: "what each interface has received, sent and dropped",
    filters: ["interface"],
  },
} as const satisfies Readonly<Record<string, ListDescription>>;

/** The name of a list. */
export type ListName = keyof typeof LISTS;

/** The names of all lists. */
export const LIST_NAMES: readonly ListName[] = Object.keys(LISTS) as ListName[];
