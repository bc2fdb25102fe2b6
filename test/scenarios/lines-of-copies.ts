// How often each message was said, how far apart, and whether with the same bytes and rightly signed.
import { compare } from "../../src/base/ordered.ts";
import type { Message } from "../../src/core/messages.ts";
import type { Configuration } from "../../src/daemon/configuration.ts";
import type { IgmpMessage } from "../../src/membership/messages.ts";
import type { MembershipKind, MessageKind } from "../../src/scenario/command.ts";
import type { OpenKey } from "../support/hmac.ts";
import { isSignedBy } from "../support/hmac.ts";
import { membershipKindOf, membershipText, routedOnly } from "./lines-of-membership.ts";
import { messageText } from "./lines-of-messages.ts";
import type { Names } from "./names.ts";
import type { Seen } from "./scenario-network.ts";
import { apartText, settingMillis, type Tolerance } from "./spans.ts";

/** What tells copies from each other. */
export interface CopyOptions {
  readonly names: Names;
  readonly configuration: Configuration;
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

const timersOf = (kind: Message["kind"]): readonly string[] =>
  kind === "sync" ? ["syncRetransmissionTime"] : ["retransmissionTime"];

/** Copies of messages of HPIM-DM, as they are asked for: all but Hellos and Acks unless told. */
export function copyLines(messages: readonly Sent[], options: CopyOptions): readonly string[] {
  const { names, configuration, tolerance, only, keys } = options;
  const isAsked = ({ message: { kind } }: Sent): boolean =>
    only.length === 0 ? kind !== "hello" && kind !== "ack" : only.includes(kind);
  // Whoever answers a copy says the same again, when it comes: Acks have no times of their own.
  const keyOf = (seen: Sent): string => {
    const text = `${names(seen.from)} ${messageText(seen, names)}`;
    return seen.message.kind === "ack" ? text : `${text} ${JSON.stringify(seen.message)}`;
  };
  return copiesOf(messages.filter(isAsked), { names, keyOf }).map((copies) => {
    const [first] = copies;
    const { kind } = first.message;
    const text = `${names(first.from)} ${messageText(first, names)}, ${countText(copies.length)}`;
    if (kind === "ack") {
      return `${text}${copies.map((copy) => faultsOf([copy], keys)).find((fault) => fault !== "") ?? ""}`;
    }
    const timers = timersOf(kind).map(
      (name) => [name, settingMillis(configuration, name)] as const,
    );
    const instants = copies.map(({ at }) => at);
    return `${text}${apartText(instants, timers, tolerance)}${faultsOf(copies, keys)}`;
  });
}

/** Copies of messages of IGMP, as they are asked for. */
export function membershipCopyLines(
  messages: readonly Seen<IgmpMessage>[],
  { names, configuration, tolerance, only }: CopyOptions,
): readonly string[] {
  const { igmp } = configuration.defaults;
  const asked = routedOnly(messages).filter((seen) => only.includes(membershipKindOf(seen)));
  const keyOf = (seen: Seen<IgmpMessage>): string =>
    `${names(seen.from)} ${membershipText(seen, igmp)}`;
  return copiesOf(asked, { names, keyOf }).map((copies) => {
    const timer =
      membershipKindOf(copies[0]) === "generalQuery" ? "queryInterval" : "lastMemberQueryInterval";
    const timers = [[timer, settingMillis(configuration, timer)] as const];
    const instants = copies.map(({ at }) => at);
    return `${keyOf(copies[0])}, ${countText(copies.length)}${apartText(instants, timers, tolerance)}`;
  });
}
