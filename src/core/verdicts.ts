// The derived values of a tree (§9), each with what it follows from: the answer to "why?" is the computation itself.
import type { Address } from "../base/address.ts";
import type { InterfaceIndex, Millis } from "../base/units.ts";
import type { Rpc } from "./messages.ts";

/** An UPSTREAM neighbor and the RPC that it offers. */
export interface Offer {
  readonly neighbor: Address;
  readonly rpc: Rpc;
}

/** §9.1. */
export type TreeVerdict =
  | {
      readonly state: "ACTIVE";
      readonly why: "source sends" | "upstream neighbor is nearer";
      /** The upstream neighbor; null at an originator. */
      readonly offer: Offer | null;
    }
  | {
      readonly state: "UNSURE";
      readonly why:
        | "no route"
        | "not allowed on the root"
        | "no root interface"
        | "no upstream neighbor on the root"
        | "upstream neighbor on the root is not nearer"
        | "source is silent";
      /** An upstream neighbor that keeps the tree from INACTIVE. */
      readonly interface: InterfaceIndex;
      readonly offer: Offer;
    }
  | {
      readonly state: "INACTIVE";
      readonly why:
        | "no upstream neighbor"
        | "not allowed on the root"
        | "no root interface"
        | "source is silent";
    };

/** §9.2. The rival is the best upstream neighbor of the interface; null: there is none. */
export type ElectionVerdict =
  | {
      readonly winner: true;
      readonly why: "no upstream neighbor" | "lower cost" | "higher address" | "tree inactive";
      readonly rival: Offer | null;
    }
  | {
      readonly winner: false;
      readonly why: "neighbor offers lower cost" | "neighbor has higher address" | "tree unsure";
      readonly rival: Offer;
    };

/** §9.2; where the tree is not allowed we do not stand for election (§2.4). */
export type AssertVerdict =
  | ElectionVerdict
  | {
      readonly winner: false;
      readonly why: "not allowed here";
      readonly rival: Offer | null;
    };

/** §9.3. */
export type DownstreamVerdict =
  | { readonly interested: true; readonly why: "listener" }
  | {
      readonly interested: true;
      readonly why: "neighbor interested" | "neighbor counts as interested";
      readonly neighbor: Address;
    }
  | {
      readonly interested: false;
      readonly why:
        | "not allowed here"
        | "nobody there"
        | "all not interested"
        | "all upstream or not interested";
    };

/** §9.4. */
export type ForwardingVerdict =
  | { readonly forwarding: true; readonly why: "assert winner" }
  | { readonly forwarding: true; readonly why: "holding"; readonly until: Millis }
  | {
      readonly forwarding: false;
      readonly why:
        | "not allowed here"
        | "tree has no kernel entry"
        | "no upstream neighbor on the root"
        | "source is on this link"
        | "not interested"
        | "assert loser";
    }
  | {
      readonly forwarding: false;
      readonly why: "data arrive here";
      readonly until: Millis;
    };
