// hpim-dm show interfaces, as a table.
import type { InterfaceRow, InterfacesAnswer } from "../api/responses.ts";
import { orDash, table } from "./table.ts";

function hpimOf({ hpim }: InterfaceRow): string {
  return hpim.state === "running" ? "on" : hpim.state;
}

function igmpOf({ igmp }: InterfaceRow): string {
  return igmp.role ?? igmp.state;
}

const total = ({ dropped }: InterfaceRow): number =>
  dropped.reduce((sum, { count }) => sum + count, 0);

function row(shown: InterfaceRow): string[] {
  const { name, addresses, up, vif, hpim, igmp } = shown;
  const isOn = hpim.state === "running";
  return [
    name,
    up ? "up" : "down",
    orDash(addresses.join(" ")),
    orDash(vif),
    hpimOf(shown),
    isOn ? String(hpim.neighbors) : "-",
    orDash(hpim.bootTime),
    igmpOf(shown),
    orDash(igmp.querier),
    orDash(total(shown) || null),
  ];
}

const HEAD = [
  ...["Interface", "Link", "Addresses", "VIF", "HPIM-DM", "Neighbors", "BootTime"],
  ...["IGMP", "Querier", "Dropped"],
];

/** The interfaces; below them, what keeps any from running what is configured on it, and what was dropped. */
export function renderInterfaces({ interfaces, missing }: InterfacesAnswer): string {
  const problems = interfaces.flatMap(({ problem }) => problem ?? []);
  const absent = missing.map((name) => `${name} is configured, but there is no such interface.`);
  const drops = interfaces.flatMap(({ name, dropped }) =>
    dropped.map(({ reason, count }) => `${name} dropped ${count}: ${reason}`),
  );
  const shown = table(HEAD, interfaces.map(row), { empty: "There are no interfaces." });
  return [shown, ...problems, ...absent, ...drops].join("\n");
}
