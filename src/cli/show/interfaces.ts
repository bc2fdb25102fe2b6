// hpim-dm show interfaces, as a table.
import type { InterfaceRow, InterfacesAnswer } from "../../api/lists/interfaces.ts";
import { duration, orDash } from "../table.ts";
import type { Render } from "./render.ts";
import { listTable } from "./render.ts";

type Prefixes = NonNullable<InterfaceRow["boundary"]>["allow"];

const HEAD = [
  ...["Interface", "Link", "Addresses", "VIF", "HPIM-DM", "BootTime", "Neighbors"],
  ...["IGMP", "Querier", "Expires"],
];

/** " (key 7)": it signs. */
const keyOf = ({ signsWith }: InterfaceRow["hpim"]): string =>
  signsWith === null ? "" : ` (key ${signsWith.identifier})`;

function row({ name, addresses, up, vif, hpim, igmp }: InterfaceRow): string[] {
  const isOn = hpim.state === "running";
  const expires = igmp.querierExpiresInSeconds;
  return [
    name,
    up ? "up" : "down",
    orDash(addresses.join("\n")),
    orDash(vif),
    (isOn ? "on" : hpim.state) + keyOf(hpim),
    orDash(hpim.bootTime),
    isOn ? String(hpim.neighbors) : "-",
    igmp.role ?? igmp.state,
    orDash(igmp.querier),
    expires === null ? "-" : duration(expires),
  ];
}

function listed({ groups, sources }: Prefixes): string {
  const ofGroups = groups.length === 0 ? [] : [`groups ${groups.join(" ")}`];
  const ofSources = sources.length === 0 ? [] : [`sources ${sources.join(" ")}`];
  return [...ofGroups, ...ofSources].join(", ");
}

/** What does not pass an interface, in sentences. */
function limitsOf({ name, boundary, ttlThreshold }: InterfaceRow): readonly string[] {
  const allowed = boundary === null ? "" : listed(boundary.allow);
  const denied = boundary === null ? "" : listed(boundary.deny);
  return [
    ...(allowed === "" ? [] : [`${name} allows only ${allowed}.`]),
    ...(denied === "" ? [] : [`${name} denies ${denied}.`]),
    ...(ttlThreshold > 1
      ? [`${name} lets out what arrived with a TTL above ${ttlThreshold}.`]
      : []),
  ];
}

/** The interfaces; below them, where not everything passes, and what keeps any from running what is configured on it. */
export const renderInterfaces: Render<InterfacesAnswer> = function* (answer, look) {
  const { interfaces, missing } = answer;
  yield* listTable(look, HEAD, interfaces.map(row), "There are no interfaces.");
  yield* interfaces.flatMap(limitsOf);
  for (const { problem } of interfaces) if (problem !== null) yield problem;
  for (const name of missing) yield `${name} is configured, but there is no such interface.`;
};
