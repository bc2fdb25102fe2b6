// The network of a chaos run: real routers in namespaces, what is done to them, and its repair.
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "yaml";
import { versionSchema } from "../../src/api/responses.ts";
import { formatAddress, formatPrefix } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import {
  type DaemonProgram,
  daemonConfiguration,
  daemonFilesOf,
  killDaemon,
  queryDaemon,
  startDaemon,
} from "../../src/lab/daemon-process.ts";
import type { Lab } from "../../src/lab/lab.ts";
import { LabError } from "../../src/lab/lab-error.ts";
import { namespaceOf, portOf, switchNamespaceOf } from "../../src/lab/names.ts";
import type { DevicePlace } from "../../src/lab/plan.ts";
import { type RepairScope, repairLab } from "../../src/lab/repair.ts";
import { run } from "../../src/lab/run.ts";
import { ROUTE_PROTOCOL, routesOf } from "../../src/topology/routes.ts";
import { endsOf, isSwitched, type Router, subnetOf } from "../../src/topology/topology.ts";
import type { Happening, Scene } from "../campaign/scene.ts";
import { sceneAfter } from "../campaign/scene.ts";
import { isAlive } from "./kernel.ts";
import { type Harm, OTHER_HOST, otherAddress } from "./shock.ts";
import { Traffic } from "./traffic.ts";

/** Settings of all daemons, as the configuration file names them. */
export interface Settings {
  readonly hpim: Readonly<Record<string, string | number>>;
  readonly igmp: Readonly<Record<string, string | number>>;
}

/** The programs of the daemons: node and the daemon's own file, unless told otherwise. */
export type ProgramOf = (router: string) => DaemonProgram;

/** How a network is to run. */
export interface NetworkOptions {
  readonly settings: Settings;
  readonly programOf: ProgramOf;
  readonly signal: AbortSignal;
}

const COMMAND = fileURLToPath(new URL("../../../bin/hpim-dm", import.meta.url));
/** A daemon that hangs answers no command. */
const COMMAND_ENDS_WITHIN_MS = 5_000;
const REPAIRED_WITHIN_MS = 60_000;
const WORSE_BY = 7;
type InterfaceHarm = Extract<Harm, { readonly name: string }>;
type RouteHarm = Extract<Harm, { readonly link: string }>;

/** A router's daemon. */
interface Daemon {
  /** null: it was killed. */
  pid: number | null;
  /** Starts, one after the other. */
  starting: Promise<void>;
  /** Commands changed what runs. */
  isTouched: boolean;
}

/** A network that runs. */
export class ChaosNetwork {
  readonly traffic: Traffic;
  /** Aborted: the run ends early. */
  readonly signal: AbortSignal;
  readonly #lab: Lab;
  readonly #settings: Settings;
  readonly #programOf: ProgramOf;
  readonly #daemons = new Map<string, Daemon>();
  /** Daemons that ended by themselves, in words. */
  readonly #deaths: string[] = [];
  #scene: Scene;
  /** Changes of namespaces, one after the other. */
  #changing: Promise<unknown> = Promise.resolve();

  /** Of a lab without daemons; `scene` is as the lab is. */
  constructor(lab: Lab, scene: Scene, { settings, programOf, signal }: NetworkOptions) {
    this.#lab = lab;
    this.#scene = scene;
    this.#settings = settings;
    this.#programOf = programOf;
    this.signal = signal;
    this.traffic = new Traffic(lab);
    for (const router of scene.topology.routers.keys()) {
      this.#daemons.set(router, { pid: null, starting: Promise.resolve(), isTouched: false });
    }
  }

  get scene(): Scene {
    return this.#scene;
  }

  /** The lab, with the topology of the scene. */
  get lab(): Lab {
    return { ...this.#lab, topology: this.#scene.topology };
  }

  get routers(): readonly string[] {
    return [...this.#daemons.keys()];
  }

  #daemon(router: string): Daemon {
    return known(this.#daemons.get(router), `router ${router} has a daemon`);
  }

  /** The process of a router's daemon. Throws LabError if it does not run. */
  pid(router: string): number {
    const { pid } = this.#daemon(router);
    if (pid !== null && isAlive(pid)) return pid;
    throw new LabError(`The daemon of ${router}, process ${pid}, has ended by itself.`);
  }

  /** Starts the daemons that do not run. Throws LabError if one does not come up. */
  async start(routers: readonly string[] = this.routers): Promise<void> {
    await Promise.all(
      routers.map((router) => {
        const daemon = this.#daemon(router);
        const start = daemon.starting.then(() => this.#startNow(router, daemon));
        daemon.starting = start.catch(() => undefined);
        return start;
      }),
    );
  }

  async #startNow(router: string, daemon: Daemon): Promise<void> {
    if (daemon.pid !== null) return;
    this.#writeConfiguration(router);
    await startDaemon(this.#lab, router, this.#programOf(router));
    daemon.pid = versionSchema.parse(await queryDaemon(this.#lab, router, "version")).pid;
  }

  #router(name: string): Router {
    return known(this.#scene.topology.routers.get(name), `the topology has router ${name}`);
  }

  #configuration(router: string): { readonly interfaces: Record<string, object> } {
    return { ...this.#settings, ...parse(daemonConfiguration(this.#router(router))) };
  }

  #writeConfiguration(router: string): void {
    const { configuration } = daemonFilesOf(this.#lab, router);
    mkdirSync(dirname(configuration), { recursive: true });
    writeFileSync(configuration, stringify(this.#configuration(router)));
  }

  /** Does the harm. What cannot be done, because of another harm, is left. */
  async harm(router: string, harm: Harm): Promise<void> {
    switch (harm.kind) {
      case "kill":
        await this.#kill(router);
        return;
      case "hang":
        this.#signal(router, "SIGSTOP");
        return;
      case "noRoute":
      case "blackhole":
      case "worseRoute":
        await this.#harmRoute(router, harm);
        return;
      case "reload":
        await this.#command(router, ["config", "load", this.#otherConfiguration(router)]);
        return;
      case "hpim":
        await this.#command(router, ["interface", "remove", harm.name]);
        return;
      case "igmp":
        await this.#command(router, ["igmp", "remove", harm.name]);
        return;
      default:
        await this.#ip(...this.#interfaceHarm(router, harm));
    }
  }

  /** Ends the harm. */
  async heal(router: string, harm: Harm): Promise<void> {
    switch (harm.kind) {
      case "kill":
        await this.start([router]);
        return;
      case "hang":
        this.#signal(router, "SIGCONT");
        return;
      case "noRoute":
      case "blackhole":
      case "worseRoute":
        await this.#repair({ devices: [], routesOf: [router] });
        return;
      case "reload":
        await this.#command(router, [
          "config",
          "load",
          daemonFilesOf(this.#lab, router).configuration,
        ]);
        return;
      case "hpim":
        await this.#command(router, ["interface", "add", harm.name]);
        return;
      case "igmp":
        await this.#command(router, ["igmp", "add", harm.name]);
        return;
      default: {
        const devices = this.#cableOf(router, harm.name);
        await this.#repair({ devices, routesOf: devices.map(({ node }) => node) });
      }
    }
  }

  /** Makes what is to stay so. */
  async change(what: Happening): Promise<void> {
    this.#scene = sceneAfter(this.#scene, what);
    if (what.kind === "interface") await this.#repair({ devices: [], routesOf: this.routers });
    else await this.#inOrder(() => this.traffic.follow(this.#scene));
  }

  /** Ends all that may be the matter: the network is as the scene says. Throws LabError if that cannot be done. */
  async repair(): Promise<readonly string[]> {
    this.wake();
    await Promise.all([...this.#daemons.values()].map(({ starting }) => starting));
    const broken = await this.#repair();
    if (broken.length > 0) throw new LabError(`The lab cannot be repaired: ${broken.join("\n")}`);
    for (const router of this.routers) this.#noteDeath(router);
    await this.start();
    await Promise.all(this.routers.map((router) => this.#loadOwn(router)));
    return this.#deaths.splice(0);
  }

  /** Ends the hanging of all daemons. */
  wake(): void {
    for (const router of this.routers) this.#signal(router, "SIGCONT");
  }

  async #loadOwn(router: string): Promise<void> {
    const daemon = this.#daemon(router);
    if (!daemon.isTouched) return;
    const { configuration } = daemonFilesOf(this.#lab, router);
    const load = ["config", "load", configuration];
    const { code, said } = await this.#command(router, load, REPAIRED_WITHIN_MS);
    if (code !== 0) throw new LabError(`${router}: hpim-dm config load ends with ${code}: ${said}`);
    daemon.isTouched = false;
  }

  #noteDeath(router: string): void {
    const daemon = this.#daemon(router);
    if (daemon.pid === null || isAlive(daemon.pid)) return;
    this.#deaths.push(`The daemon of ${router}, process ${daemon.pid}, has ended by itself.`);
    daemon.pid = null;
  }

  async #kill(router: string): Promise<void> {
    const daemon = this.#daemon(router);
    this.#noteDeath(router);
    if (daemon.pid === null) return;
    daemon.pid = null;
    await killDaemon(this.#lab, router);
  }

  #signal(router: string, signal: NodeJS.Signals): void {
    const { pid } = this.#daemon(router);
    if (pid !== null && isAlive(pid)) process.kill(pid, signal);
  }

  #inOrder<T>(act: () => Promise<T>): Promise<T> {
    const acting = this.#changing.then(act);
    this.#changing = acting.catch(() => undefined);
    return acting;
  }

  #repair(scope?: RepairScope): Promise<readonly string[]> {
    return this.#inOrder(() => repairLab(this.lab, scope));
  }

  #ip(namespace: string, ...commands: readonly string[]): Promise<unknown> {
    const text = commands.map((command) => `${command}\n`).join("");
    return this.#inOrder(() => run(["ip", "-n", namespace, "-force", "-batch", "-"], text));
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
    const port = this.#router(router).interfaces.find((at) => at.name === name);
    return known(port, `${router} has ${name}`).link;
  }

  /** Where, and the commands of ip(8). */
  #interfaceHarm(router: string, { kind, name }: InterfaceHarm): readonly [string, ...string[]] {
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
      default:
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

  /** A file with other settings of the same interfaces. */
  #otherConfiguration(router: string): string {
    const file = daemonFilesOf(this.#lab, router).configuration.replace(/\.yaml$/, "-other.yaml");
    const document = this.#configuration(router);
    const [first = ""] = Object.keys(document.interfaces);
    const changed = { ...document.interfaces[first], ttlThreshold: 2 };
    const interfaces = { ...document.interfaces, [first]: changed };
    const hpim = { ...this.#settings.hpim, initialFloodTime: "1s", treesPerNeighborLimit: 1 };
    writeFileSync(file, stringify({ ...document, hpim, interfaces }));
    return file;
  }

  /** Types a command of ours for a router's daemon; one that hangs is ended. */
  #command(
    router: string,
    words: readonly string[],
    timeout: number = COMMAND_ENDS_WITHIN_MS,
  ): Promise<{ readonly code: number | null; readonly said: string }> {
    this.#daemon(router).isTouched = true;
    const { runtimeDirectory } = daemonFilesOf(this.#lab, router);
    const child = spawn(process.execPath, [COMMAND, ...words, "--runtime-dir", runtimeDirectory], {
      stdio: ["ignore", "pipe", "pipe"],
      timeout,
      killSignal: "SIGKILL",
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
    }
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, said }));
    });
  }
}
