// The list `join` of an interface in the configuration file: groups that are wanted there whoever reports (§12).
import type { Address } from "../base/address.ts";
import {
  familyOf,
  formatAddress,
  isMulticast,
  isRoutableGroup,
  isRoutableSource,
  parseAddress,
} from "../base/address.ts";
import { isDocument, valueAt } from "./configuration-document.ts";
import { listOf, madeOf } from "./values.ts";

/** A group that is wanted of one source; null: of every one. */
export interface Join {
  readonly group: Address;
  readonly source: Address | null;
}

const ADDRESS = { type: "string", pattern: /^\d+\.\d+\.\d+\.\d+$/.source };

const EXPECTED =
  "the address of a group, such as 239.1.2.3, or a map of a group and one source; 224.0.0.0/24 is not routed";

/** An address, or why it cannot be one here, as a sentence. */
type Judged = { readonly address: Address } | string;

function ipv4(text: string): Address | undefined {
  const address = parseAddress(text);
  return address && familyOf(address) === 4 ? address : undefined;
}

/** The group that `text` means, or why it cannot be joined. */
export function joinableGroup(text: string): Judged {
  const address = ipv4(text);
  if (address === undefined || !isMulticast(address)) {
    return `"${text}" is not the address of a group, such as 239.1.2.3.`;
  }
  if (isRoutableGroup(address)) return { address };
  return `${text} stays on its link, as all groups of 224.0.0.0/24: no router forwards it.`;
}

/** The source that `text` means, or why nothing can be joined of it. */
export function joinableSource(text: string): Judged {
  const address = ipv4(text);
  return address !== undefined && isRoutableSource(address)
    ? { address }
    : `"${text}" is not the address of a source, such as 10.1.1.100.`;
}

function addressIn(value: unknown, judge: (text: string) => Judged): Address | undefined {
  const judged = typeof value === "string" ? judge(value) : "no text";
  return typeof judged === "string" ? undefined : judged.address;
}

/** The join that an item of the list means, or undefined. */
export function parseJoin(item: unknown): Join | undefined {
  if (!isDocument(item)) {
    const group = addressIn(item, joinableGroup);
    return group && { group, source: null };
  }
  const group = addressIn(valueAt(item, "group"), joinableGroup);
  const source = addressIn(valueAt(item, "source"), joinableSource);
  return group && source && Object.keys(item).length === 2 ? { group, source } : undefined;
}

/** The item of the list that means a join. */
export const formatJoin = ({ group, source }: Join): unknown =>
  source === null
    ? formatAddress(group)
    : { group: formatAddress(group), source: formatAddress(source) };

/** Joins. */
export const joinSection = listOf(
  madeOf(parseJoin, EXPECTED, {
    anyOf: [
      ADDRESS,
      {
        type: "object",
        properties: { group: ADDRESS, source: ADDRESS },
        required: ["group", "source"],
        additionalProperties: false,
      },
    ],
  }),
  "groups",
);
