// Messages that are shown, to people who look for what routers and hosts say to each other. They are no notices: they tell of
// nothing that has come about, recordings have them as datagrams, and they are only made while somebody wants to see them.
import type { Address } from "../base/address.ts";
import { formatAddress } from "../base/address.ts";
import type { InterfaceIndex } from "../base/units.ts";
import type { RouterAction } from "../core/events.ts";
import type { Message } from "../core/messages.ts";
import type { MembershipAction } from "../membership/events.ts";
import type { GroupRecord, IgmpMessage, Query } from "../membership/messages.ts";
import { messageFields, messageWords, TYPE_NAMES } from "../wire/message-text.ts";
import type { Inbound } from "./datagrams.ts";
import type { SingleDrop } from "./drops.ts";
import type { NameOf } from "./reasons.ts";

/** A message. */
type Content =
  | { readonly protocol: "HPIM-DM"; readonly message: Message }
  | { readonly protocol: "IGMP"; readonly message: IgmpMessage };

/** A message that arrived and was understood, whatever becomes of it, or that has left. */
export type ShownMessage =
  | ({
      readonly kind: "received";
      readonly interface: InterfaceIndex;
      readonly sender: Address;
    } & Content)
  | ({
      readonly kind: "sent";
      readonly interface: InterfaceIndex;
      readonly destination: Address;
      /** Sent before, and not answered in time. */
      readonly again: boolean;
    } & Content);

/** What is shown: a message, or that one was dropped, malformed or after it was shown. */
export type Shown = ShownMessage | SingleDrop;

/** What arrived, to be shown. */
export function arrivedMessage(inbound: Exclude<Inbound, SingleDrop>): ShownMessage {
  const { interface: index, source: sender } = inbound.event;
  const from = { kind: "received", interface: index, sender } as const;
  return inbound.kind === "hpim"
    ? { ...from, protocol: "HPIM-DM", message: inbound.event.message }
    : { ...from, protocol: "IGMP", message: inbound.event.message };
}

/** What has left, to be shown. */
export const sentMessage = ({
  interface: index,
  destination,
  message,
  again,
}: Extract<RouterAction, { kind: "send" }>): ShownMessage => ({
  ...{ kind: "sent", interface: index, destination, again, protocol: "HPIM-DM", message },
});

/** A query that has left, to be shown. */
export const sentQuery = ({
  interface: index,
  destination,
  query: message,
}: Extract<MembershipAction, { kind: "sendQuery" }>): ShownMessage => ({
  ...{ kind: "sent", interface: index, destination, again: false, protocol: "IGMP", message },
});

/** The groups that a message is about; a Sync is about none. */
export function groupsOf({ message }: ShownMessage): readonly Address[] {
  if (message.kind === "version3Report") return message.records.map(({ group }) => group);
  return "group" in message && message.group !== null ? [message.group] : [];
}

/** Values of a message for programs, and the same for people. */
interface Described {
  readonly type: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly words: readonly string[];
}

const describedHpim = (message: Message): Described => ({
  type: TYPE_NAMES[message.kind],
  fields: {
    ...messageFields(message),
    ...(message.kind === "sync" && message.part.more && { treeCount: message.part.entries.length }),
  },
  words: messageWords(message),
});

/** Of a report with more records, so many are shown: a line has an end. */
const SHOWN_RECORDS = 16;

function describedRecords(records: readonly GroupRecord[]): Described {
  const shown = records.slice(0, SHOWN_RECORDS);
  const words = shown.map(({ type, group, sources }) => {
    const of = sources.length === 0 ? "" : ` of ${sources.length} sources`;
    return `${formatAddress(group)} ${type}${of}`;
  });
  const more = records.length - shown.length;
  return {
    type: "IGMPv3 report",
    fields: { records: records.length, groups: shown.map(({ group }) => formatAddress(group)) },
    words: more === 0 ? words : [...words, `${more} more records`],
  };
}

function describedQuery({ version, group, maxResponseTenths }: Query): Described {
  const about = group === null ? "of all groups" : formatAddress(group);
  return {
    type: `IGMPv${version} query`,
    fields: { ...(group !== null && { group }), maxResponseTenths },
    words: [about, `answers within ${maxResponseTenths / 10}s`],
  };
}

function describedIgmp(message: IgmpMessage): Described {
  switch (message.kind) {
    case "query":
      return describedQuery(message);
    case "version3Report":
      return describedRecords(message.records);
    case "report": {
      const { version, group } = message;
      return { type: `IGMPv${version} report`, fields: { group }, words: [formatAddress(group)] };
    }
    case "leave":
      return {
        type: "IGMPv2 leave",
        fields: { group: message.group },
        words: [formatAddress(message.group)],
      };
  }
}

/** A shown message as fields and as a sentence. */
export function shownLine(
  shown: ShownMessage,
  nameOf: NameOf,
): { readonly fields: Readonly<Record<string, unknown>>; readonly sentence: string } {
  const { protocol, message, ...way } = shown;
  const { type, fields, words } =
    shown.protocol === "HPIM-DM" ? describedHpim(shown.message) : describedIgmp(shown.message);
  const name = nameOf(shown.interface);
  const head =
    shown.kind === "received"
      ? `Received on ${name} from ${formatAddress(shown.sender)}`
      : `Sent ${shown.again ? "again " : ""}on ${name} to ${formatAddress(shown.destination)}`;
  return {
    fields: { ...way, protocol, type, ...fields },
    sentence: `${head}: ${type} ${words.join(", ")}.`,
  };
}
