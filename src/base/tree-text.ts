// What is said of trees (§1), as people write it.
import type { Address } from "./address.ts";
import { formatAddress } from "./address.ts";

/** A tree: "(10.1.1.100, 224.12.12.12)". */
export const formatTree = ({
  source,
  group,
}: {
  readonly source: Address;
  readonly group: Address;
}): string => `(${formatAddress(source)}, ${formatAddress(group)})`;

/** An RPC: preference/metric. */
export const formatRpc = ({
  preference,
  metric,
}: {
  readonly preference: number;
  readonly metric: number;
}): string => `${preference}/${metric}`;
