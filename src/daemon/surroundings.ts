// What a diagnosis needs of a machine beside what the engine does (host.ts). Nothing that is routed depends on it.
import type { Address } from "../base/address.ts";
import type { InterfaceIndex } from "../base/units.ts";

/** Which data packets are to be looked for. */
export interface DataWanted {
  readonly interfaces: readonly InterfaceIndex[];
  /** null: of all trees. */
  readonly tree: { readonly source: Address; readonly group: Address } | null;
  /** Those with no greater TTL. */
  readonly maxTtl: number;
}

/** Data packets of one tree that arrived on one interface while it was looked for them. */
export interface ObservedFlow {
  readonly interface: InterfaceIndex;
  readonly source: Address;
  readonly group: Address;
  readonly packets: number;
  /** As they arrived. */
  readonly minTtl: number;
  readonly maxTtl: number;
}

/** A machine, as a diagnosis looks at it. */
export interface Surroundings {
  /** The text of a file of the kernel's, under /proc or /sys, without white space at its ends; null: there is none to be read. */
  readText(path: string): string | null;
  /**
   * Looks for `millis` milliseconds for data packets as they arrive, before the kernel judges them: of each interface at
   * most a thousand. Throws HostError.
   */
  observe(wanted: DataWanted, millis: number): Promise<readonly ObservedFlow[]>;
}
