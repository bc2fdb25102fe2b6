// The commands of a scenario, as plain values. forms.ts says how each is written, docs/scenarios.md what it does.
import type { Address, Prefix } from "../base/address.ts";
import type { Millis } from "../base/units.ts";

/** A router's interface: "R4.eth1". */
export interface Port {
  readonly router: string;
  readonly interface: string;
}

/** A kind of message of HPIM-DM. */
export type MessageKind =
  | "hello"
  | "sync"
  | "iamUpstream"
  | "iamNoLongerUpstream"
  | "interest"
  | "noInterest"
  | "ack";

/** A kind of message of IGMP. Queries are general or about one group. */
export type MembershipKind = "generalQuery" | "groupQuery" | "report" | "leave";

/** An address and the length of its subnet's prefix: "10.1.1.2/24". */
export interface InterfaceAddress {
  readonly address: Address;
  readonly length: number;
}

/** A route that a router has in place of those that costs give. */
export interface WrittenRoute {
  readonly destination: Prefix;
  /** Addresses of the next hops, at least one. */
  readonly via: readonly Address[];
  readonly metric: number;
}

/** A message that is waited for, or from which a time is taken. */
export interface SaidMessage {
  readonly message: MessageKind | MembershipKind;
  /** A router or a host. */
  readonly node: string;
  readonly link: string;
}

/** From when a time is taken, if it is, and the setting that it is a multiple of. */
export interface Since {
  readonly since: SaidMessage | null;
  readonly by: string | null;
}

/** What only a simulated network can be made to do. */
export type SimulatedAct =
  /** The interface is gone from the machine. */
  | { readonly kind: "vanish"; readonly port: Port }
  /** It is there again, and up. */
  | { readonly kind: "return"; readonly port: Port }
  /** In place of the one it has, on the same subnet. */
  | { readonly kind: "readdress"; readonly port: Port; readonly address: Address }
  /** No route: those that costs give again. */
  | { readonly kind: "routes"; readonly router: string; readonly routes: readonly WrittenRoute[] }
  /** The router has no route for a moment. */
  | { readonly kind: "blink"; readonly router: string; readonly span: Millis }
  /** From now on, each router learns of new unicast routes within this time. */
  | { readonly kind: "lag"; readonly span: Millis }
  | { readonly kind: "clock"; readonly router: string; readonly step: Millis }
  /** Of thousand control messages; `only` of one kind if it is not null. */
  | {
      readonly kind: "weather";
      readonly lost: number;
      readonly duplicated: number;
      readonly delayed: number;
      readonly delay: Millis;
      readonly only: MessageKind | null;
    }
  | { readonly kind: "goodWeather" }
  | { readonly kind: "deaf"; readonly hearer: Port; readonly sayer: Port }
  | { readonly kind: "hear"; readonly hearer: Port; readonly sayer: Port }
  /** In good weather until nothing but Hellos is said. */
  | { readonly kind: "rest" };

/** What makes something happen. */
export type Act =
  /** No router: all of them. */
  | { readonly kind: "start"; readonly routers: readonly string[] }
  /** In good order. */
  | { readonly kind: "stop"; readonly routers: readonly string[] }
  /** Without a word. */
  | { readonly kind: "kill"; readonly routers: readonly string[] }
  | { readonly kind: "up"; readonly port: Port }
  | { readonly kind: "down"; readonly port: Port }
  | { readonly kind: "cost"; readonly port: Port; readonly cost: number }
  | { readonly kind: "addAddress"; readonly port: Port; readonly address: InterfaceAddress }
  | { readonly kind: "removeAddress"; readonly port: Port; readonly address: InterfaceAddress }
  | { readonly kind: "hpim"; readonly port: Port; readonly on: boolean }
  | { readonly kind: "igmp"; readonly port: Port; readonly on: boolean }
  | { readonly kind: "join"; readonly host: string; readonly groups: readonly Address[] }
  | { readonly kind: "leave"; readonly host: string; readonly groups: readonly Address[] }
  | {
      readonly kind: "send";
      readonly host: string;
      readonly groups: readonly Address[];
      readonly every: Millis;
    }
  /** No group: to all of them. */
  | { readonly kind: "stopSending"; readonly host: string; readonly groups: readonly Address[] }
  | { readonly kind: "unplug"; readonly host: string }
  /** `count` null: all of them; so many more arrive before the first is lost. */
  | {
      readonly kind: "lose";
      readonly count: number | null;
      readonly message: MessageKind;
      readonly router: string;
      readonly link: string;
      readonly skip: number;
    }
  | { readonly kind: "loseNothing" }
  | { readonly kind: "wait"; readonly span: Millis }
  /** What was seen so far does not count any more. */
  | { readonly kind: "mark" }
  | { readonly kind: "untilSynced" }
  | ({ readonly kind: "untilSaid"; readonly times: number } & SaidMessage)
  | SimulatedAct;

/** What is looked at; lines follow. No router, host or link: all of them, or all that run. */
export type Show =
  | {
      readonly kind: "showTrees";
      readonly routers: readonly string[];
      readonly groups: readonly Address[];
    }
  | ({ readonly kind: "showNeighbors"; readonly routers: readonly string[] } & Since)
  /** With both sides' numbers. */
  | { readonly kind: "showSynchronisations"; readonly routers: readonly string[] }
  | ({ readonly kind: "showGroups"; readonly routers: readonly string[] } & Since)
  | ({ readonly kind: "showQueriers"; readonly routers: readonly string[] } & Since)
  /** Why the routers' trees are in their states. */
  | { readonly kind: "showReasons"; readonly routers: readonly string[] }
  /** Who has won the assert there, and why. */
  | { readonly kind: "showAssert"; readonly port: Port }
  | { readonly kind: "showCounters"; readonly routers: readonly string[] }
  /** What was announced, and everyone's last interest. */
  | { readonly kind: "showSaid"; readonly links: readonly string[] }
  /** No kind: all but Hellos and Acks. */
  | {
      readonly kind: "showMessages";
      readonly links: readonly string[];
      readonly only: readonly MessageKind[];
    }
  /** Syncs in the order in which they were said, with their numbers. */
  | { readonly kind: "showExchange"; readonly links: readonly string[] }
  /** How many trees each pair told each other in Syncs. */
  | { readonly kind: "showSnapshots"; readonly links: readonly string[] }
  /** Of IGMP. */
  | { readonly kind: "showMembership"; readonly links: readonly string[] }
  /** How often each message was said, and how far apart. No kind: as with messages. */
  | {
      readonly kind: "showCopies";
      readonly links: readonly string[];
      readonly only: readonly (MessageKind | MembershipKind)[];
    }
  /** Under which BootTimes each router spoke, and with which sequence numbers. */
  | { readonly kind: "showNumbers"; readonly links: readonly string[] }
  /** How often packets that are sent from now on are carried. */
  | { readonly kind: "showData"; readonly links: readonly string[] }
  /** How often packets since the mark were carried. */
  | { readonly kind: "showAllData"; readonly links: readonly string[] }
  /** How often packets that are sent from now on are received. */
  | {
      readonly kind: "showReceived";
      readonly hosts: readonly string[];
      readonly groups: readonly Address[];
    }
  /** How many packets since the mark were lost. */
  | { readonly kind: "showLost"; readonly hosts: readonly string[] }
  /** How many packets since the mark came more than once. */
  | { readonly kind: "showDoubled"; readonly hosts: readonly string[] };

/** A command. */
export type Command = Act | Show;
