// What an engine shows of itself: whole, for those who look at a small network, or one thing after the other, for lists.
import type { InterfaceIndex, Millis } from "../base/units.ts";
import type { RouterReading, RouterView } from "../core/view.ts";
import type { MembershipReading, MembershipView } from "../membership/events.ts";
import type { Configuration } from "./configuration.ts";
import type { CountersView } from "./counters.ts";
import type { KernelEntries } from "./host.ts";
import type { Port } from "./port.ts";

/** An engine, whole. */
export interface EngineView {
  readonly now: Millis;
  readonly configuration: Configuration;
  /** In ascending order of the index. */
  readonly ports: readonly Readonly<Port>[];
  readonly router: RouterView;
  readonly membership: MembershipView;
}

/** An engine, as it is read for lists: each call shows what is so when it is made. */
export interface EngineReading extends KernelEntries {
  now(): Millis;
  readonly configuration: Configuration;
  /** The interfaces of the machine, in ascending order of the index. */
  ports(): readonly Readonly<Port>[];
  /** The interface of the machine that has an index; undefined: none has it (any more). */
  port(index: InterfaceIndex): Readonly<Port> | undefined;
  /** The name of an interface; of one that is not known, "#" and its index. */
  nameOf(index: InterfaceIndex): string;
  readonly router: RouterReading;
  readonly membership: MembershipReading;
  readonly counters: CountersView;
}
