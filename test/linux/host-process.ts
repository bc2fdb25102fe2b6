// A LinuxHost in a network namespace, as a test sees it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type Address, formatPrefix } from "../../src/base/address.ts";
import type { InterfaceIndex } from "../../src/base/units.ts";
import type { Route } from "../../src/core/events.ts";
import type { Host, HostEvent, InstalledEntry, Link, Upcall } from "../../src/daemon/host.ts";
import { whenDone } from "../support/cleanup.ts";
import type { Namespace } from "../support/namespace.ts";
import { DriverProcess } from "./driver-process.ts";

interface Calls extends Omit<Host, "readEntries"> {
  readEntries(): readonly InstalledEntry[];
  hearUntilSomething(interfaces: readonly InterfaceIndex[]): number;
  readBetweenEntries(source: Address, group: Address): readonly [hits: number, left: number];
  start(): void;
  close(): void;
  ip(...words: string[]): string;
}

/** An empty directory that lives as long as the test. */
export function temporaryDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "hpt-"));
  whenDone(t, () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** The host's events, the state they add up to, and its methods. */
export class HostProcess {
  readonly #driver: DriverProcess<HostEvent>;

  constructor(t: TestContext, namespace: Namespace) {
    const directory = temporaryDirectory(t);
    this.#driver = new DriverProcess(t, namespace, "host-driver.js", directory);
  }

  /** Calls a method. Throws its HostError. */
  call<K extends keyof Calls>(
    name: K,
    ...args: Parameters<Calls[K]>
  ): Promise<ReturnType<Calls[K]>> {
    return this.#driver.call(name, ...args) as Promise<ReturnType<Calls[K]>>;
  }

  kill(): Promise<void> {
    return this.#driver.kill();
  }

  /** Has it stand still while `act` runs. */
  suspend(act: () => Promise<void>): Promise<void> {
    return this.#driver.suspend(act);
  }

  get events(): readonly HostEvent[] {
    return this.#driver.events;
  }

  /** Waits until `find` finds something. */
  until<T>(what: string, find: (host: this) => T | undefined): Promise<T> {
    return this.#driver.until(what, () => find(this));
  }

  /** The events of one kind so far. */
  eventsOf<K extends HostEvent["kind"]>(kind: K): readonly Extract<HostEvent, { kind: K }>[] {
    return this.events.filter(
      (event): event is Extract<HostEvent, { kind: K }> => event.kind === kind,
    );
  }

  /** All upcalls so far. */
  get upcalls(): readonly Upcall[] {
    return this.eventsOf("upcalls").flatMap((event) => event.upcalls);
  }

  /** The links as last told. */
  get links(): readonly Link[] {
    return this.eventsOf("links").at(-1)?.links ?? [];
  }

  /** The link of a name, as last told. */
  link(name: string): Link | undefined {
    return this.links.find((link) => link.name === name);
  }

  /** Waits for the link `name` to be such that `holds`. */
  untilLink(name: string, holds: (link: Link) => boolean = () => true): Promise<Link> {
    return this.until(`${name} as wanted`, () => {
      const link = this.link(name);
      return link !== undefined && holds(link) ? link : undefined;
    });
  }

  /** The routes that all changes so far add up to. */
  get rib(): ReadonlyMap<string, readonly Route[]> {
    const rib = new Map<string, readonly Route[]>();
    for (const change of this.eventsOf("routes").flatMap((event) => event.changes)) {
      if (change.routes.length === 0) rib.delete(formatPrefix(change.prefix));
      else rib.set(formatPrefix(change.prefix), change.routes);
    }
    return rib;
  }

  /** Waits for the routes of a prefix to be such that `holds`. */
  untilRoutes(
    prefix: string,
    holds: (routes: readonly Route[]) => boolean = (routes) => routes.length > 0,
  ): Promise<readonly Route[]> {
    return this.until(`the routes of ${prefix} as wanted`, () => {
      const routes = this.rib.get(prefix) ?? [];
      return holds(routes) ? routes : undefined;
    });
  }
}
