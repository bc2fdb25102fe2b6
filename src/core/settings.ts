// What can be set (§16), with its defaults.
import type { Millis } from "../base/units.ts";
import { millis, seconds } from "../base/units.ts";

/** Settings of the protocol on one interface (§16). */
export interface InterfaceSettings {
  readonly helloPeriod: Millis;
  /** The first Hello leaves after a random time up to this. */
  readonly triggeredHelloDelay: Millis;
  readonly syncRetransmissionTime: Millis;
  readonly syncHoldTime: Millis;
  readonly retransmissionTime: Millis;
  readonly ackFailureThreshold: number;
  readonly holdForwarding: boolean;
  readonly holdForwardingTime: Millis;
  /** Trees in one Sync; null: as many as the MTU carries (§6.3). */
  readonly treesPerSync: number | null;
  readonly neighborLimit: number;
}

/** §5.5: a neighbor that has not acknowledged a message for so long has failed. */
export const ackFailureTime = (settings: InterfaceSettings): Millis =>
  millis((settings.ackFailureThreshold + 1) * settings.retransmissionTime);

/** Settings of the protocol on the router (§16). */
export interface RouterSettings {
  readonly sourceActiveTime: Millis;
  readonly floodInitialData: boolean;
  readonly initialFloodTime: Millis;
  /** Preference by the route's protocol number (§1); a protocol that is not in it keeps its number. */
  readonly preferences: ReadonlyMap<number, number>;
  readonly treesPerNeighborLimit: number;
  readonly treeLimit: number;
  /** Flood and blocking entries (§13). */
  readonly dataEntryLimit: number;
  /** A sequence number is never as high as this (§4): 2^32 - 1, less only where a lab or model is to use them up. */
  readonly sequenceNumberLimit: number;
  /** No more messages are under way to a neighbor (§8.6). */
  readonly windowLimit: number;
}

/** §16's defaults of an interface. */
export const DEFAULT_INTERFACE_SETTINGS: InterfaceSettings = {
  helloPeriod: seconds(10),
  triggeredHelloDelay: millis(100),
  syncRetransmissionTime: seconds(3),
  syncHoldTime: seconds(12),
  retransmissionTime: seconds(3),
  ackFailureThreshold: 3,
  holdForwarding: true,
  holdForwardingTime: seconds(2),
  treesPerSync: null,
  neighborLimit: 64,
};

/** §16's defaults of a router. */
export const DEFAULT_ROUTER_SETTINGS: RouterSettings = {
  sourceActiveTime: seconds(210),
  floodInitialData: true,
  initialFloodTime: seconds(15),
  preferences: new Map(),
  treesPerNeighborLimit: 65_536,
  treeLimit: 100_000,
  dataEntryLimit: 4_096,
  sequenceNumberLimit: 0xffff_ffff,
  windowLimit: 1_024,
};
