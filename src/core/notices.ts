// What the core reports. A notice is the only way anything is reported: log, event stream and tests read the same ones.
import type { Address } from "../base/address.ts";
import type { BootTime, InterfaceIndex } from "../base/units.ts";
import type { TreeId } from "./messages.ts";

/** State of a neighbor (§6.1). UNKNOWN is the state of one of which nothing is stored. */
export type NeighborState = "UNKNOWN" | "MASTER" | "SLAVE" | "SYNCED";
/** State of a tree (§9.1). */
export type TreeState = "ACTIVE" | "UNSURE" | "INACTIVE";

/** Why a neighbor failed (§5.5). */
export type NeighborFailure =
  | "goodbye"
  | "silent"
  | "no acknowledgement"
  | "no synchronisation"
  | "interface ended";

/** Something worth reporting. */
export type Notice =
  | {
      readonly kind: "protocolStarted";
      readonly interface: InterfaceIndex;
      readonly address: Address;
      readonly bootTime: BootTime;
    }
  | { readonly kind: "protocolStopped"; readonly interface: InterfaceIndex }
  | {
      readonly kind: "neighborState";
      readonly interface: InterfaceIndex;
      readonly neighbor: Address;
      readonly from: NeighborState;
      readonly to: NeighborState;
    }
  | {
      readonly kind: "neighborFailed";
      readonly interface: InterfaceIndex;
      readonly neighbor: Address;
      readonly why: NeighborFailure;
    }
  | ({ readonly kind: "treeState"; readonly from: TreeState; readonly to: TreeState } & TreeId)
  | ({
      readonly kind: "forwarding";
      readonly interface: InterfaceIndex;
      readonly forwarding: boolean;
    } & TreeId)
  /** The assert (§9.2) of an interface that is non-root before and after, of a tree that is not INACTIVE before and after. */
  | ({
      readonly kind: "assert";
      readonly interface: InterfaceIndex;
      readonly winner: boolean;
    } & TreeId);
