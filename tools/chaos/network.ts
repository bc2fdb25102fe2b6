// The network of a chaos run: real routers in namespaces, what is done to them, and its repair.
import { formatAddress, formatPrefix } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import type { Lab } from "../../src/lab/lab.ts";
import { LabError } from "../../src/lab/lab-error.ts";
import { namespaceOf, portOf, switchNamespaceOf } from "../../src/lab/names.ts";
import type { DevicePlace } from "../../src/lab/plan.ts";
import { type RepairScope, repairLab } from "../../src/lab/repair.ts";
import { run } from "../../src/lab/run.ts";
import { ROUTE_PROTOCOL, routesOf } from "../../src/topology/routes.ts";
import { endsOf, isSwitched, subnetOf } from "../../src/topology/topology.ts";
import type { Happening, Scene } from "../campaign/scene.ts";
import { sceneAfter } from "../campaign/scene.ts";
import { Daemons, type ProgramOf, type Settings } from "./daemons.ts";
import { type DeviceHarm, type Harm, OTHER_HOST, otherAddress } from "./shock.ts";
import { Traffic } from "./traffic.ts";

/** How a network is to run. */
export interface NetworkOptions {
  readonly settings: Settings;
  readonly programOf: ProgramOf;
  readonly signal: AbortSignal;
}

const WORSE_BY = 7;
const LOST_PERCENT = 40;
const ROUTES_IN_BURST = 3_000;
const ROUTE_BURST: readonly string[] = ["add", "del"].flatMap((verb) =>
  Array.from(
    { length: ROUTES_IN_BURST },
    (_, i) => `route ${verb} blackhole 172.16.${i >> 8}.${i & 255}/32`,
  ),
);

type RouteHarm = Extract<Harm, { readonly link: string }>;

const lossOn = (name: string): string => `loss_${name}`;

/** For nft(8). It goes with its interface. */
const lossTable = (name: string): string => {
  const hook = `type filter hook ingress device ${name} priority 0;`;
  const rule = `numgen random mod 100 < ${LOST_PERCENT} drop;`;
  return `table netdev ${lossOn(name)} { chain in { ${hook} ${rule} }; }`;
};

/** A network that runs. */
export class ChaosNetwork {
  readonly traffic: Traffic;
  readonly daemons: Daemons;
  /** Aborted: the run ends early. */
  readonly signal: AbortSignal;
  readonly #lab: Lab;
  #scene: Scene;
  /** Changes of namespaces, one after the other. */
  #changing: Promise<unknown> = Promise.resolve();

  /** Of a lab without daemons; `scene` is as the lab is. */
  constructor(lab: Lab, scene: Scene, { settings, programOf, signal }: NetworkOptions) {
    this.#lab = lab;
    this.#scene = scene;
    this.signal = signal;
    this.daemons = new Daemons(lab, settings, programOf);
    this.traffic = new Traffic(lab);
  }

  get scene(): Scene {
    return this.#scene;
  }

  /** The lab, with the topology of the scene. */
  get lab(): Lab {
    return { ...this.#lab, topology: this.#scene.topology };
  }

  get routers(): readonly string[] {
    return this.daemons.routers;
  }

  /** Does the harm. What cannot be done, because of another harm, is left. */
  async harm(router: string, harm: Harm): Promise<void> {
    switch (harm.kind) {
      case "kill":
      case "stop":
        return this.daemons.end(router, harm.kind);
      case "hang":
        return this.daemons.signal(router, "SIGSTOP");
      case "noRoute":
      case "blackhole":
      case "worseRoute":
        return this.#harmRoute(router, harm);
      case "routeBurst":
        return this.#ip(namespaceOf(this.#lab.name, router), ...ROUTE_BURST);
      case "reload":
        return void (await this.daemons.load(router, "other"));
      case "hpim":
        return void (await this.daemons.command(router, ["interface", "remove", harm.name]));
      case "igmp":
        return void (await this.daemons.command(router, ["igmp", "remove", harm.name]));
      case "loss":
        return this.#nft(router, lossTable(harm.name));
      default:
        return this.#ip(...this.#deviceHarm(router, harm));
    }
  }

  /** Ends the harm. */
  async heal(router: string, harm: Harm): Promise<void> {
    switch (harm.kind) {
      case "kill":
      case "stop":
        return this.daemons.start([router]);
      case "hang":
        return this.daemons.signal(router, "SIGCONT");
      case "noRoute":
      case "blackhole":
      case "worseRoute":
        return void (await this.#repair({ devices: [], routesOf: [router] }));
      case "routeBurst":
        return;
      case "reload":
        return void (await this.daemons.load(router, "own"));
      case "hpim":
        return void (await this.daemons.command(router, ["interface", "add", harm.name]));
      case "igmp":
        return void (await this.daemons.command(router, ["igmp", "add", harm.name]));
      case "loss":
        return this.#nft(router, `delete table netdev ${lossOn(harm.name)}`);
      default: {
        const devices = this.#cableOf(router, harm.name);
        return void (await this.#repair({ devices, routesOf: devices.map(({ node }) => node) }));
      }
    }
  }

  /** Makes what is to stay so. */
  async change(what: Happening): Promise<void> {
    this.#scene = sceneAfter(this.#scene, what);
    if (what.kind === "interface") await this.#repair({ devices: [], routesOf: this.routers });
    else await this.#inOrder(() => this.traffic.follow(this.#scene));
  }

  /**
   * Ends all that may be the matter: the network is as the scene says. Returns what daemons did that they must not.
   * Throws LabError if it cannot be repaired.
   */
  async repair(): Promise<readonly string[]> {
    this.daemons.wake();
    await Promise.all(this.routers.map((router) => this.#nft(router, "flush ruleset")));
    const broken = await this.#repair();
    if (broken.length > 0) throw new LabError(`The lab cannot be repaired: ${broken.join("\n")}`);
    return this.daemons.repair();
  }

  #inOrder<T>(act: () => Promise<T>): Promise<T> {
    const acting = this.#changing.then(act);
    this.#changing = acting.catch(() => undefined);
    return acting;
  }

  #repair(scope?: RepairScope): Promise<readonly string[]> {
    return this.#inOrder(() => repairLab(this.lab, scope));
  }

  async #ip(namespace: string, ...commands: readonly string[]): Promise<void> {
    const text = commands.map((command) => `${command}\n`).join("");
    await this.#inOrder(() => run(["ip", "-n", namespace, "-force", "-batch", "-"], text));
  }

  async #nft(router: string, rules: string): Promise<void> {
    const namespace = namespaceOf(this.#lab.name, router);
    await this.#inOrder(() => run(["ip", "netns", "exec", namespace, "nft", rules]));
  }

  /** The interface, and that at the other end of its cable if there is one. */
  #cableOf(router: string, name: string): readonly DevicePlace[] {
    const own = { node: router, device: name };
    const link = this.#linkOf(router, name);
    if (isSwitched(this.#scene.topology, link)) return [own];
    const ends = endsOf(this.#scene.topology, link).filter(({ node }) => node !== router);
    return [own, ...ends.map((end) => ({ node: end.node, device: end.interface }))];
  }

  #linkOf(router: string, name: string): string {
    const ports = this.#scene.topology.routers.get(router)?.interfaces;
    const port = ports?.find((at) => at.name === name);
    return known(port, `${router} has ${name}`).link;
  }

  /** Where, and the commands of ip(8). */
  #deviceHarm(router: string, { kind, name }: DeviceHarm): readonly [string, ...string[]] {
    const namespace = namespaceOf(this.#lab.name, router);
    const subnet = subnetOf(this.#scene.topology, this.#linkOf(router, name));
    const other = (host: number): string =>
      `${formatAddress(otherAddress(subnet, host))}/${subnet.length}`;
    const flush = `address flush dev ${name}`;
    switch (kind) {
      case "carrier": {
        const [, end] = this.#cableOf(router, name);
        if (end) return [namespaceOf(this.#lab.name, end.node), `link set dev ${end.device} down`];
        return [switchNamespaceOf(this.#lab.name), `link set dev ${portOf(router, name)} down`];
      }
      case "down":
        return [namespace, `link set dev ${name} down`];
      case "delete":
        return [namespace, `link delete dev ${name}`];
      case "noAddress":
        return [namespace, flush];
      case "secondAddress":
        return [namespace, `address add ${other(OTHER_HOST.secondAddress)} dev ${name}`];
      case "renumber":
        return [namespace, flush, `address add ${other(OTHER_HOST.renumber)} dev ${name}`];
    }
  }

  async #harmRoute(router: string, { kind, link }: RouteHarm): Promise<void> {
    const subnet = formatPrefix(subnetOf(this.#scene.topology, link));
    const routes = routesOf(this.#scene.topology).get(router) ?? [];
    const route = routes.find(({ destination }) => formatPrefix(destination) === subnet);
    if (route === undefined) return;
    const { metric } = route;
    const hop = known(route.nextHops[0], "a route has a next hop");
    const way = `via ${formatAddress(hop.via)} dev ${hop.interface}`;
    const own = `${subnet} proto ${ROUTE_PROTOCOL} metric ${metric}`;
    const worse = `${subnet} proto ${ROUTE_PROTOCOL} metric ${metric + WORSE_BY} ${way}`;
    const commands = {
      noRoute: [`route del ${own}`],
      blackhole: [`route replace blackhole ${own}`],
      worseRoute: [`route add ${worse}`, `route del ${own}`],
    }[kind];
    await this.#ip(namespaceOf(this.#lab.name, router), ...commands);
  }
}
