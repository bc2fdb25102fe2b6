// The list of interfaces.
import type { InterfaceRow } from "../../api/lists/interfaces.ts";
import { formatAddress } from "../../base/address.ts";
import type { InterfaceView } from "../../core/view.ts";
import type { MembershipInterfaceView } from "../../membership/events.ts";
import { configurationOf, missingNames } from "../configuration.ts";
import type { EngineReading } from "../engine-view.ts";
import type { Port } from "../port.ts";
import { problemOf } from "../problem.ts";
import type { Filter, List } from "./list.ts";
import { secondsFrom, wantedPorts, wantsInterface } from "./list.ts";

function stateOf(
  port: Readonly<Port>,
  configured: boolean,
  running: boolean,
): InterfaceRow["hpim"]["state"] {
  if (running) return "running";
  if (!configured) return "off";
  return port.refusal === null ? "waiting" : "refused";
}

/** What runs on an interface. */
interface OnInterface {
  readonly hpim: InterfaceView["running"];
  readonly igmp: MembershipInterfaceView | undefined;
}

function igmpOf(
  engine: EngineReading,
  state: InterfaceRow["igmp"]["state"],
  running: MembershipInterfaceView | undefined,
): InterfaceRow["igmp"] {
  if (running === undefined) {
    return { state, role: null, querier: null, querierExpiresInSeconds: null };
  }
  const { role, querier, otherQuerierDue: due } = running;
  return {
    ...{ state, role, querier: formatAddress(querier) },
    querierExpiresInSeconds: due === null ? null : secondsFrom(engine.now(), due),
  };
}

function row(engine: EngineReading, port: Readonly<Port>, runs: OnInterface): InterfaceRow {
  const { index, link, vif } = port;
  const { name, up, loopback, mtu, addresses } = link;
  const { hpim, igmp } = configurationOf(engine.configuration, name);
  return {
    ...{ name, index, up, loopback, mtu, vif },
    addresses: addresses.map(({ address, subnet }) => `${formatAddress(address)}/${subnet.length}`),
    problem: hpim === null && igmp === null ? null : problemOf(port),
    hpim: {
      state: stateOf(port, hpim !== null, runs.hpim !== null),
      address: runs.hpim === null ? null : formatAddress(runs.hpim.address),
      bootTime: runs.hpim?.bootTime ?? null,
      neighbors: runs.hpim?.neighbors.length ?? 0,
    },
    igmp: igmpOf(engine, stateOf(port, igmp !== null, runs.igmp !== undefined), runs.igmp),
  };
}

function* rows(engine: EngineReading, filter: Filter): Generator<InterfaceRow> {
  const hpim = new Map(engine.router.interfaces().map(({ index, running }) => [index, running]));
  const igmp = new Map(engine.membership.interfaces().map((view) => [view.interface, view]));
  for (const port of wantedPorts(engine, filter)) {
    yield row(engine, port, { hpim: hpim.get(port.index) ?? null, igmp: igmp.get(port.index) });
  }
}

/** Names for which something is configured, and which the machine does not have, in order. */
export const missingInterfaces = (engine: EngineReading): readonly string[] =>
  missingNames(engine.configuration, new Set(engine.ports().map(({ link }) => link.name)));

/** The list of interfaces. */
export const listInterfaces: List<"interfaces"> = (engine, filter) => ({
  interfaces: rows(engine, filter),
  missing: missingInterfaces(engine).filter((name) => wantsInterface(filter, name)),
});
