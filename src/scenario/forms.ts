// How each command is written. The one source for reading, writing and describing them.
import { millis } from "../base/units.ts";
import type { Command } from "./command.ts";
import type { Value } from "./words.ts";
import * as words from "./words.ts";

type Kind = Command["kind"];
type Of<K extends Kind> = Extract<Command, { readonly kind: K }>;

/** A field of a command and how its value is written. */
type Slot<C> = {
  readonly [F in Exclude<keyof C, "kind">]: { readonly field: F; readonly value: Value<C[F]> };
}[Exclude<keyof C, "kind">];

/** A word, a value, or a group of these that may be left out. */
type Part<C> = string | Slot<C> | { readonly optional: readonly Part<C>[] };

/** How a command is written, and the values of fields that are left out. */
interface Form<C> {
  readonly parts: readonly Part<C>[];
  readonly absent: Partial<C>;
}

/** A form, whichever command it is of. */
export interface AnyForm {
  readonly kind: Kind;
  readonly parts: readonly AnyPart[];
  readonly absent: Readonly<Record<string, unknown>>;
}

/** A slot of a form, whichever command it is of. */
export interface AnySlot {
  readonly field: string;
  readonly value: Value<unknown>;
}

/** A part of a form, whichever command it is of. */
export type AnyPart = string | AnySlot | { readonly optional: readonly AnyPart[] };

const form = <C>(
  parts: readonly Part<NoInfer<C>>[],
  absent: Partial<NoInfer<C>> = {},
): Form<C> => ({ parts, absent });

const port = { field: "port", value: words.PORT } as const;
const links = { field: "links", value: words.LINKS } as const;
const only = { optional: ["only", { field: "only", value: words.MESSAGES }] } as const;
const ofRouters = { optional: ["of", { field: "routers", value: words.SOME_ROUTERS }] } as const;

/** "since Hello of R2 on L by helloPeriod" */
const sinceMessage = {
  optional: ["since", { field: "since", value: words.SAID_MESSAGE }],
} as const;
const bySetting = { optional: ["by", { field: "by", value: words.SETTING_OR_NULL }] } as const;

const timed = { since: null, by: null } as const;

/** Where several begin alike, the more special one comes first. */
const FORMS: { readonly [K in Kind]: Form<Of<K>> } = {
  start: form(["start", { field: "routers", value: words.ROUTERS }]),
  stopSending: form([
    "stop",
    "sending",
    { field: "host", value: words.HOST },
    { field: "groups", value: words.GROUPS },
  ]),
  stop: form(["stop", { field: "routers", value: words.SOME_ROUTERS }]),
  kill: form(["kill", { field: "routers", value: words.SOME_ROUTERS }]),
  up: form(["interface", port, "up"]),
  down: form(["interface", port, "down"]),
  vanish: form(["interface", port, "vanish"]),
  return: form(["interface", port, "return"]),
  cost: form(["interface", port, "cost", { field: "cost", value: words.COUNT }]),
  readdress: form(["interface", port, "address", { field: "address", value: words.ADDRESS }]),
  addAddress: form([
    "interface",
    port,
    "add",
    { field: "address", value: words.INTERFACE_ADDRESS },
  ]),
  removeAddress: form([
    "interface",
    port,
    "remove",
    { field: "address", value: words.INTERFACE_ADDRESS },
  ]),
  hpim: form(["hpim", port, { field: "on", value: words.ON_OFF }]),
  igmp: form(["igmp", port, { field: "on", value: words.ON_OFF }]),
  routes: form([
    "routes",
    { field: "router", value: words.ROUTER },
    { field: "routes", value: words.ROUTES },
  ]),
  blink: form([
    "blink",
    { field: "router", value: words.ROUTER },
    { field: "span", value: words.SPAN },
  ]),
  lag: form(["lag", { field: "span", value: words.SPAN }]),
  clock: form([
    "clock",
    { field: "router", value: words.ROUTER },
    { field: "step", value: words.STEP },
  ]),
  join: form([
    "join",
    { field: "host", value: words.HOST },
    { field: "groups", value: words.SOME_GROUPS },
  ]),
  leave: form([
    "leave",
    { field: "host", value: words.HOST },
    { field: "groups", value: words.SOME_GROUPS },
  ]),
  send: form([
    "send",
    { field: "host", value: words.HOST },
    { field: "groups", value: words.SOME_GROUPS },
    "every",
    { field: "every", value: words.SPAN },
  ]),
  unplug: form(["unplug", { field: "host", value: words.HOST }]),
  goodWeather: form(["weather", "good"]),
  weather: form(
    [
      "weather",
      { optional: ["lost", { field: "lost", value: words.COUNT }] },
      { optional: ["duplicated", { field: "duplicated", value: words.COUNT }] },
      { optional: ["delayed", { field: "delayed", value: words.COUNT }] },
      { optional: ["by", { field: "delay", value: words.SPAN }] },
      { optional: ["only", { field: "only", value: words.MESSAGE_OR_NULL }] },
    ],
    { lost: 0, duplicated: 0, delayed: 0, delay: millis(0), only: null },
  ),
  deaf: form([
    "deaf",
    { field: "hearer", value: words.PORT },
    "to",
    { field: "sayer", value: words.PORT },
  ]),
  hear: form([
    "hear",
    { field: "hearer", value: words.PORT },
    "from",
    { field: "sayer", value: words.PORT },
  ]),
  loseNothing: form(["lose", "nothing"]),
  lose: form(
    [
      "lose",
      { field: "count", value: words.COUNT_OR_ALL },
      { field: "message", value: words.MESSAGE },
      "of",
      { field: "router", value: words.ROUTER },
      "on",
      { field: "link", value: words.LINK },
      { optional: ["after", { field: "skip", value: words.COUNT }] },
    ],
    { skip: 0 },
  ),
  wait: form(["wait", { field: "span", value: words.SPAN }]),
  mark: form(["mark"]),
  untilSynced: form(["until", "synced"]),
  untilSaid: form(
    [
      "until",
      { field: "node", value: words.NODE },
      "says",
      { field: "message", value: words.SAID },
      "on",
      { field: "link", value: words.LINK },
      { optional: ["times", { field: "times", value: words.COUNT }] },
    ],
    { times: 1 },
  ),
  rest: form(["rest"]),
  showTrees: form(
    [
      "show",
      "trees",
      ofRouters,
      { optional: ["to", { field: "groups", value: words.SOME_GROUPS }] },
    ],
    { routers: [], groups: [] },
  ),
  showNeighbors: form(["show", "neighbors", ofRouters, sinceMessage, bySetting], {
    routers: [],
    ...timed,
  }),
  showSynchronisations: form(["show", "synchronisations", ofRouters], { routers: [] }),
  showGroups: form(["show", "groups", ofRouters, sinceMessage, bySetting], {
    routers: [],
    ...timed,
  }),
  showQueriers: form(["show", "queriers", ofRouters, sinceMessage, bySetting], {
    routers: [],
    ...timed,
  }),
  showReasons: form(["show", "reasons", ofRouters], { routers: [] }),
  showAssert: form(["show", "assert", port]),
  showCounters: form(["show", "counters", ofRouters], { routers: [] }),
  showSaid: form(["show", "said", links]),
  showMessages: form(["show", "messages", links, only], { only: [] }),
  showExchange: form(["show", "exchange", links]),
  showSnapshots: form(["show", "snapshots", links]),
  showMembership: form(["show", "membership", links]),
  showCopies: form(
    ["show", "copies", links, { optional: ["only", { field: "only", value: words.ANY_MESSAGES }] }],
    { only: [] },
  ),
  showNumbers: form(["show", "numbers", links]),
  showData: form(["show", "data", links]),
  showAllData: form(["show", "all", "data", links]),
  showReceived: form(
    [
      "show",
      "received",
      { field: "hosts", value: words.HOSTS },
      { optional: ["to", { field: "groups", value: words.SOME_GROUPS }] },
    ],
    { groups: [] },
  ),
  showLost: form(["show", "lost", { field: "hosts", value: words.HOSTS }]),
  showDoubled: form(["show", "doubled", { field: "hosts", value: words.HOSTS }]),
};

/** All forms, in the order in which they are tried. */
export const ALL_FORMS: readonly AnyForm[] = Object.entries(FORMS).map(
  // A form's slots have the types of its command's fields, which `FORMS` has checked.
  ([kind, { parts, absent }]) => ({ kind, parts, absent }) as unknown as AnyForm,
);

/** The parts of a form as people read them: "interface ROUTER.INTERFACE cost COUNT". */
export function describeParts(parts: readonly AnyPart[]): string {
  return parts
    .map((part) => {
      if (typeof part === "string") return part;
      return "optional" in part ? `[${describeParts(part.optional)}]` : part.value.placeholder;
    })
    .join(" ");
}
