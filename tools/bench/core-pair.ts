// Two routers of the core alone on one link, synchronised: the source's router, and one whose every tree has it upstream.
import type { Address } from "../../src/base/address.ts";
import { ip, prefixOf } from "../../src/base/address.ts";
import { invariant } from "../../src/base/invariant.ts";
import { ALL_TREES } from "../../src/base/tree-filter.ts";
import type { Millis } from "../../src/base/units.ts";
import { bootTime, interfaceIndex, millis } from "../../src/base/units.ts";
import type { RouterAction, RouterEvent } from "../../src/core/events.ts";
import type { TreeId } from "../../src/core/messages.ts";
import { Router } from "../../src/core/router.ts";
import { DEFAULT_INTERFACE_SETTINGS, DEFAULT_ROUTER_SETTINGS } from "../../src/core/settings.ts";

const SOURCE = ip("10.1.1.100");
/** The link between both has the same number at both. */
const LINK = interfaceIndex(2);
const OUTER = interfaceIndex(3);
const CONNECTED = 2;
const ZEBRA = 11;
const LONG_MS = 60_000;

/** The tree of this number, from 0 on. */
export const treeOf = (n: number): TreeId => ({
  source: SOURCE,
  group: ip(`239.1.${n >> 8}.${n & 0xff}`),
});

function routerAt(
  own: { readonly link: string; readonly outer: string },
  gateway: Address | null,
): Router {
  const router = new Router({ family: 4, settings: DEFAULT_ROUTER_SETTINGS, seed: 1 });
  const addresses = [
    [LINK, own.link],
    [OUTER, own.outer],
  ] as const;
  for (const [index, text] of addresses) {
    const facts = {
      ...{ index, name: `eth${index}`, up: true, mtu: 1500, signatureBytes: 0, membership: false },
      addresses: [{ address: ip(text), subnet: prefixOf(ip(text), 24) }],
      protocol: DEFAULT_INTERFACE_SETTINGS,
      filter: ALL_TREES,
      ...{ lastBootTime: bootTime(0), unixSeconds: 1000 },
    };
    router.handle({ kind: "interface", facts }, millis(0));
  }
  const protocol = gateway === null ? CONNECTED : ZEBRA;
  const nextHops = [{ interface: gateway === null ? OUTER : LINK, gateway }];
  const routes = [{ protocol, metric: 0, nextHops }];
  const changes = [{ prefix: prefixOf(SOURCE, 24), routes }];
  router.handle({ kind: "routes", changes }, millis(0));
  return router;
}

/** Two routers, what they say to each other, and one clock. */
export class CorePair {
  readonly first: Router = routerAt({ link: "10.2.2.1", outer: "10.1.1.1" }, null);
  readonly second: Router = routerAt({ link: "10.2.2.2", outer: "10.7.7.2" }, ip("10.2.2.1"));
  now: Millis = millis(0);

  constructor() {
    while (this.now < LONG_MS && !this.#areSynced()) this.#toNextDeadline();
    invariant(this.#areSynced(), "two routers synchronise");
  }

  /** The source sends to this tree: both make it. */
  begin(tree: TreeId): void {
    this.#tell(this.first, { kind: "missingEntry", interface: OUTER, ...tree });
  }

  #areSynced(): boolean {
    return [this.first, this.second].every((router) =>
      router
        .interfaces()
        .some(({ running }) => running?.neighbors.some(({ state }) => state === "SYNCED")),
    );
  }

  #toNextDeadline(): void {
    const dues = [this.first, this.second].flatMap((router) => router.nextDeadline() ?? []);
    this.now = millis(Math.min(...dues));
    for (const router of [this.first, this.second]) this.#tell(router, { kind: "time" });
  }

  #tell(router: Router, event: RouterEvent): void {
    for (const action of router.handle(event, this.now)) this.#carry(router, action);
  }

  #carry(from: Router, action: RouterAction): void {
    if (action.kind !== "send" || action.interface !== LINK) return;
    const { source, destination, message } = action;
    const to = from === this.first ? this.second : this.first;
    this.#tell(to, { kind: "message", interface: LINK, source, destination, ttl: 1, message });
  }
}
