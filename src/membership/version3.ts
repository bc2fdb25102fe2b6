// IGMPv3 reports understood as joins and leaves, as a router does whose groups are in IGMPv2 mode (RFC 3376 §7.3.2).
import type { GroupRecord } from "./messages.ts";

/**
 * What a record says of its group: there is a listener ("join"), one has gone ("leave"), or nothing (null).
 * An empty list of isInclude names nobody (RFC 3376 §6.4.1). blockOldSources is ignored (RFC 3376 §7.3.2): without
 * source lists it cannot be told from a listener that merely drops one source of many. A host that listened to no other
 * source ends with the Group Membership Interval.
 */
export function meaningOf(record: GroupRecord): "join" | "leave" | null {
  switch (record.type) {
    case "isExclude":
    case "toExclude":
    case "allowNewSources":
      return "join";
    case "isInclude":
      return record.sources.length > 0 ? "join" : null;
    case "toInclude":
      return record.sources.length > 0 ? "join" : "leave";
    case "blockOldSources":
      return null;
  }
}
