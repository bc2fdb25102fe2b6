// Labs for one test each: under names of this process, in a directory of their own, gone at the end of the test.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { execInNode } from "../../src/lab/exec.ts";
import { downLab, type Lab, listLabs, upLab } from "../../src/lab/lab.ts";
import { existingNamespaces } from "../../src/lab/namespaces.ts";
import type { Topology } from "../../src/topology/topology.ts";
import { whenDone } from "../support/cleanup.ts";

/** Where a test's labs are, and what their names begin with. */
export interface LabSite {
  readonly directory: string;
  readonly prefix: string;
}

let sites = 0;

/** A place for labs; all labs in it are taken down when the test ends. */
export function labSite(context: TestContext): LabSite {
  sites++;
  const site = {
    directory: mkdtempSync(join(tmpdir(), "hpim-lab-")),
    prefix: `hpt-${process.pid}-${sites}`,
  };
  whenDone(context, async () => {
    for (const { name } of listLabs(site.directory)) {
      await downLab({ name, directory: site.directory });
    }
    rmSync(site.directory, { recursive: true });
  });
  return site;
}

/** `topology` brought up without daemons. */
export const upQuietly = (
  { directory, prefix }: LabSite,
  topology: Topology,
  suffix = "",
): Promise<Lab> => upLab(topology, `${prefix}${suffix}`, { directory, daemons: [] });

/** The namespaces of a site's labs. */
export const namespacesAt = ({ prefix }: LabSite): readonly string[] =>
  [...existingNamespaces()].filter((name) => name.startsWith(`hpim-${prefix}`)).sort();

/** Asserts that nothing of a site's labs is left: neither namespace nor record nor file. */
export function assertNothingLeft(site: LabSite): void {
  assert.deepEqual(namespacesAt(site), []);
  assert.deepEqual(existsSync(site.directory) ? readdirSync(site.directory) : [], []);
}

/** Standard output of a command in a node, which must succeed. */
export async function outputIn(lab: Lab, node: string, command: string): Promise<string> {
  const { code, stdout, stderr } = await execInNode(lab, node, command.split(" "));
  assert.equal(code, 0, `${node}: ${command}: ${stderr}`);
  return stdout.trim();
}

/** The routes of protocol 11 that the kernel of a node has, one a line, in order. */
export async function kernelRoutes(lab: Lab, node: string): Promise<readonly string[]> {
  const ipv6 = [...lab.topology.links.values()].some(({ subnet }) => subnet.address.length === 16);
  const family = ipv6 ? "-6" : "-4";
  const text = await outputIn(lab, node, `ip ${family} -json route show proto 11`);
  const routes: readonly KernelRoute[] = JSON.parse(text);
  return routes.map(routeText).sort();
}

interface KernelHop {
  readonly gateway: string;
  readonly dev: string;
}

interface KernelRoute extends KernelHop {
  readonly dst: string;
  readonly metric: number;
  readonly nexthops?: readonly KernelHop[];
}

function routeText(route: KernelRoute): string {
  const hops = (route.nexthops ?? [route]).map(({ gateway, dev }) => `${gateway} ${dev}`).sort();
  return `${route.dst} via ${hops.join(", ")} metric ${route.metric}`;
}
