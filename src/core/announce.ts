// What is sent about a tree (§10): two values per interface, before and after, decide everything.
import type { Address } from "../base/address.ts";
import type { InterfaceIndex } from "../base/units.ts";
import type { Rpc } from "./messages.ts";
import type { TreeState } from "./notices.ts";
import { isSameRpc } from "./rpc.ts";
import type { Rpf } from "./rpf.ts";
import type { Role, Settled, SettledInterface, Told, TreeInterface } from "./settled.ts";
import type { Offer } from "./verdicts.ts";

/** A message that §10 calls for; it has no SN yet. */
export type Announcement =
  | { readonly kind: "iamUpstream"; readonly rpc: Rpc }
  | { readonly kind: "iamNoLongerUpstream" }
  | { readonly kind: "interest" | "noInterest"; readonly neighbor: Address };

/** A neighbor that has just sent a fresh IamUpstream of the tree (§10.0, §6.7). */
export interface FreshUpstream {
  readonly interface: InterfaceIndex;
  readonly neighbor: Address;
}

/** Advertised(i) (§10.0). */
export function advertisedOn(
  { index, address, allowed }: Pick<TreeInterface, "index" | "address" | "allowed">,
  state: TreeState,
  rpf: Rpf,
): Rpc | null {
  if (address === null || !allowed || state !== "ACTIVE") return null;
  return index === rpf.root || rpf.onLink.includes(index) ? null : rpf.rpc;
}

/** Told(i) (§10.0). `routerInterested`: IT. */
export function toldOn(
  at: { readonly role: Role; readonly bun: Offer | null; readonly advertised: Rpc | null },
  originator: boolean,
  routerInterested: boolean,
): Told | null {
  if (at.advertised !== null || at.bun === null) return null;
  const interested = at.role === "root" && !originator && routerInterested;
  return { neighbor: at.bun.neighbor, interested };
}

function advertisement(
  before: SettledInterface | undefined,
  after: SettledInterface,
): Announcement | undefined {
  const was = before?.advertised ?? null;
  if (isSameRpc(was, after.advertised)) return undefined;
  return after.advertised === null
    ? { kind: "iamNoLongerUpstream" }
    : { kind: "iamUpstream", rpc: after.advertised };
}

function interestMessage(
  before: SettledInterface | undefined,
  after: SettledInterface,
  fresh: Address | undefined,
): Announcement | undefined {
  const { told } = after;
  if (told === null) return undefined;
  const was = before?.told ?? null;
  const isNews =
    was?.neighbor !== told.neighbor ||
    was.interested !== told.interested ||
    before?.role !== after.role ||
    fresh === told.neighbor;
  if (!isNews) return undefined;
  return { kind: told.interested ? "interest" : "noInterest", neighbor: told.neighbor };
}

/** §10.0: what is to be sent on the interface, in this order. `fresh`: who has just sent a fresh IamUpstream there. */
export function announcementsOn(
  index: InterfaceIndex,
  before: Settled,
  after: Settled,
  fresh: FreshUpstream | null,
): readonly Announcement[] {
  const is = after.interfaces.get(index);
  if (is === undefined) return [];
  const was = before.interfaces.get(index);
  const freshHere = fresh?.interface === index ? fresh.neighbor : undefined;
  return [advertisement(was, is), interestMessage(was, is, freshHere)].filter(
    (announcement) => announcement !== undefined,
  );
}
