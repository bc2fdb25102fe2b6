// How often each message was said, how far apart, and whether with the same bytes and rightly signed.
import type { Address } from "../../src/base/address.ts";
import { compare } from "../../src/base/ordered.ts";
import type { Message } from "../../src/core/messages.ts";
import type { IgmpMessage } from "../../src/membership/messages.ts";
import type { MembershipSettings } from "../../src/membership/settings.ts";
import type { MembershipKind, MessageKind } from "../../src/scenario/command.ts";
import type { OpenKey } from "../support/hmac.ts";
import { isSignedBy } from "../support/hmac.ts";
import { membershipKindOf, membershipText, routedOnly } from "./lines-of-membership.ts";
import { messageText } from "./lines-of-messages.ts";
import type { Names } from "./names.ts";
import type { Seen } from "./scenario-network.ts";
import { apartText, type Tolerance } from "./spans.ts";

/** What tells copies from each other. */
export interface CopyOptions {
  readonly names: Names;
  /** A setting of the interface that has this address, in milliseconds. */
  readonly settingOf: (sender: Address, name: string) => number;
  readonly igmp: MembershipSettings;
  readonly tolerance: Tolerance;
  readonly only: readonly (MessageKind | MembershipKind)[];
  /** With which all messages are to be signed, if there are any. */
  readonly keys: readonly OpenKey[];
}

type Sent = Seen<Message>;

/** Copies of one message, by sender, each sender's in the order of the first ones. */
function copiesOf<S extends Seen<Message | IgmpMessage>>(
  messages: readonly S[],
  { names, keyOf }: { readonly names: Names; readonly keyOf: (seen: S) => string },
): readonly (readonly [first: S, ...others: S[]])[] {
  const copies = new Map<string, [S, ...S[]]>();
  for (const seen of messages) {
    const key = keyOf(seen);
    const sofar = copies.get(key);
    if (sofar === undefined) copies.set(key, [seen]);
    else sofar.push(seen);
  }
  return [...copies.values()].sort(([a], [b]) => compare(names(a.from), names(b.from)));
}

const countText = (count: number): string => (count === 1 ? "once" : `${count} times`);

/** What is wrong with the bytes of copies. */
function faultsOf(copies: readonly [Sent, ...Sent[]], keys: readonly OpenKey[]): string {
  const [first] = copies;
  const isSame = copies.every(({ payload }) => Buffer.compare(payload, first.payload) === 0);
  const isSigned = copies.every(({ from, to, payload }) => {
    const carrier = { source: from, destination: to, payload };
    return keys.length === 0 || keys.some((key) => isSignedBy(carrier, key));
  });
  return `${isSame ? "" : ", not with the same bytes"}${isSigned ? "" : ", wrongly signed"}`;
}

const TIMERS: Readonly<Partial<Record<Message["kind"], string>>> = {
  hello: "helloPeriod",
  sync: "syncRetransmissionTime",
};

/** Hellos and Acks are said anew each time, and are no copies of each other. */
const isSaidAnew = (kind: Message["kind"]): boolean => kind === "hello" || kind === "ack";

/** Whether the sender of copies synchronised with somebody between the first and the last of them. */
function isInterrupted(
  [{ from, at: begin }, ...others]: readonly [Sent, ...Sent[]],
  messages: readonly Sent[],
): boolean {
  const end = others.at(-1)?.at ?? begin;
  return messages.some(
    ({ message, at, ...sync }) =>
      message.kind === "sync" && begin < at && at < end && [sync.from, sync.to].includes(from),
  );
}

function copyLine(
  copies: readonly [Sent, ...Sent[]],
  messages: readonly Sent[],
  { names, settingOf, tolerance, keys }: CopyOptions,
): string {
  const [first] = copies;
  const { kind } = first.message;
  const who = `${names(first.from)} ${messageText(first, names)}`;
  // Whoever answers does so when it is asked, and a Hello comes as long as one waits.
  const count = kind === "hello" ? "" : `, ${countText(copies.length)}`;
  const timer = TIMERS[kind] ?? "retransmissionTime";
  const instants = kind === "ack" ? [] : copies.map(({ at }) => at);
  const timers = [[timer, settingOf(first.from, timer)] as const];
  const apart = apartText(instants, timers, tolerance);
  if (isSaidAnew(kind)) {
    const faults = copies.map((copy) => faultsOf([copy], keys));
    return `${who}${count}${apart}${faults.find((fault) => fault !== "") ?? ""}`;
  }
  const between = kind !== "sync" && isInterrupted(copies, messages) ? ", Syncs between" : "";
  return `${who}${count}${apart}${between}${faultsOf(copies, keys)}`;
}

/** Copies of messages of HPIM-DM, as they are asked for: all but Hellos and Acks unless told. */
export function copyLines(messages: readonly Sent[], options: CopyOptions): readonly string[] {
  const { names, only } = options;
  const isAsked = ({ message: { kind } }: Sent): boolean =>
    only.length === 0 ? !isSaidAnew(kind) : only.includes(kind);
  const keyOf = (seen: Sent): string => {
    const text = `${names(seen.from)} ${messageText(seen, names)}`;
    return isSaidAnew(seen.message.kind) ? text : `${text} ${JSON.stringify(seen.message)}`;
  };
  return copiesOf(messages.filter(isAsked), { names, keyOf }).map((copies) =>
    copyLine(copies, messages, options),
  );
}

/** Copies of messages of IGMP, as they are asked for. */
export function membershipCopyLines(
  messages: readonly Seen<IgmpMessage>[],
  { names, settingOf, igmp, tolerance, only }: CopyOptions,
): readonly string[] {
  const asked = routedOnly(messages).filter((seen) => only.includes(membershipKindOf(seen)));
  const keyOf = (seen: Seen<IgmpMessage>): string =>
    `${names(seen.from)} ${membershipText(seen, igmp)}`;
  return copiesOf(asked, { names, keyOf }).map((copies) => {
    const [first] = copies;
    const timer =
      membershipKindOf(first) === "generalQuery" ? "queryInterval" : "lastMemberQueryInterval";
    const timers = [[timer, settingOf(first.from, timer)] as const];
    const instants = copies.map(({ at }) => at);
    return `${keyOf(first)}, ${countText(copies.length)}${apartText(instants, timers, tolerance)}`;
  });
}
