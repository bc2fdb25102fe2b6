// What runs on each interface of the machine, brought in line with the configuration and the links (§5.6).
import { invariant } from "../base/invariant.ts";
import { orderedKeys, orderedValues } from "../base/ordered.ts";
import { ALL_TREES } from "../base/tree-filter.ts";
import type { InterfaceIndex, Millis } from "../base/units.ts";
import { after, bootTime, millis } from "../base/units.ts";
import type { RouterAction, RouterEvent } from "../core/events.ts";
import type { MembershipEvent } from "../membership/events.ts";
import type { MembershipSettings } from "../membership/settings.ts";
import { DEFAULT_MEMBERSHIP_SETTINGS } from "../membership/settings.ts";
import type { Configuration } from "./configuration.ts";
import { configurationOf, EMPTY_CONFIGURATION, missingNames } from "./configuration.ts";
import type { Host, Link } from "./host.ts";
import { attempt } from "./host-calls.ts";
import type { DaemonNotice, Refusal } from "./notices.ts";
import type { Plan, Port } from "./port.ts";
import { inOrder, isFailure, newPort, obstacleOf, planOf, refusalByNature } from "./port.ts";
import type { Security } from "./security.ts";
import { NO_SECURITY, signatureBytes } from "./security.ts";

/** What a failing call of the system keeps from running is tried anew after so long. */
const RETRY_PERIOD = millis(10_000);

/** Whom the ports tell. */
export interface PortLifeOptions {
  readonly host: Host;
  readonly report: (notice: DaemonNotice) => void;
  /** The instant of the event that is handled. */
  readonly now: () => Millis;
  readonly tellRouter: (event: RouterEvent) => void;
  readonly tellMembership: (event: MembershipEvent) => void;
  /** Has the entries written anew that have the interface as an output. */
  readonly rewriteEntries: (index: InterfaceIndex) => void;
  /** Has the entries written that wait, which name the interface no more, and gives its VIF back. */
  readonly giveBackVif: (index: InterfaceIndex) => void;
}

/** The ports of a machine. */
export class PortLife {
  readonly #options: PortLifeOptions;
  readonly #ports = new Map<InterfaceIndex, Port>();
  /** Ports that were refused while an event was handled, to be told before it ends. */
  readonly #refused: Port[] = [];
  /** Names that are configured and were reported to be missing. */
  #missing: ReadonlySet<string> = new Set();
  #knowsLinks = false;
  /** When what a failing call keeps from running is tried anew. */
  #retryAt: Millis | undefined;
  #configuration: Configuration = EMPTY_CONFIGURATION;

  constructor(options: PortLifeOptions) {
    this.#options = options;
  }

  /** In ascending order of the index. */
  all(): readonly Port[] {
    return orderedValues(this.#ports);
  }

  /** The port of an interface, if there is one. */
  get(index: InterfaceIndex): Port | undefined {
    return this.#ports.get(index);
  }

  /** What messages on an interface are signed with and judged by (§3). */
  securityOf(index: InterfaceIndex): Security {
    return this.#ports.get(index)?.security ?? NO_SECURITY;
  }

  /** From now on this is configured. */
  configure(configuration: Configuration): void {
    this.#configuration = configuration;
    for (const port of this.all()) this.#reconsider(port);
    this.#reportMissing();
  }

  /** From now on these are the interfaces of the machine. Returns those that have gone. */
  setLinks(links: readonly Link[]): readonly InterfaceIndex[] {
    const present = new Map(links.map((link) => [link.index, link]));
    const gone = orderedKeys(this.#ports).filter((index) => !present.has(index));
    for (const index of gone) this.#remove(index);
    for (const link of inOrder(links)) {
      const port = this.#ports.get(link.index) ?? newPort(link);
      // Whoever has the old name meanwhile may store a higher BootTime for it.
      const last = port.lastBootTime;
      if (last !== null && port.link.name !== link.name) port.lastBootTime = { ...last, of: null };
      port.link = link;
      this.#ports.set(link.index, port);
      this.#reconsider(port);
    }
    this.#knowsLinks = true;
    this.#reportMissing();
    return gone;
  }

  /** Stops what was refused since the last call. */
  concludeRefusals(): void {
    for (let port = this.#refused.shift(); port !== undefined; port = this.#refused.shift()) {
      this.#reconcile(port);
    }
  }

  /** When `retry` is to be called; undefined: nothing waits for it. */
  nextDeadline(): Millis | undefined {
    return this.#retryAt;
  }

  /** If it is time, tries anew what a failing call keeps from running. */
  retry(now: Millis): void {
    if (this.#retryAt === undefined || now < this.#retryAt) return;
    this.#retryAt = undefined;
    for (const port of this.all()) {
      if (port.refusal !== null && isFailure(port.refusal)) this.#reconsider(port);
    }
  }

  #reportMissing(): void {
    if (!this.#knowsLinks) return;
    const present = new Set(this.all().map(({ link }) => link.name));
    const missing = missingNames(this.#configuration, present);
    const reported = this.#missing;
    this.#missing = new Set(missing);
    for (const name of missing) {
      if (!reported.has(name)) this.#options.report({ kind: "missing", name });
    }
  }

  #remove(index: InterfaceIndex): void {
    const port = this.#ports.get(index);
    invariant(port !== undefined, "an interface that has gone was there");
    this.#endMembership(port);
    this.#options.tellRouter({ kind: "interfaceGone", interface: index });
    this.#giveBackVif(port);
    this.#ports.delete(index);
  }

  /** Tries anew what was refused: the reason may have gone. */
  #reconsider(port: Port): void {
    const { hpim, igmp } = configurationOf(this.#configuration, port.link.name);
    const isConfigured = hpim !== null || igmp !== null;
    port.refusal = isConfigured ? refusalByNature(port.link) : null;
    this.#reconcile(port);
    if (isConfigured) this.#reportObstacle(port);
    else port.reported = "";
  }

  #refuse(port: Port, refusal: Refusal): void {
    port.refusal = refusal;
    if (isFailure(refusal)) this.#retryAt ??= after(this.#options.now(), RETRY_PERIOD);
    this.#reportObstacle(port);
  }

  /** Once for each obstacle, until it goes or is another. */
  #reportObstacle(port: Port): void {
    const obstacle = obstacleOf(port, "hpim");
    const text = obstacle === null ? "" : JSON.stringify(obstacle);
    if (port.reported === text) return;
    port.reported = text;
    const { index } = port;
    if (obstacle?.kind === "down" || obstacle?.kind === "noAddress") {
      this.#options.report({ kind: "waits", interface: index, why: obstacle.kind });
    } else if (obstacle !== null) {
      this.#options.report({ kind: "refused", interface: index, refusal: obstacle });
    }
  }

  /** Brings what runs on a port in line with what is to run there. A VIF exists before entries name it and after. */
  #reconcile(port: Port): void {
    this.#takeVif(port);
    this.#readBootTime(port);
    const plan = planOf(port, this.#configuration);
    this.#changeTtlThreshold(port, plan);
    if (!plan.runs || plan.igmp === null) this.#endMembership(port);
    const { security } = configurationOf(this.#configuration, port.link.name);
    // Where HPIM-DM ends, neighbors still have to believe the goodbye.
    if (plan.hpim !== null) port.security = security;
    this.#tellFacts(port, plan);
    port.security = security;
    if (plan.runs && plan.igmp !== null) this.#tellPlan(port, plan.igmp, plan);
    if (!plan.runs) this.#giveBackVif(port);
  }

  #takeVif(port: Port): void {
    if (port.vif !== null || !planOf(port, this.#configuration).runs) return;
    const taken = attempt(() => this.#options.host.startInterface(port.index));
    if ("value" in taken) port.vif = taken.value;
    else this.#refuse(port, { kind: "noVif", failure: taken.failure });
  }

  /** What ends keeps its threshold until its VIF goes: nothing may get out meanwhile that could not before. */
  #changeTtlThreshold(port: Port, { runs, ttlThreshold }: Plan): void {
    if (!runs || port.ttlThreshold === ttlThreshold) return;
    port.ttlThreshold = ttlThreshold;
    this.#options.host.setTtlThreshold(port.index, ttlThreshold);
    this.#options.rewriteEntries(port.index);
  }

  #giveBackVif(port: Port): void {
    if (port.vif === null) return;
    this.#options.giveBackVif(port.index);
    port.vif = null;
    port.ttlThreshold = 1;
  }

  /** Once for each time that it gets a name: what cannot be read later must not end what runs. */
  #readBootTime(port: Port): void {
    const { name } = port.link;
    const before = port.lastBootTime;
    if (before?.of === name || planOf(port, this.#configuration).hpim === null) return;
    const { host } = this.#options;
    const last = attempt(() => {
      const stored = host.lastBootTime(name);
      if (before === null || before.value <= stored) return stored;
      // Renamed: neighbors know the BootTime that it had under its old name.
      host.storeBootTime(name, before.value);
      return before.value;
    });
    if ("value" in last) port.lastBootTime = { of: name, value: last.value };
    else this.#refuse(port, { kind: "noBootTime", failure: last.failure });
  }

  #tellFacts(port: Port, plan: Plan): void {
    const { index, name, up, mtu, addresses } = port.link;
    const { hpim: protocol, filter } = plan;
    const membership = plan.igmp !== null;
    const bytes = signatureBytes(port.security);
    const heard = [index, name, up, mtu, addresses, protocol, bytes, membership, filter];
    const text = JSON.stringify(heard);
    if (text === port.told) return;
    port.told = text;
    const facts = {
      index,
      name,
      up,
      mtu,
      addresses,
      protocol,
      signatureBytes: bytes,
      membership,
      filter,
      lastBootTime: port.lastBootTime?.value ?? bootTime(0),
      unixSeconds: this.#options.host.unixSeconds(),
    };
    this.#options.tellRouter({ kind: "interface", facts });
  }

  #tellPlan(port: Port, settings: MembershipSettings, { filter, joins }: Plan): void {
    const [first] = port.link.addresses;
    invariant(first !== undefined, "membership runs on an interface without an address");
    const subnets = port.link.addresses.map((address) => address.subnet);
    port.membership = true;
    const about = { interface: port.index, address: first.address, subnets };
    this.#options.tellMembership({ kind: "interface", ...about, settings, filter, joins });
  }

  #endMembership(port: Port): void {
    if (!port.membership) return;
    port.membership = false;
    const settings = DEFAULT_MEMBERSHIP_SETTINGS;
    const nothing = { address: null, subnets: [], settings, filter: ALL_TREES, joins: [] };
    const about = { interface: port.index, ...nothing };
    this.#options.tellMembership({ kind: "interface", ...about });
  }

  /** The core begins with a BootTime: it has it on disk now, or HPIM-DM is refused. */
  storeBootTime(action: Extract<RouterAction, { kind: "storeBootTime" }>): void {
    const port = this.#ports.get(action.interface);
    if (port === undefined || this.isMuted(port.index)) return;
    const last = { of: port.link.name, value: action.bootTime };
    const stored = attempt(() => this.#options.host.storeBootTime(last.of, last.value));
    if ("value" in stored) port.lastBootTime = last;
    else {
      this.#refuse(port, { kind: "noBootTime", failure: stored.failure });
      this.#refused.push(port);
    }
  }

  /** §4: not even a goodbye leaves with a BootTime that is not on disk. */
  isMuted(index: InterfaceIndex): boolean {
    return this.#ports.get(index)?.refusal?.kind === "noBootTime";
  }
}
