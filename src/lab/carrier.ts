// The kernel tells interfaces of their carrier some time after both ends are up, and only then do sockets and switches
// use them: a lab is up when all of them know.
import { endsOf, isSwitched, type Topology } from "../topology/topology.ts";
import { LabError } from "./lab-error.ts";
import { namespaceOf, portOf, switchNamespaceOf } from "./names.ts";
import { run } from "./run.ts";
import { waitUntil } from "./wait-until.ts";

const READY_WITHIN_MS = 10_000;

interface DeviceState {
  readonly ifname: string;
  readonly operstate: string;
  readonly linkinfo?: { readonly info_slave_data?: { readonly state?: string } };
}

/** The devices of each namespace that have to know of a carrier. */
function expectedOf(topology: Topology, lab: string): ReadonlyMap<string, readonly string[]> {
  const isUp = (node: string, device: string): boolean =>
    topology.routers.get(node)?.interfaces.find(({ name }) => name === device)?.up ?? true;
  const expected = new Map<string, string[]>();
  const expect = (namespace: string, device: string): void => {
    expected.set(namespace, [...(expected.get(namespace) ?? []), device]);
  };
  for (const link of topology.links.keys()) {
    const ends = endsOf(topology, link);
    const live = ends.filter((end) => isUp(end.node, end.interface));
    const switched = isSwitched(topology, link);
    if (!switched && live.length < ends.length) continue;
    for (const end of live) {
      expect(namespaceOf(lab, end.node), end.interface);
      if (switched) expect(switchNamespaceOf(lab), portOf(end.node, end.interface));
    }
  }
  return expected;
}

async function usableIn(namespace: string): Promise<ReadonlySet<string>> {
  const { code, stdout } = await run(["ip", "-n", namespace, "-json", "-details", "link", "show"]);
  if (code !== 0) return new Set();
  const devices: readonly DeviceState[] = JSON.parse(stdout);
  const usable = devices.filter(
    ({ operstate, linkinfo }) =>
      operstate === "UP" && (linkinfo?.info_slave_data?.state ?? "forwarding") === "forwarding",
  );
  return new Set(usable.map(({ ifname }) => ifname));
}

async function waitIn(namespace: string, devices: readonly string[]): Promise<void> {
  let missing = devices;
  await waitUntil(async () => {
    const usable = await usableIn(namespace);
    missing = devices.filter((device) => !usable.has(device));
    return missing.length === 0;
  }, READY_WITHIN_MS);
  if (missing.length === 0) return;
  throw new LabError(`No carrier on ${missing.join(", ")} in namespace ${namespace}.`);
}

/** Waits until every interface that is up, with its other end, carries packets. Throws LabError if one does not. */
export async function waitForCarriers(topology: Topology, lab: string): Promise<void> {
  const expected = expectedOf(topology, lab);
  await Promise.all([...expected].map(([namespace, devices]) => waitIn(namespace, devices)));
}
