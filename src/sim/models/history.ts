// P8: history does not matter. What the routers at rest derive is compared with a network that has just started in the
// configuration that they have now; each configuration is started once.
import { orderedEntries } from "../../base/ordered.ts";
import { bootTime, millis } from "../../base/units.ts";
import type { RouterEvent } from "../../core/events.ts";
import type { RouterMemory } from "../../core/memory.ts";
import { Router } from "../../core/router.ts";
import { DEFAULT_ROUTER_SETTINGS } from "../../core/settings.ts";
import { canonical } from "../explorer/canonical.ts";
import type { Choice, Model, ModelRouter, Rest } from "../explorer/model.ts";
import { Network } from "../explorer/network.ts";
import { helloOf } from "./parts.ts";

const GONE: ModelRouter = { settings: DEFAULT_ROUTER_SETTINGS, interfaces: [], events: [] };

function listenersOf({ listeners }: RouterMemory): readonly RouterEvent[] {
  return orderedEntries(listeners).flatMap(([index, groups]) =>
    orderedEntries(groups).map(
      ([group, wanted]): RouterEvent => ({ kind: "listeners", interface: index, group, wanted }),
    ),
  );
}

/** The router as it would start now. What is a matter of time is over at rest: here it does not begin. */
function startOf(memory: RouterMemory | null): ModelRouter {
  if (memory === null) return GONE;
  const changes = memory.routes.map(([prefix, routes]) => ({ prefix, routes }));
  return {
    settings: { ...memory.settings, floodInitialData: false },
    interfaces: orderedEntries(memory.interfaces).map(([, { facts }]) => ({
      ...facts,
      protocol: facts.protocol && { ...facts.protocol, holdForwarding: false },
      lastBootTime: bootTime(0),
    })),
    events: [{ kind: "routes", changes }, ...listenersOf(memory)],
  };
}

/** What must not depend on history: all that is derived, and the trees' own entries (§17). */
function portrait(memory: RouterMemory | null): readonly unknown[] {
  if (memory === null) return [];
  return new Router(memory).view(millis(0)).trees.flatMap(({ entry, interfaces, ...tree }) => {
    const { verdict, rpc, originator, root, interested } = tree;
    // What stands in for an entry, and when it goes, is a matter of data and time (§13).
    if (verdict.state === "INACTIVE") return [];
    return {
      ...{ verdict, rpc, originator, root, interested },
      entry: entry?.kind === "tree" ? entry.entry : null,
      interfaces: interfaces.map(({ nonRoot, role, bun, advertised, told, ...at }) => ({
        ...{ interface: at.interface, role, bun, advertised, told },
        winner: nonRoot?.assert.winner,
        forwarding: nonRoot?.forwarding.forwarding,
      })),
    };
  });
}

/** Compares states at rest with networks that have just started. */
export class FreshStarts {
  readonly #routers: readonly number[];
  readonly #source: Choice;
  readonly #portraits = new Map<string, readonly string[]>();

  /** `source`: how it begins to send. */
  constructor(routers: readonly ModelRouter[], source: Choice) {
    this.#routers = [...routers.keys()];
    this.#source = source;
  }

  /** P8: what is not as it would be without history. `sends`: whether the source sends. */
  broken(rest: Rest, sends: boolean): readonly string[] {
    const starts = this.#routers.map((router) => startOf(rest.memory(router)));
    const key = canonical([starts, sends]);
    const fresh = this.#portraits.get(key) ?? this.#start(starts, sends);
    this.#portraits.set(key, fresh);
    return this.#routers.flatMap((router) => {
      const [is, should] = [canonical(portrait(rest.memory(router))), fresh[router]];
      return is === should ? [] : [`R${router} is ${is}, and would be ${should}`];
    });
  }

  #start(routers: readonly ModelRouter[], sends: boolean): readonly string[] {
    const meetings = routers.flatMap(({ interfaces }, router) =>
      interfaces.map(({ index }) => ({ name: "Hello", acts: [helloOf(router, index)] })),
    );
    const model: Model = {
      name: "fresh",
      about: "A network that has just started.",
      routers,
      prelude: [...meetings, ...(sends ? [this.#source] : [])],
      incidents: [],
      broken: () => [],
      authors: null,
    };
    const network = new Network(model);
    const rest = network.rest(network.initial());
    return this.#routers.map((router) => canonical(portrait(rest.memory(router))));
  }
}
