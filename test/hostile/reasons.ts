// All reasons for which something is dropped: the compiler sees to it that none is missing or too many.
import type { DropReason } from "../../src/daemon/drops.ts";
import type { MalformedReason } from "../../src/wire/malformed.ts";

const MALFORMED = {
  "too short": true,
  "unknown version": true,
  "unknown type": true,
  "truncated security value": true,
  "truncated option": true,
  "option of wrong length": true,
  "repeated option": true,
  "no HoldTime": true,
  "truncated Sync entry": true,
  "not IPv4": true,
  "wrong header length": true,
  "wrong total length": true,
  fragment: true,
  "wrong checksum": true,
  "truncated source list": true,
  "truncated group record": true,
} as const satisfies Readonly<Record<MalformedReason, true>>;

const NOT_TAKEN = {
  ...MALFORMED,
  "not signed": true,
  "signed, but there are no keys": true,
  "unknown key identifier": true,
  "wrong signature length": true,
  "wrong signature": true,
  "unexpected protocol": true,
} as const;

const ALL: Readonly<Record<DropReason, true>> = {
  ...NOT_TAKEN,
  "Ack of nothing": true,
  "excluded tree": true,
  "goodbye of a stranger": true,
  "group is not multicast": true,
  "group not allowed": true,
  "group not routed": true,
  "no way back to the source": true,
  "not enabled": true,
  "own address": true,
  "query without a source": true,
  "sender not on link": true,
  "stale BootTime": true,
  "stale Hello": true,
  "stale sequence number": true,
  "Sync for another BootTime": true,
  "Sync out of order": true,
  "tree not allowed": true,
  "too many flood and blocking entries": true,
  "too many groups": true,
  "too many neighbors": true,
  "too many trees of a neighbor": true,
  "too many trees": true,
  "TTL not 1": true,
  "wrong destination": true,
};

/** Every reason. */
export const DROP_REASONS: readonly string[] = Object.keys(ALL);

/** Those for which a datagram is not even a message: it counts as dropped, and not as received. */
export const UNREAD_REASONS: ReadonlySet<string> = new Set(Object.keys(NOT_TAKEN));
