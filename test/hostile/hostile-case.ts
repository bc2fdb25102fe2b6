// What a case of the table is, and the addresses that its packets name: of topologies/pair.yaml, with a third machine.
import type { BootTime, SequenceNumber } from "../../src/base/units.ts";
import type { TreeId } from "../../src/core/messages.ts";
import type { DropProtocol, DropReason } from "../../src/daemon/drops.ts";

/** On the link between the routers. */
export const R1 = "10.2.2.1";
/** On the source's link. */
export const R1_OTHER = "10.1.1.1";
export const R2 = "10.2.2.2";
/** A machine between R1 and R2 that is no router, and from which anything may come. */
export const STRANGER = "10.2.2.66";
/** §2. */
export const ALL_ROUTERS = "224.0.0.13";

/** What somebody on the link can know of R1 and its neighbor R2, and may put into packets. */
export interface Scene {
  readonly us: { readonly bootTime: BootTime };
  /** R2 as R1 sees it: "my" is R1's. */
  readonly neighbor: {
    readonly bootTime: BootTime;
    readonly mySsn: SequenceNumber;
    readonly neighborSsn: SequenceNumber;
  };
  /** The tree that runs. */
  readonly tree: TreeId;
}

/** Packets, and what is counted of them at R1 on the link that they are sent onto. */
export interface HostileCase {
  readonly name: string;
  readonly protocol: DropProtocol;
  readonly reason: DropReason;
  readonly packets: (scene: Scene) => readonly Uint8Array[];
  /** How much is counted; if left out, one for each packet. */
  readonly drops?: number;
  /** A real kernel takes none of them: their sources are nobody's ("martian"). */
  readonly kernelTakesNone?: true;
}
