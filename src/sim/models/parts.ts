// What models are put together from.
import { ip, type Prefix, parsePrefix } from "../../base/address.ts";
import { known } from "../../base/invariant.ts";
import { ALL_TREES } from "../../base/tree-filter.ts";
import { bootTime, interfaceIndex } from "../../base/units.ts";
import type { InterfaceFacts, RouterEvent } from "../../core/events.ts";
import type { TreeId } from "../../core/messages.ts";
import {
  DEFAULT_INTERFACE_SETTINGS,
  DEFAULT_ROUTER_SETTINGS,
  type InterfaceSettings,
  type RouterSettings,
} from "../../core/settings.ts";
import type { Choice, Clock } from "../explorer/model.ts";

const prefix = (text: string): Prefix => known(parsePrefix(text), "prefix of a model");

/** An interface with the address "10.1.0.1/24". */
export function interfaceOf(
  index: number,
  address: string,
  given: { readonly lastBootTime?: number; readonly protocol?: InterfaceSettings } = {},
): InterfaceFacts {
  const [text = ""] = address.split("/");
  return {
    index: interfaceIndex(index),
    name: `if${index}`,
    up: true,
    mtu: 1500,
    addresses: [{ address: ip(text), subnet: prefix(address) }],
    protocol: given.protocol ?? DEFAULT_INTERFACE_SETTINGS,
    signatureBytes: 0,
    membership: false,
    filter: ALL_TREES,
    lastBootTime: bootTime(given.lastBootTime ?? 0),
    unixSeconds: 0,
  };
}

/** Interest that is unknown does not count (§7.1), and no data is flooded (§13): both are a matter of time. */
export const TIMELESS: RouterSettings = { ...DEFAULT_ROUTER_SETTINGS, floodInitialData: false };

/** What came too early for a synchronisation is sent again (§7.3, §8.3). */
export const RETRANSMISSIONS: Clock = { timers: ["retransmission"], within: null };

/** Nothing is held after an assert is lost (§14): that is a matter of time. */
export const HOLDS_NOTHING: InterfaceSettings = {
  ...DEFAULT_INTERFACE_SETTINGS,
  holdForwarding: false,
};

/** The route to `to` ("10.1.0.0/24") of this cost, over an interface; without a gateway: connected. */
export function routeOf(
  to: string,
  metric: number,
  index: number,
  gateway: string | null,
): RouterEvent {
  const nextHop = {
    interface: interfaceIndex(index),
    gateway: gateway === null ? null : ip(gateway),
  };
  const routes = [{ protocol: 11, metric, nextHops: [nextHop] }];
  return { kind: "routes", changes: [{ prefix: prefix(to), routes }] };
}

/** The route to `to` goes. */
export const noRouteTo = (to: string): RouterEvent => ({
  kind: "routes",
  changes: [{ prefix: prefix(to), routes: [] }],
});

/** The first packet of a source arrives. */
export const dataOf = (tree: TreeId, index: number): RouterEvent => ({
  kind: "missingEntry",
  interface: interfaceIndex(index),
  ...tree,
});

/** A router's next Hello leaves an interface. */
export const helloOf = (router: number, index: number): Choice["acts"][number] => ({
  router,
  act: { kind: "expire", timer: { kind: "hello", interface: interfaceIndex(index) } },
});

/** The hold time of a neighbor ends at a router. */
export const livenessEnds = (
  router: number,
  index: number,
  neighbor: string,
): Choice["acts"][number] => ({
  router,
  act: {
    kind: "expire",
    timer: { kind: "liveness", interface: interfaceIndex(index), neighbor: ip(neighbor) },
  },
});
