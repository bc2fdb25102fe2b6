// How the values in a command are written: each is a run of words on its line.

import { formatDuration, parseDuration } from "../api/duration.ts";
import {
  type Address,
  formatAddress,
  formatPrefix,
  parseAddress,
  parsePrefix,
} from "../base/address.ts";
import { known } from "../base/invariant.ts";
import type { Millis } from "../base/units.ts";
import { millis } from "../base/units.ts";
import type {
  InterfaceAddress,
  MembershipKind,
  MessageKind,
  Port,
  SaidMessage,
  WrittenRoute,
} from "./command.ts";

/** A kind of value. */
export interface Value<T> {
  /** What is expected, for people: "a group such as 224.12.12.12". */
  readonly what: string;
  /** In a command's form: "GROUP". */
  readonly placeholder: string;
  /** Takes all words up to the form's next one, none too, instead of one. */
  readonly isList: boolean;
  /** Undefined: they are none. */
  readonly parse: (words: readonly string[]) => T | undefined;
  readonly format: (value: T) => string;
  /** The only words there are, if they are few. */
  readonly words: readonly string[];
}

function single<T>(
  [placeholder, what]: readonly [placeholder: string, what: string],
  parse: (word: string) => T | undefined,
  format: (value: T) => string,
): Value<T> {
  const parseOne = ([word]: readonly string[]): T | undefined =>
    word === undefined ? undefined : parse(word);
  return { what, placeholder, isList: false, parse: parseOne, format, words: [] };
}

function list<T>({ what, placeholder, parse, format, words }: Value<T>): Value<readonly T[]> {
  return {
    what,
    placeholder: `${placeholder}...`,
    isList: true,
    parse: (all) => {
      const values = all.map((word) => parse([word]));
      return values.every((value) => value !== undefined) ? values : undefined;
    },
    format: (values) => values.map(format).join(" "),
    words,
  };
}

const atLeastOne = <T>(some: Value<readonly T[]>): Value<readonly T[]> => ({
  ...some,
  parse: (words) => (words.length === 0 ? undefined : some.parse(words)),
});

/** "on, off or maybe" */
export function alternatives(items: readonly string[]): string {
  const [last = "", ...others] = items.toReversed();
  return others.length === 0 ? last : `${others.toReversed().join(", ")} or ${last}`;
}

/** One of few words, each with its value. */
function oneOf<T extends string | boolean>(
  placeholder: string,
  table: readonly (readonly [word: string, value: T])[],
): Value<T> {
  const words = table.map(([word]) => word);
  return {
    what: alternatives(words),
    placeholder,
    isList: false,
    parse: ([word]) => table.find(([other]) => other === word)?.[1],
    format: (value) =>
      known(
        table.find(([, other]) => other === value),
        `a word for ${value}`,
      )[0],
    words,
  };
}

const name = (placeholder: string, what: string): Value<string> =>
  single(
    [placeholder, what],
    (word) => (/^[A-Za-z][A-Za-z0-9]*$/.test(word) ? word : undefined),
    (value) => value,
  );

/** A router. */
export const ROUTER: Value<string> = name("ROUTER", "a router such as R1");
/** Routers, or none. */
export const ROUTERS: Value<readonly string[]> = list(ROUTER);
/** At least one router. */
export const SOME_ROUTERS: Value<readonly string[]> = atLeastOne(ROUTERS);
/** A host. */
export const HOST: Value<string> = name("HOST", "a host such as Client0");
/** Hosts, or none. */
export const HOSTS: Value<readonly string[]> = list(HOST);
/** A router or a host. */
export const NODE: Value<string> = name("NODE", "a router or a host");
/** A link. */
export const LINK: Value<string> = name("LINK", "a link such as E");
/** Links, or none. */
export const LINKS: Value<readonly string[]> = list(LINK);
/** A setting of the configuration file. */
export const SETTING: Value<string> = name("SETTING", "a setting such as helloPeriod");

/** A router's interface. */
export const PORT: Value<Port> = single(
  ["ROUTER.INTERFACE", "an interface such as R4.eth1"],
  (word) => {
    const [, router, port] = /^([A-Za-z][A-Za-z0-9]*)\.([a-z][a-z0-9]*)$/.exec(word) ?? [];
    return router === undefined || port === undefined ? undefined : { router, interface: port };
  },
  (port) => `${port.router}.${port.interface}`,
);

const wholeNumber = (word: string): number | undefined =>
  /^(0|[1-9]\d{0,9})$/.test(word) ? Number(word) : undefined;

/** A whole number. */
export const COUNT: Value<number> = single(["COUNT", "a whole number"], wholeNumber, String);

/** A whole number, or null for all. */
export const COUNT_OR_ALL: Value<number | null> = {
  ...single<number | null>(
    ["COUNT", 'a whole number, or "all"'],
    (word) => (word === "all" ? null : wholeNumber(word)),
    (value) => (value === null ? "all" : String(value)),
  ),
  words: ["all"],
};

/** A span of time. */
export const SPAN: Value<Millis> = single(
  ["SPAN", "a time such as 30s or 800ms"],
  parseDuration,
  formatDuration,
);

/** A step of a clock, forward or back. */
export const STEP: Value<Millis> = single(
  ["STEP", "a time with its sign, such as +30s or -30s"],
  (word) => {
    const span = parseDuration(word.slice(1));
    if (span === undefined || !/^[+-]/.test(word)) return undefined;
    return word.startsWith("-") ? millis(-span) : span;
  },
  (step) => `${step < 0 ? "-" : "+"}${formatDuration(Math.abs(step))}`,
);

/** An address. */
export const ADDRESS: Value<Address> = single(
  ["ADDRESS", "an address such as 10.1.1.2"],
  parseAddress,
  formatAddress,
);

/** An address of an interface. */
export const INTERFACE_ADDRESS: Value<InterfaceAddress> = single(
  ["ADDRESS/LENGTH", "an address with the length of its prefix, such as 10.1.1.2/24"],
  (word) => {
    const address = parseAddress(word.split("/")[0] ?? "");
    const subnet = parsePrefix(word);
    if (address === undefined || subnet === undefined) return undefined;
    return { address, length: subnet.length };
  },
  ({ address, length }) => `${formatAddress(address)}/${length}`,
);

const LAST_BYTE = /^(\d+\.\d+\.\d+\.)(\d+)-(\d+)$/;

/** "224.12.12.12-32" is 21 groups. */
function parseGroups(word: string): readonly Address[] | undefined {
  const [, beginning, first, last] = LAST_BYTE.exec(word) ?? [];
  const numbers =
    beginning === undefined
      ? [word]
      : Array.from(
          { length: Math.max(0, Math.min(Number(last), 255) - Number(first) + 1) },
          (_, i) => beginning + (Number(first) + i),
        );
  const groups = numbers.map(parseAddress);
  if (groups.length === 0) return undefined;
  return groups.every((group) => group !== undefined) ? groups : undefined;
}

/** How many of `groups`, from the first one, differ by 1 in their last byte alone. */
function runOf(groups: readonly Address[]): number {
  const bytes = groups.map((group) => [group.slice(0, -1), group.charCodeAt(group.length - 1)]);
  const [first] = bytes;
  const end = bytes.findIndex(
    ([rest, last], i) => rest !== first?.[0] || last !== Number(first?.[1]) + i,
  );
  return end === -1 ? groups.length : end;
}

const SHORTEST_RUN = 3;

function formatGroups(groups: readonly Address[]): string {
  const words: string[] = [];
  for (let i = 0; i < groups.length; ) {
    const [first] = groups.slice(i);
    const text = formatAddress(known(first, "a group"));
    const run = text.includes(":") ? 1 : runOf(groups.slice(i));
    const isShort = run < SHORTEST_RUN;
    words.push(isShort ? text : `${text}-${groups[i + run - 1]?.charCodeAt(3)}`);
    i += isShort ? 1 : run;
  }
  return words.join(" ");
}

const groupsOf = (words: readonly string[]): readonly Address[] | undefined => {
  const groups = words.map(parseGroups);
  return groups.every((some) => some !== undefined) ? groups.flat() : undefined;
};

/** Groups, or none. */
export const GROUPS: Value<readonly Address[]> = {
  what: "groups such as 224.12.12.12, or 224.12.12.12-32 for 21 of them",
  placeholder: "GROUP...",
  isList: true,
  parse: groupsOf,
  format: formatGroups,
  words: [],
};
/** At least one group. */
export const SOME_GROUPS: Value<readonly Address[]> = atLeastOne(GROUPS);

/** A switch. */
export const ON_OFF: Value<boolean> = oneOf("on|off", [
  ["on", true],
  ["off", false],
]);

const MESSAGE_WORDS: readonly (readonly [word: string, value: MessageKind])[] = [
  ["Hello", "hello"],
  ["Sync", "sync"],
  ["IamUpstream", "iamUpstream"],
  ["IamNoLongerUpstream", "iamNoLongerUpstream"],
  ["Interest", "interest"],
  ["NoInterest", "noInterest"],
  ["Ack", "ack"],
];

/** A kind of message of HPIM-DM. */
export const MESSAGE: Value<MessageKind> = oneOf("MESSAGE", MESSAGE_WORDS);
/** Kinds of messages of HPIM-DM, or none. */
export const MESSAGES: Value<readonly MessageKind[]> = list(MESSAGE);

/** A kind of message of HPIM-DM, where it may be left out. */
export const MESSAGE_OR_NULL: Value<MessageKind | null> = {
  ...MESSAGE,
  format: (kind) => (kind === null ? "" : MESSAGE.format(kind)),
};

/** A kind of message of HPIM-DM or IGMP. */
export const SAID: Value<MessageKind | MembershipKind> = oneOf<MessageKind | MembershipKind>(
  "MESSAGE",
  [
    ...MESSAGE_WORDS,
    ["GeneralQuery", "generalQuery"],
    ["GroupQuery", "groupQuery"],
    ["Report", "report"],
    ["Leave", "leave"],
  ],
);

/** Kinds of messages of HPIM-DM or IGMP, or none. */
export const ANY_MESSAGES: Value<readonly (MessageKind | MembershipKind)[]> = list(SAID);

/** A setting, where it may be left out. */
export const SETTING_OR_NULL: Value<string | null> = {
  ...SETTING,
  format: (setting) => setting ?? "",
};

/** "Hello of R2 on L" */
export const SAID_MESSAGE: Value<SaidMessage | null> = {
  what: "a message such as Hello of R2 on L",
  placeholder: "MESSAGE of NODE on LINK",
  isList: true,
  parse: ([message = "", of, node = "", on, link = "", ...rest]) => {
    const kind = SAID.parse([message]);
    const isWhole = of === "of" && on === "on" && rest.length === 0;
    if (kind === undefined || !isWhole) return undefined;
    const isNamed = NODE.parse([node]) !== undefined && LINK.parse([link]) !== undefined;
    return isNamed ? { message: kind, node, link } : undefined;
  },
  format: (said) =>
    said === null ? "" : `${SAID.format(said.message)} of ${said.node} on ${said.link}`,
  words: SAID.words,
};

function parseRoute(text: string): WrittenRoute | undefined {
  const [, to = "", hops = "", metric] = /^(\S+) via (.+) metric (\d+)$/.exec(text) ?? [];
  const destination = parsePrefix(to);
  const via = hops.split(" ").map(parseAddress);
  if (destination === undefined || metric === undefined) return undefined;
  if (!via.every((hop) => hop !== undefined)) return undefined;
  return { destination, via, metric: Number(metric) };
}

/** "10.1.1.0/24 via 10.2.2.1 metric 20, 10.3.3.0/24 via 10.2.2.1 10.4.4.1 metric 30" */
export const ROUTES: Value<readonly WrittenRoute[]> = {
  what: 'routes such as "10.1.1.0/24 via 10.2.2.1 metric 20", with commas between them, or none',
  placeholder: "[SUBNET via ADDRESS... metric NUMBER, ...]",
  isList: true,
  parse: (words) => {
    if (words.length === 0) return [];
    const routes = words.join(" ").split(", ").map(parseRoute);
    return routes.every((route) => route !== undefined) ? routes : undefined;
  },
  format: (routes) =>
    routes
      .map(({ destination, via, metric }) => {
        const hops = via.map(formatAddress).join(" ");
        return `${formatPrefix(destination)} via ${hops} metric ${metric}`;
      })
      .join(", "),
  words: [],
};
