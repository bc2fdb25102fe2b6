// What is sent of a tree on an interface (§10), read off protocol.md word by word: the rule of §10.0, and the published
// tables that follow from it.
import type { Address } from "../base/address.ts";
import type { Rpc } from "./reverse-path.ts";
import { compareRpcs } from "./reverse-path.ts";
import type { TreeState } from "./tree-state.ts";

/** An interface of a tree, in the words of §10. */
export interface Situation {
  readonly role: "root" | "non-root";
  readonly state: TreeState;
  readonly isOriginator: boolean;
  /** S is on the interface. */
  readonly isSourceOnLink: boolean;
  readonly bun: Address | null;
  /** IT. */
  readonly isInterested: boolean;
  /** Ours; null: there is no route to S. */
  readonly rpc: Rpc | null;
}

/** A message that is due; Interest and NoInterest go to the BUN. */
export type Due =
  | { readonly kind: "iamUpstream"; readonly rpc: Rpc }
  | { readonly kind: "iamNoLongerUpstream" }
  | { readonly kind: "interest" | "noInterest"; readonly neighbor: Address };

/** §10.0: Advertised. `is` null: the interface is not enabled, or the tree not known. */
export function advertisedIn(is: Situation | null): Rpc | null {
  if (is === null) return null;
  const something = is.state === "ACTIVE" && is.role === "non-root" && !is.isSourceOnLink;
  return something ? is.rpc : null;
}

function toldIn(is: Situation | null): Extract<Due, { neighbor: Address }> | null {
  if (is === null || advertisedIn(is) !== null || is.bun === null) return null;
  const isRootOfNonOriginator = is.role === "root" && !is.isOriginator;
  const kind = isRootOfNonOriginator && is.isInterested ? "interest" : "noInterest";
  return { kind, neighbor: is.bun };
}

const isSame = (a: Rpc, b: Rpc | null): boolean => b !== null && compareRpcs(a, b) === 0;

/** §10.0: what is due, in this order. `fresh`: who has just sent a fresh IamUpstream on the interface. */
export function dueMessages(
  was: Situation | null,
  is: Situation,
  fresh: Address | null,
): readonly Due[] {
  const messages: Due[] = [];
  const [before, now] = [advertisedIn(was), advertisedIn(is)];
  if (before !== null && now === null) messages.push({ kind: "iamNoLongerUpstream" });
  if (now !== null && !isSame(now, before)) messages.push({ kind: "iamUpstream", rpc: now });
  const interest = toldIn(is);
  if (interest === null) return messages;
  const last = toldIn(was);
  const differs = last?.kind !== interest.kind || last.neighbor !== interest.neighbor;
  const roleChanged = was !== null && was.role !== is.role;
  if (differs || roleChanged || fresh === is.bun) messages.push(interest);
  return messages;
}

/** A situation after another one. */
interface Change {
  readonly was: Situation;
  readonly is: Situation;
  readonly isFresh: boolean;
}

type Kind = Due["kind"];
type Row = readonly [name: string, sends: readonly Kind[], applies: (change: Change) => boolean];

const UP: readonly Kind[] = ["iamUpstream"];
const NO_UP: readonly Kind[] = ["iamNoLongerUpstream"];
const NO: readonly Kind[] = ["noInterest"];
const ASK: readonly Kind[] = ["interest", "noInterest"];

const becameRoot = ({ was }: Change): boolean => was.role === "non-root";
const wasRoot = ({ was }: Change): boolean => was.role === "root";
const wasAdvertised = ({ was }: Change): boolean => advertisedIn(was) !== null;
const bunChanged = ({ was, is }: Change): boolean => is.bun !== null && was.bun !== is.bun;
const isFreshBun = ({ was, is, isFresh }: Change): boolean =>
  isFresh && is.bun !== null && was.bun === is.bun;
const states = ({ was, is }: Change): string => `${was.state} ${is.state}`;

const ORIGINATOR_ROOT: readonly Row[] = [
  ["O1", NO_UP, (change) => becameRoot(change) && wasAdvertised(change)],
  ["O2", NO, (change) => bunChanged(change) || isFreshBun(change)],
];

const ROOT: readonly Row[] = [
  ["R1", [...NO_UP, ...ASK], (change) => becameRoot(change) && states(change) === "ACTIVE ACTIVE"],
  ["R2", ASK, (change) => becameRoot(change) && states(change) === "UNSURE ACTIVE"],
  ["R3", NO_UP, (change) => becameRoot(change) && wasAdvertised(change) && change.is.bun === null],
  ["R4", [...NO_UP, ...ASK], (change) => becameRoot(change) && wasAdvertised(change)],
  ["R5", ASK, (change) => becameRoot(change) && states(change) === "UNSURE UNSURE"],
  ["R9", ["interest"], ({ was, is }) => was.role === "root" && was.isOriginator && is.bun !== null],
  ["R6", ASK, (change) => wasRoot(change) && bunChanged(change)],
  ["R7", ASK, (change) => wasRoot(change) && change.was.isInterested !== change.is.isInterested],
  ["R8", ASK, (change) => wasRoot(change) && isFreshBun(change)],
];

const SOURCE_LINK: readonly Row[] = [
  ["N12", NO_UP, (change) => wasAdvertised(change) && states(change) === "ACTIVE ACTIVE"],
  ["O2", NO, (change) => bunChanged(change) || isFreshBun(change)],
];

const NON_ROOT: readonly Row[] = [
  ["N2", UP, (change) => wasRoot(change) && change.is.state === "ACTIVE"],
  ["N1", UP, ({ was, is }) => was.state !== "ACTIVE" && is.state === "ACTIVE"],
  ["N12", UP, ({ was, is }) => was.isSourceOnLink && is.state === "ACTIVE"],
  ["N10", UP, (change) => states(change) === "ACTIVE ACTIVE"],
  ["N4", NO_UP, (change) => wasAdvertised(change) && change.is.state === "INACTIVE"],
  ["N3", NO_UP, (change) => wasAdvertised(change) && change.is.bun === null],
  ["N5", [...NO_UP, ...NO], (change) => wasAdvertised(change)],
  ["N6", NO, (change) => wasRoot(change) && change.was.state === "ACTIVE"],
  ["N11", NO, (change) => wasRoot(change) && change.was.state === "UNSURE"],
  ["N9", NO, ({ was }) => was.state === "INACTIVE"],
  ["N8", NO, (change) => states(change) === "UNSURE UNSURE" && bunChanged(change)],
  ["N7", NO, (change) => states(change) === "UNSURE UNSURE" && isFreshBun(change)],
];

/** All rows of the published tables. */
export const ROWS: readonly string[] = [
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `R${n}`),
  ...["O1", "O2"],
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((n) => `N${n}`),
];

function tableOf(is: Situation): readonly Row[] {
  if (is.role === "root") return is.isOriginator ? ORIGINATOR_ROOT : ROOT;
  return is.isSourceOnLink ? SOURCE_LINK : NON_ROOT;
}

/** The situation of an interface of a tree that is not known, or that has just begun. */
const unknown = (is: Situation): Situation => ({
  ...is,
  state: "INACTIVE",
  bun: null,
  isInterested: false,
});

/** What has been sent, and after what. */
export interface Sending {
  readonly kind: Kind;
  /** null: the interface was not enabled, or the tree not known. */
  readonly was: Situation | null;
  readonly is: Situation;
  /** The BUN has just sent a fresh IamUpstream. */
  readonly isFresh: boolean;
}

/** The row by which a message of this kind is due; null: by none. */
export function rowOf({ kind, was, is, isFresh }: Sending): string | null {
  const change = { was: was ?? unknown(is), is, isFresh };
  const row = tableOf(is).find(([, sends, applies]) => sends.includes(kind) && applies(change));
  return row?.[0] ?? null;
}
