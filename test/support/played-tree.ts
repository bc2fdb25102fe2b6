// The tree that tests with a played router are about, and how they write costs and entries down.
import { ip } from "../../src/base/address.ts";
import type { InterfaceFacts, KernelEntry } from "../../src/core/events.ts";
import type { Rpc, TreeId } from "../../src/core/messages.ts";
import { addressOn } from "./core-network.ts";

/** The tree that tests are about unless they say otherwise; its source is on 10.9.9.0/24. */
export const TREE: TreeId = { source: ip("10.9.9.100"), group: ip("224.12.12.12") };
/** What makes an interface one of the source's link. */
export const ON_SOURCE_LINK: Partial<InterfaceFacts> = { addresses: [addressOn("10.9.9.5/24")] };
/** The subnet of its source. */
export const SOURCE_SUBNET = "10.9.9.0/24";

/** An RPC as "11/20". */
export const rpc = (text: string): Rpc => {
  const [preference = "", metric = ""] = text.split("/");
  return { preference: Number(preference), metric: Number(metric) };
};

/** A kernel entry as "1 -> 2 3". */
export const entryText = (entry: KernelEntry | undefined): string =>
  entry === undefined ? "none" : [entry.incoming, "->", ...entry.outgoing].join(" ");
