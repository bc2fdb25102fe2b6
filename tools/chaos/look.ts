// Routers on the real kernel as they show themselves: what their lists say, and the kernel's own table.
import type { z } from "zod";
import { countersSchema } from "../../src/api/lists/counters.ts";
import { type GroupsAnswer, groupsSchema } from "../../src/api/lists/groups.ts";
import { interfacesSchema } from "../../src/api/lists/interfaces.ts";
import { type MrouteRow, mrouteSchema } from "../../src/api/lists/mroute.ts";
import { neighborsSchema } from "../../src/api/lists/neighbors.ts";
import { sequenceNumbersSchema } from "../../src/api/lists/sequence-numbers.ts";
import { type TreeRow, treesSchema } from "../../src/api/lists/trees.ts";
import { queryDaemon } from "../../src/lab/daemon-process.ts";
import type { Lab } from "../../src/lab/lab.ts";
import type { SeenInterface, SeenRouter, SeenTree } from "../campaign/compare.ts";
import type { Scene } from "../campaign/scene.ts";
import { entriesOf, membershipsOf, vifsOf } from "./kernel.ts";
import { membershipDifferences } from "./membership.ts";

/** A router, and where its kernel differs from what its daemon believes. */
export interface Sight {
  readonly seen: SeenRouter;
  readonly differences: readonly string[];
}

/** The groups that a daemon joins on each interface, once. */
const ROUTER_GROUPS = ["224.0.0.2", "224.0.0.13", "224.0.0.22"];
const ALL_SYSTEMS = " 224.0.0.1 ";

const seenTree = ({ interfaces, ...tree }: TreeRow): SeenTree => ({
  ...tree,
  interfaces: interfaces.map(({ interface: name, role, bun, nonRoot }) => ({
    name,
    role,
    bun: bun?.neighbor ?? null,
    nonRoot: nonRoot && {
      winner: nonRoot.assert.winner,
      interested: nonRoot.downstream.interested,
      forwarding: nonRoot.forwarding.state !== "pruned",
    },
  })),
});

interface Lists {
  readonly interfaces: z.output<typeof interfacesSchema>["interfaces"];
  readonly missing: readonly string[];
  readonly neighbors: z.output<typeof neighborsSchema>["neighbors"];
  readonly groups: GroupsAnswer["groups"];
  readonly numbers: z.output<typeof sequenceNumbersSchema>;
  readonly trees: readonly TreeRow[];
  readonly mroute: readonly MrouteRow[];
}

async function listsOf(lab: Lab, router: string): Promise<Lists> {
  const list = async <S extends z.ZodType>(name: string, schema: S): Promise<z.output<S>> =>
    schema.parse(await queryDaemon(lab, router, name));
  return {
    ...(await list("interfaces", interfacesSchema)),
    neighbors: (await list("neighbors", neighborsSchema)).neighbors,
    groups: (await list("groups", groupsSchema)).groups,
    numbers: await list("sequence-numbers", sequenceNumbersSchema),
    trees: (await list("trees", treesSchema)).trees,
    mroute: (await list("mroute", mrouteSchema)).entries,
  };
}

function seenInterfaces({ interfaces, neighbors, numbers }: Lists): readonly SeenInterface[] {
  return interfaces.map(({ name }) => {
    const own = numbers.interfaces.find((row) => row.interface === name);
    const at = neighbors.filter((row) => row.interface === name);
    return { name, running: own === undefined ? null : { ...own, neighbors: at } };
  });
}

function sameLists(
  what: string,
  actual: readonly string[],
  due: readonly string[],
): readonly string[] {
  const [is, should] = [actual.toSorted().join(", "), due.toSorted().join(", ")];
  return is === should ? [] : [`${what}: ${is || "none"}; should be ${should || "none"}`];
}

/** Numbers of messages: none; VIFs and groups: one of each for each interface, and none of former ones. */
function leftovers({ interfaces, numbers: { lastSns } }: Lists, pid: number): readonly string[] {
  const used = interfaces.filter(({ hpim, igmp }) =>
    [hpim, igmp].some((p) => p.state === "running"),
  );
  const vifs = [...vifsOf(pid)].map(([number, { name }]) => `${name} ${number}`);
  const due = interfaces.filter(({ vif }) => vif !== null).map(({ name, vif }) => `${name} ${vif}`);
  const joined = membershipsOf(pid).filter((text) => !text.includes(ALL_SYSTEMS));
  const memberships = used.flatMap(({ name }) =>
    ROUTER_GROUPS.map((group) => `${name} ${group} 1`),
  );
  // §15: at rest all has been acknowledged, and Hellos say so.
  const numbers = lastSns.map(({ neighbor, source, group }) => `${neighbor} (${source}, ${group})`);
  return [
    ...sameLists("numbers remembered", numbers, []),
    ...sameLists("VIFs of the kernel", vifs, due),
    ...sameLists("groups joined", joined, memberships),
  ];
}

const wayText = (
  source: string,
  group: string,
  way: { readonly incoming: string | null; readonly outgoing: readonly string[] },
): string => `(${source}, ${group}) ${way.incoming} to ${way.outgoing.toSorted().join(" ")}`;

/** What a router has said and dropped, from the first. */
export interface Talk {
  /** Messages of HPIM-DM but Hellos. */
  readonly said: number;
  /** "R2 eth1: truncated option" for all that no router of ours sends. */
  readonly malformed: readonly string[];
}

/** docs/counters.md: malformed or signed. To a wrong destination goes what was on its way while an address changed. */
const MALFORMED =
  /^(too short|not IPv4|wrong (header length|total length|checksum)|truncated .*|fragment|unexpected protocol|TTL not 1|unknown .*|option of .*|repeated option|no HoldTime|signed, .*)$/;

/** What the daemon of a router counts. Throws LabError if it does not answer. */
export async function talkOf(lab: Lab, router: string): Promise<Talk> {
  const { counters } = countersSchema.parse(await queryDaemon(lab, router, "counters"));
  const said = counters.map(({ sent: { hpim } }) =>
    Object.values({ ...hpim, hello: 0 }).reduce((sum, count) => sum + count, 0),
  );
  const malformed = counters.flatMap((row) =>
    row.dropped
      .filter(({ reason }) => MALFORMED.test(reason))
      .map(({ protocol, reason }) => `${router} ${row.interface}: ${protocol}: ${reason}`),
  );
  return { said: said.reduce((sum, count) => sum + count, 0), malformed };
}

/** The router whose daemon is the process `pid`. Throws LabError if it does not answer. */
export async function lookAt(
  lab: Lab,
  scene: Scene,
  { router, pid }: { readonly router: string; readonly pid: number },
): Promise<Sight> {
  const lists = await listsOf(lab, router);
  const entries = entriesOf(pid);
  const believed = lists.mroute.flatMap(({ source, group, daemon }) =>
    daemon === null ? [] : [wayText(source, group, daemon)],
  );
  const installed = entries.map((entry) => wayText(entry.source, entry.group, entry));
  const told = lists.mroute.flatMap(({ source, group, difference }) =>
    difference === null ? [] : [`(${source}, ${group}) ${difference}`],
  );
  const differences = [
    ...sameLists("entries of the kernel", installed, believed),
    ...told,
    ...lists.missing.map((name) => `${name} is missing`),
    ...leftovers(lists, pid),
    ...membershipDifferences(scene, router, lists),
  ];
  const seen = { interfaces: seenInterfaces(lists), trees: lists.trees.map(seenTree), entries };
  return { seen, differences: differences.map((text) => `${router}: ${text}`) };
}
