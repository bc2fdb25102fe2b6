// What was said of IGMP on a link as lines, with names in place of addresses.
import { formatAddress } from "../../src/base/address.ts";
import { compare } from "../../src/base/ordered.ts";
import type { IgmpMessage } from "../../src/membership/messages.ts";
import type { MembershipSettings } from "../../src/membership/settings.ts";
import type { MembershipKind } from "../../src/scenario/command.ts";
import type { Names } from "./names.ts";
import type { Seen } from "./scenario-network.ts";

type Sent = Seen<IgmpMessage>;

/** The kind of a message as scenarios call it. */
export function membershipKindOf({ message }: Sent): MembershipKind {
  switch (message.kind) {
    case "query":
      return message.group === null ? "generalQuery" : "groupQuery";
    case "report":
    case "version3Report":
      return "report";
    case "leave":
      return "leave";
  }
}

/** Groups that machines join by themselves, and that nobody routes. */
const isLocal = (group: string): boolean => group.startsWith("224.0.0.");

const groupsOf = ({ message }: Sent): readonly string[] => {
  if (message.kind === "version3Report") {
    return message.records.map(({ group }) => formatAddress(group));
  }
  return message.group === null ? [] : [formatAddress(message.group)];
};

/** Messages about groups that are routed, and general ones. */
export const routedOnly = (messages: readonly Sent[]): readonly Sent[] =>
  messages.filter((seen) => {
    const groups = groupsOf(seen);
    return groups.length === 0 || groups.some((group) => !isLocal(group));
  });

/** A maximal response time by the setting that it is of, if it is that. */
function responseText(tenths: number, settings: MembershipSettings, isGeneral: boolean): string {
  const span = 100 * tenths;
  const setting = isGeneral ? "queryResponseInterval" : "lastMemberQueryInterval";
  return `to be answered within ${span === settings[setting] ? setting : `${span}ms`}`;
}

/** A message without its sender: "GeneralQuery to 224.0.0.1, to be answered within queryResponseInterval". */
export function membershipText(seen: Sent, settings: MembershipSettings): string {
  const { message } = seen;
  const groups = groupsOf(seen).join(" ");
  if (message.kind !== "query") {
    return `${membershipKindOf(seen) === "leave" ? "Leave" : "Report"} ${groups}`;
  }
  const isGeneral = message.group === null;
  const about = isGeneral ? `GeneralQuery to ${formatAddress(seen.to)}` : `GroupQuery ${groups}`;
  return `${about}, ${responseText(message.maxResponseTenths, settings, isGeneral)}`;
}

/** Who said what; how often is told of queries about a group, as the others go on for ever. */
export function membershipLines(
  messages: readonly Sent[],
  names: Names,
  settings: MembershipSettings,
): readonly string[] {
  const counts = new Map<string, number>();
  const isCounted = new Set<string>();
  for (const seen of routedOnly(messages)) {
    const line = `${names(seen.from)} ${membershipText(seen, settings)}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
    if (membershipKindOf(seen) === "groupQuery") isCounted.add(line);
  }
  if (counts.size === 0) return ["nothing"];
  const lines = [...counts].map(([line, count]) =>
    isCounted.has(line) ? `${line}, ${count === 1 ? "once" : `${count} times`}` : line,
  );
  return lines.sort(compare);
}
