// What was said on a link as lines, with names in place of addresses.
import { compare } from "../../src/base/ordered.ts";
import type { Message } from "../../src/core/messages.ts";
import type { MessageKind } from "../../src/scenario/command.ts";
import type { Names } from "./names.ts";
import type { Seen } from "./scenario-network.ts";

type Sent = Seen<Message>;

/** A message without its sender: "IamUpstream 2/0", "Interest to R1", "Goodbye". */
export function messageText({ message, to }: Sent, names: Names): string {
  switch (message.kind) {
    case "hello":
      return message.options.holdTimeSeconds === 0 ? "Goodbye" : "Hello";
    case "sync": {
      const bits = `${message.leader ? "M" : "-"}${message.part.more ? "m" : "-"}`;
      return `Sync ${message.syncSn} ${bits} to ${names(to)}`;
    }
    case "iamUpstream":
      return `IamUpstream ${message.rpc.preference}/${message.rpc.metric}`;
    case "iamNoLongerUpstream":
      return "IamNoLongerUpstream";
    case "interest":
      return `Interest to ${names(to)}`;
    case "noInterest":
      return `NoInterest to ${names(to)}`;
    case "ack":
      return `Ack to ${names(to)}`;
  }
}

/** What one sender said of each tree, and of none: lists of texts. */
type Sayings = Map<string, string[]>;

const treeOf = ({ message }: Sent): string =>
  "group" in message ? `${message.source} ${message.group}` : "";

const isGoodbye = ({ message }: Sent): boolean =>
  message.kind === "hello" && message.options.holdTimeSeconds === 0;

const isGreeting = (seen: Sent): boolean => seen.message.kind === "hello" && !isGoodbye(seen);

function bySender(messages: readonly Sent[], names: Names): ReadonlyMap<string, readonly Sent[]> {
  const senders = new Map<string, Sent[]>();
  for (const seen of messages) {
    const sender = names(seen.from);
    senders.set(sender, [...(senders.get(sender) ?? []), seen]);
  }
  return new Map([...senders].sort(([a], [b]) => compare(a, b)));
}

const treeCount = (count: number): string => `${count} ${count === 1 ? "tree" : "trees"}`;

/** Lines of a sender: trees of which it said the same are one, and are counted. */
function linesOf(sender: string, sayings: Sayings): readonly string[] {
  const alike = new Map<string, { readonly texts: readonly string[]; trees: number }>();
  for (const texts of sayings.values()) {
    const key = texts.join("\n");
    const known = alike.get(key);
    if (known === undefined) alike.set(key, { texts, trees: 1 });
    else known.trees += 1;
  }
  return [...alike.values()].flatMap(({ texts, trees }) =>
    texts.map((text) => `${sender} ${text}${trees === 1 ? "" : `, ${treeCount(trees)}`}`),
  );
}

const orNothing = (lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? ["nothing"] : lines;

/** What one sender said of each tree in its order; what it says once more at once is marked. */
function inOrder(messages: readonly Sent[], names: Names): Sayings {
  const sayings: Sayings = new Map();
  for (const seen of messages) {
    const texts = sayings.get(treeOf(seen)) ?? [];
    const text = messageText(seen, names);
    const last = texts.at(-1);
    if (last === text) texts[texts.length - 1] = `${text}, again`;
    else if (last !== `${text}, again`) texts.push(text);
    sayings.set(treeOf(seen), texts);
  }
  return sayings;
}

/** All messages by sender, each sender's in its order; but for Hellos and Acks unless these kinds are asked for. */
export function messageLines(
  messages: readonly Sent[],
  names: Names,
  only: readonly MessageKind[],
): readonly string[] {
  const isAsked = ({ message: { kind } }: Sent): boolean =>
    only.length === 0 ? kind !== "hello" && kind !== "ack" : only.includes(kind);
  const senders = bySender(messages.filter(isAsked), names);
  return orNothing(
    [...senders].flatMap(([sender, theirs]) => linesOf(sender, inOrder(theirs, names))),
  );
}

/** What a sender announced of each tree, in its order, and its last interest if it is not UPSTREAM since (§7.2). */
function announcedAndLast(messages: readonly Sent[], names: Names): Sayings {
  const announced: Sayings = new Map();
  const interest = new Map<string, string>();
  for (const seen of messages) {
    const tree = treeOf(seen);
    const { kind } = seen.message;
    const text = messageText(seen, names);
    const isInterest = kind === "interest" || kind === "noInterest";
    if (isInterest) interest.set(tree, text);
    else announced.set(tree, [...(announced.get(tree) ?? []), text]);
    if (kind === "iamUpstream") interest.delete(tree);
  }
  const trees = [...new Set([...announced.keys(), ...interest.keys()])].sort(compare);
  return new Map(
    trees.map((tree) => {
      const last = interest.get(tree);
      return [tree, [...(announced.get(tree) ?? []), ...(last === undefined ? [] : [last])]];
    }),
  );
}

/** What is normative of what was said: goodbyes, announcements in each sender's order, and everyone's last interest. */
export function saidLines(messages: readonly Sent[], names: Names): readonly string[] {
  const ofTrees = messages.filter((seen) => "sn" in seen.message || isGoodbye(seen));
  const senders = bySender(ofTrees, names);
  return orNothing(
    [...senders].flatMap(([sender, theirs]) => linesOf(sender, announcedAndLast(theirs, names))),
  );
}

/** The Syncs in the order in which they were said, with the numbers of both snapshots, the sender's first. */
export function exchangeLines(messages: readonly Sent[], names: Names): readonly string[] {
  const lines = messages.flatMap((seen) => {
    if (seen.message.kind !== "sync") return [];
    const { mySsn, neighborSsn } = seen.message;
    return [`${names(seen.from)} ${messageText(seen, names)}, ${mySsn}/${neighborSsn}`];
  });
  return orNothing(lines);
}

/** How many trees the two of each pair told each other in Syncs, and the last SyncSN. */
export function snapshotLines(messages: readonly Sent[], names: Names): readonly string[] {
  const pairs = new Map<string, { readonly trees: Map<string, Set<string>>; last: number }>();
  for (const { from, to, message } of messages) {
    if (message.kind !== "sync") continue;
    const two = [names(from), names(to)].sort(compare);
    const key = two.join(" and ");
    const trees = new Map(two.map((name) => [name, new Set<string>()]));
    const pair = pairs.get(key) ?? { trees, last: 0 };
    pairs.set(key, pair);
    pair.last = message.syncSn;
    const entries = message.part.more ? message.part.entries : [];
    for (const { source, group } of entries) {
      pair.trees.get(names(from))?.add(`${source} ${group}`);
    }
  }
  const lines = [...pairs].map(([key, { trees, last }]) => {
    const told = [...trees].map(([name, { size }]) => `${treeCount(size)} of ${name}`);
    return `${key}: ${told.join(", ")}, last SyncSN ${last}`;
  });
  return orNothing(lines.sort(compare));
}

interface BootTimeUse {
  readonly bootTime: number;
  readonly sns: number[];
  hasHello: boolean;
}

function usesOf(messages: readonly Sent[]): readonly BootTimeUse[] {
  const uses: BootTimeUse[] = [];
  for (const seen of messages) {
    const { message } = seen;
    const { bootTime } = message;
    let use = uses.find((one) => one.bootTime === bootTime);
    if (use === undefined) {
      use = { bootTime, sns: [], hasHello: false };
      uses.push(use);
    }
    if ("sn" in message) use.sns.push(message.sn);
    if (isGreeting(seen)) use.hasHello = true;
  }
  return uses;
}

const isRising = (numbers: readonly number[]): boolean =>
  numbers.every((n, i) => i === 0 || n > (numbers[i - 1] ?? n));

/** Whether numbers begin anew: each list with a lower number than the one before it ended with. */
const isAnew = (lists: readonly (readonly number[])[]): boolean =>
  lists.every((list, i) => i === 0 || (list[0] ?? 0) < (lists[i - 1]?.at(-1) ?? 0));

/** Under which BootTimes each router spoke, and with which sequence numbers (§4); `limit` is where they run out. */
export function numberLines(
  messages: readonly Sent[],
  names: Names,
  limit: number,
): readonly string[] {
  const senders = bySender(messages, names);
  const lines = [...senders].map(([sender, theirs]) => {
    const uses = usesOf(theirs);
    if (uses.length === 1) return `${sender} 1 BootTime`;
    const isLater = isRising(uses.map(({ bootTime }) => bootTime));
    const lists = uses.map(({ sns }) => sns).filter((sns) => sns.length > 0);
    const facts = [
      `${uses.length} BootTimes`,
      isLater ? "each later than the one before" : "not each later than the one before",
      uses.at(-1)?.hasHello === true ? "a Hello under the last" : "no Hello under the last",
    ];
    if (lists.length > 1) facts.push(isAnew(lists) ? "SNs begin anew" : "SNs go on");
    if (lists.flat().some((sn) => sn >= limit)) facts.push(`SNs of ${limit} and more`);
    return `${sender} ${facts.join(", ")}`;
  });
  return orNothing(lines);
}
