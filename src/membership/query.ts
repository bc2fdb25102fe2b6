// A query's response time (RFC 2236 §2.2, §4).
import type { Address } from "../base/address.ts";
import type { Millis } from "../base/units.ts";
import { millis } from "../base/units.ts";
import type { Query } from "./messages.ts";

/** The query of a group, or, `group` null, of all. Its field holds 1 to 255 tenths; 0 would be IGMPv1 (RFC 2236 §4). */
export function queryOf(group: Address | null, maxResponse: Millis): Query {
  const maxResponseTenths = Math.min(255, Math.max(1, Math.round(maxResponse / 100)));
  return { kind: "query", version: 2, group, maxResponseTenths };
}

/** The time that hosts have to answer a query: 10 s where it says 0 (RFC 2236 §4). In milliseconds. */
export const maxResponseOf = (query: Query): Millis =>
  millis((query.maxResponseTenths === 0 ? 100 : query.maxResponseTenths) * 100);
