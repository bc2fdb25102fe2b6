// Routers of the simulator as they show themselves, for those who compare them.
import { formatAddress } from "../../src/base/address.ts";
import { orderedKeys } from "../../src/base/ordered.ts";
import { formatTree } from "../../src/base/tree-text.ts";
import type { TreeView } from "../../src/core/view.ts";
import type { EngineView } from "../../src/daemon/engine-view.ts";
import type { RestingTree } from "../../src/oracle/rest.ts";
import type { SeenEntry, SeenInterface, SeenRouters, SeenTree } from "./compare.ts";
import type { World } from "./world.ts";

type NameOf = (index: number) => string;

function namesOf({ ports }: EngineView): NameOf {
  const names = new Map<number, string>(ports.map(({ index, link }) => [index, link.name]));
  return (index) => names.get(index) ?? `#${index}`;
}

const seenInterfaces = ({ router }: EngineView, nameOf: NameOf): readonly SeenInterface[] =>
  router.interfaces.map(({ index, running }) => ({
    name: nameOf(index),
    running: running && {
      ...running,
      neighbors: running.neighbors.map((neighbor) => ({
        ...neighbor,
        address: formatAddress(neighbor.address),
      })),
    },
  }));

const seenTree = (
  { source, group, verdict, root, originator, interested, interfaces }: TreeView,
  nameOf: NameOf,
): SeenTree => ({
  source: formatAddress(source),
  group: formatAddress(group),
  state: verdict.state,
  root: root === null ? null : nameOf(root),
  originator,
  interested,
  interfaces: interfaces.map((at) => ({
    name: nameOf(at.interface),
    role: at.role,
    bun: at.bun && formatAddress(at.bun.neighbor),
    nonRoot: at.nonRoot && {
      winner: at.nonRoot.assert.winner,
      interested: at.nonRoot.downstream.interested,
      forwarding: at.nonRoot.forwarding.forwarding,
    },
  })),
});

const seenEntries = (world: World, router: string, nameOf: NameOf): readonly SeenEntry[] =>
  world.entries(router).map(({ source, group, incoming, outgoing }) => ({
    source: formatAddress(source),
    group: formatAddress(group),
    incoming: incoming === null ? null : nameOf(incoming),
    outgoing: outgoing.map(nameOf),
  }));

/** The routers of `world` that run. */
export function look(world: World): SeenRouters {
  const running = orderedKeys(world.scene.running).flatMap((name) => {
    const view = world.view(name);
    if (view === null) return [];
    const nameOf = namesOf(view);
    const interfaces = seenInterfaces(view, nameOf);
    const trees = view.router.trees.map((tree) => seenTree(tree, nameOf));
    return [[name, { interfaces, trees, entries: seenEntries(world, name, nameOf) }] as const];
  });
  return new Map(running);
}

/** P8: what must not depend on history, of the trees whose premises hold; as text to compare. */
export function portrait(world: World, trees: readonly RestingTree[]): string {
  const isOrderly = (at: TreeView): boolean =>
    trees.some(({ source, group }) => source === at.source && group === at.group);
  const rows = orderedKeys(world.scene.running).flatMap((name) => {
    const view = world.view(name);
    if (view === null) return [];
    const nameOf = namesOf(view);
    return view.router.trees
      .filter(isOrderly)
      .map(({ verdict, rpc, originator, root, interested, entry, interfaces, ...tree }) => ({
        tree: `${name} ${formatTree(tree)}`,
        ...{ verdict, rpc, originator, root, interested, entry },
        interfaces: interfaces.map((at) => ({
          name: nameOf(at.interface),
          ...{ role: at.role, bun: at.bun, advertised: at.advertised, told: at.told },
          winner: at.nonRoot?.assert.winner,
          forwarding: at.nonRoot?.forwarding.forwarding,
        })),
      }));
  });
  return rows.map((row) => JSON.stringify(row)).join("\n");
}
