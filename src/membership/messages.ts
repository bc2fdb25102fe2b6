// IGMP messages as values (RFC 1112, 2236, 3376). The bytes are wire's business.
import type { Address } from "../base/address.ts";

/** Type of a group record of an IGMPv3 report (RFC 3376 §4.2.12). */
export type RecordType =
  | "isInclude"
  | "isExclude"
  | "toInclude"
  | "toExclude"
  | "allowNewSources"
  | "blockOldSources";

/** One group of an IGMPv3 report. */
export interface GroupRecord {
  readonly type: RecordType;
  readonly group: Address;
  readonly sources: readonly Address[];
}

/** A query; `group` null: a General Query. */
export interface Query {
  readonly kind: "query";
  /** 1: its max response field is 0 (RFC 2236 §4); 3: it is longer than 8 bytes (RFC 3376 §7.1). */
  readonly version: 1 | 2 | 3;
  readonly group: Address | null;
  /** Tenths of a second; 0 in version 1. */
  readonly maxResponseTenths: number;
  /** Version 3 with the S flag or with sources: says nothing of the group's own timer (RFC 3376 §4.1.5, §6.6.1). */
  readonly keepsGroupTimer?: boolean;
}

/** A report of one group. */
export interface Report {
  readonly kind: "report";
  readonly version: 1 | 2;
  readonly group: Address;
}

/** An IGMPv3 report. */
export interface Version3Report {
  readonly kind: "version3Report";
  readonly records: readonly GroupRecord[];
}

/** A leave of one group. */
export interface Leave {
  readonly kind: "leave";
  readonly group: Address;
}

/** Any IGMP message that a router understands. */
export type IgmpMessage = Query | Report | Version3Report | Leave;
