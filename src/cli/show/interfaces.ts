// hpim-dm show interfaces, as a table.
import type { InterfaceRow, InterfacesAnswer } from "../../api/lists/interfaces.ts";
import { duration, orDash } from "../table.ts";
import type { Render } from "./render.ts";
import { listTable } from "./render.ts";

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

/** The interfaces; below them, what keeps any from running what is configured on it. */
export const renderInterfaces: Render<InterfacesAnswer> = function* (answer, look) {
  const { interfaces, missing } = answer;
  yield* listTable(look, HEAD, interfaces.map(row), "There are no interfaces.");
  for (const { problem } of interfaces) if (problem !== null) yield problem;
  for (const name of missing) yield `${name} is configured, but there is no such interface.`;
};
