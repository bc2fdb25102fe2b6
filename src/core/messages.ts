// The messages of the protocol, as values (§2). The bytes are wire's business.
import type { Address, Family } from "../base/address.ts";
import { ip } from "../base/address.ts";
import type { BootTime, SequenceNumber } from "../base/units.ts";

/** A tree (S,G) (§1). */
export interface TreeId {
  readonly source: Address;
  readonly group: Address;
}

/** Root path cost (§1): lower is better, preference first; both u32. */
export interface Rpc {
  readonly preference: number;
  readonly metric: number;
}

/** The options of a Hello, and of a Sync with m = 0 (§2.2). Absent ones are undefined. */
export interface HelloOptions {
  /** Seconds, u16; 0 = goodbye. */
  readonly holdTimeSeconds?: number;
  readonly checkpointSn?: SequenceNumber;
  /** §5.4, u32. */
  readonly holdTimeMillis?: number;
}

/** One tree of a snapshot (§6.1). */
export interface SnapshotEntry extends TreeId {
  readonly rpc: Rpc;
}

/** Hello; its hold time is mandatory (§2.2). */
export interface Hello {
  readonly kind: "hello";
  readonly bootTime: BootTime;
  readonly options: HelloOptions & { readonly holdTimeSeconds: number };
}

/** Sync. "My" and "neighbor" from the sender's point of view. */
export interface Sync {
  readonly kind: "sync";
  readonly bootTime: BootTime;
  readonly mySsn: SequenceNumber;
  readonly neighborSsn: SequenceNumber;
  readonly neighborBootTime: BootTime;
  /** The M bit. */
  readonly leader: boolean;
  /** 30 bits. */
  readonly syncSn: number;
  /** The m bit tells which of the two a Sync carries: trees (at least by the sender's count), or options. */
  readonly part:
    | { readonly more: true; readonly entries: readonly SnapshotEntry[] }
    | { readonly more: false; readonly options: HelloOptions };
}

/** IamUpstream. */
export interface IamUpstream extends TreeId {
  readonly kind: "iamUpstream";
  readonly bootTime: BootTime;
  readonly sn: SequenceNumber;
  readonly rpc: Rpc;
}

/** IamNoLongerUpstream, Interest or NoInterest. */
export interface PlainTreeMessage extends TreeId {
  readonly kind: "iamNoLongerUpstream" | "interest" | "noInterest";
  readonly bootTime: BootTime;
  readonly sn: SequenceNumber;
}

/** Ack: SN `neighborSn` of the receiver arrived. "My" and "neighbor" from the sender's point of view. */
export interface Ack extends TreeId {
  readonly kind: "ack";
  readonly bootTime: BootTime;
  readonly neighborBootTime: BootTime;
  readonly neighborSsn: SequenceNumber;
  readonly mySsn: SequenceNumber;
  readonly neighborSn: SequenceNumber;
}

/** A message about one tree that is sequenced and acknowledged (§7, §8). */
export type TreeMessage = IamUpstream | PlainTreeMessage;
/** Any message (§2). */
export type Message = Hello | Sync | TreeMessage | Ack;

/** Where Hello, IamUpstream and IamNoLongerUpstream go (§2). */
export const allRouters = (family: Family): Address =>
  family === 4 ? ALL_ROUTERS_4 : ALL_ROUTERS_6;
const ALL_ROUTERS_4 = ip("224.0.0.13");
const ALL_ROUTERS_6 = ip("ff02::d");
