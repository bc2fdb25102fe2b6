// An interface of the machine as the engine keeps it, and what is to run there.
import { compare } from "../base/ordered.ts";
import type { TreeFilter } from "../base/tree-filter.ts";
import type { BootTime, InterfaceIndex, VifIndex } from "../base/units.ts";
import type { InterfaceSettings } from "../core/settings.ts";
import type { MembershipSettings } from "../membership/settings.ts";
import type { StaticJoin } from "../membership/static-joins.ts";
import type { Configuration, Protocol } from "./configuration.ts";
import { configurationOf } from "./configuration.ts";
import type { Link } from "./host.ts";
import type { Refusal, Wait } from "./notices.ts";
import type { Security } from "./security.ts";
import { NO_SECURITY } from "./security.ts";

/** An interface of the machine. */
export interface Port {
  readonly index: InterfaceIndex;
  link: Link;
  vif: VifIndex | null;
  /** That the host has been told for the VIF. */
  ttlThreshold: number;
  /** Why HPIM-DM, or nothing at all, runs here although it is configured; null: no reason. */
  refusal: Refusal | null;
  /** The obstacle that was reported last, as text to compare. */
  reported: string;
  /** The last one used on an interface of this name (§4), null if it has got another since; null: not read yet. */
  lastBootTime: { readonly of: string | null; readonly value: BootTime } | null;
  /** What messages of HPIM-DM are signed with, and judged by. */
  security: Security;
  /** Membership has been told to run here. */
  membership: boolean;
  /** What the core was last told, as text to compare. */
  told: string;
}

/** What is to run on a port. */
export interface Plan {
  readonly hpim: InterfaceSettings | null;
  readonly igmp: MembershipSettings | null;
  readonly joins: readonly StaticJoin[];
  readonly filter: TreeFilter;
  readonly ttlThreshold: number;
  /** Something runs here: the port is up, has an address and needs a VIF. */
  readonly runs: boolean;
}

/** A port of which nobody has been told. */
export const newPort = (link: Link): Port => ({
  index: link.index,
  link,
  vif: null,
  ttlThreshold: 1,
  refusal: null,
  reported: "",
  lastBootTime: null,
  security: NO_SECURITY,
  membership: false,
  told: "",
});

/** The refusal that the nature of a link asks for. */
export function refusalByNature({ loopback, multicast, type, master }: Link): Refusal | null {
  if (loopback) return { kind: "loopback" };
  if (type === "vrf") return { kind: "vrf" };
  if (master !== null) return { kind: "partOf", ...master };
  return multicast ? null : { kind: "noMulticast" };
}

/** Whether a call of the system failed, which may work later. */
export const isFailure = ({ kind }: Refusal): boolean => kind === "noVif" || kind === "noBootTime";

/** Why `protocol` does not run on a port although it is configured; null: no reason. IGMP has no BootTime. */
export function refusalOf({ refusal }: Readonly<Port>, protocol: Protocol): Refusal | null {
  return protocol === "igmp" && refusal?.kind === "noBootTime" ? null : refusal;
}

/** What keeps `protocol`, which is configured on a port, from running; null: nothing does. What keeps IGMP keeps HPIM-DM. */
export function obstacleOf(port: Readonly<Port>, protocol: Protocol): Refusal | Wait | null {
  const { link } = port;
  const refusal = refusalOf(port, protocol);
  if (refusal !== null) return refusal;
  if (!link.up) return { kind: "down" };
  return link.addresses.length === 0 ? { kind: "noAddress" } : null;
}

/** Whether a protocol could run on the link now. */
export const isUsable = (link: Link): boolean => link.up && link.addresses.length > 0;

/** What is to run on `port` under `configuration`. */
export function planOf(port: Port, configuration: Configuration): Plan {
  const { hpim, igmp, ...rest } = configurationOf(configuration, port.link.name);
  const plan = {
    ...rest,
    hpim: refusalOf(port, "hpim") === null ? hpim : null,
    igmp: refusalOf(port, "igmp") === null ? igmp : null,
  };
  return { ...plan, runs: isUsable(port.link) && (plan.hpim !== null || plan.igmp !== null) };
}

/** Links in ascending order of their index. */
export const inOrder = (links: readonly Link[]): readonly Link[] =>
  [...links].sort((a, b) => compare(a.index, b.index));
