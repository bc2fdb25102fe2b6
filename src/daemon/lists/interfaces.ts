// The list of interfaces.
import type { InterfaceRow } from "../../api/lists/interfaces.ts";
import { formatAddress, formatPrefix } from "../../base/address.ts";
import type { TreePrefixes } from "../../base/tree-filter.ts";
import { ALL_TREES } from "../../base/tree-filter.ts";
import type { InterfaceView } from "../../core/view.ts";
import type { MembershipInterfaceView } from "../../membership/events.ts";
import type { InterfaceConfiguration, Protocol } from "../configuration.ts";
import { configurationOf, missingNames } from "../configuration.ts";
import type { EngineReading } from "../engine-view.ts";
import type { Port } from "../port.ts";
import { refusalOf } from "../port.ts";
import { problemOf } from "../problem.ts";
import { signingKey } from "../security.ts";
import type { Filter, List } from "./list.ts";
import { secondsFrom, wantedPorts, wantsInterface } from "./list.ts";

/** Of a protocol that does not run. */
function stateOf(
  port: Readonly<Port>,
  configured: InterfaceConfiguration,
  protocol: Protocol,
): InterfaceRow["hpim"]["state"] {
  if (configured[protocol] === null) return "off";
  return refusalOf(port, protocol) === null ? "waiting" : "refused";
}

/** What runs on an interface. */
interface OnInterface {
  readonly hpim: InterfaceView["running"];
  readonly igmp: MembershipInterfaceView | undefined;
}

function igmpOf(
  engine: EngineReading,
  notRunning: InterfaceRow["igmp"]["state"],
  running: MembershipInterfaceView | undefined,
): InterfaceRow["igmp"] {
  if (running === undefined) {
    return { state: notRunning, role: null, querier: null, querierExpiresInSeconds: null };
  }
  const { role, querier, otherQuerierDue: due } = running;
  return {
    ...{ state: "running", role, querier: formatAddress(querier) },
    querierExpiresInSeconds: due === null ? null : secondsFrom(engine.now(), due),
  };
}

function signsWith({ security }: InterfaceConfiguration): InterfaceRow["hpim"]["signsWith"] {
  const key = signingKey(security);
  return key && { identifier: key.identifier, algorithm: key.algorithm };
}

function boundaryOf({ filter }: InterfaceConfiguration): InterfaceRow["boundary"] {
  if (filter === ALL_TREES) return null;
  const written = ({ groups, sources }: TreePrefixes) => ({
    groups: groups.map(formatPrefix),
    sources: sources.map(formatPrefix),
  });
  return { allow: written(filter.allow), deny: written(filter.deny) };
}

function row(engine: EngineReading, port: Readonly<Port>, runs: OnInterface): InterfaceRow {
  const { index, link, vif } = port;
  const { name, up, loopback, mtu, addresses } = link;
  const configured = configurationOf(engine.configuration, name);
  const { hpim, igmp } = configured;
  return {
    ...{ name, index, up, loopback, mtu, vif },
    addresses: addresses.map(({ address, subnet }) => `${formatAddress(address)}/${subnet.length}`),
    boundary: boundaryOf(configured),
    ttlThreshold: configured.ttlThreshold,
    problem: hpim === null && igmp === null ? null : problemOf(port, hpim ? "hpim" : "igmp"),
    hpim: {
      state: runs.hpim === null ? stateOf(port, configured, "hpim") : "running",
      address: runs.hpim === null ? null : formatAddress(runs.hpim.address),
      bootTime: runs.hpim?.bootTime ?? null,
      neighbors: runs.hpim?.neighbors.length ?? 0,
      signsWith: signsWith(configured),
    },
    igmp: igmpOf(engine, stateOf(port, configured, "igmp"), runs.igmp),
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
