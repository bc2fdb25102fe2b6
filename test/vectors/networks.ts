// The networks that the captures were taken in, as INDEX.md describes them.
import { type Address, ip } from "../../src/base/address.ts";

/** A route to the source's subnet. */
export interface PlannedRoute {
  readonly protocol: number;
  readonly metric: number;
  /** null: the subnet is on the link of the router's first interface. */
  readonly gateway: Address | null;
}

/** A router of a network. Interface i (eth0 is 1) has the i-th address; every subnet is a /24. */
export interface PlannedRouter {
  readonly name: string;
  readonly addresses: readonly Address[];
  readonly route: PlannedRoute;
  /** Those of its addresses on whose links it serves listeners. */
  readonly serves: readonly Address[];
  /** Trees in one Sync; null: as many as the MTU carries. */
  readonly treesPerSync: number | null;
}

/** Subnet of the source 10.1.1.100. */
export const SOURCE_SUBNET = "10.1.1.0/24";
/** The source of every tree. */
export const SOURCE: Address = ip("10.1.1.100");

const KERNEL = 2;
const STATIC = 4;
const CONNECTED: PlannedRoute = { protocol: KERNEL, metric: 0, gateway: null };

const via = (gateway: string, metric: number): PlannedRoute => ({
  protocol: STATIC,
  metric,
  gateway: ip(gateway),
});

const router = (
  name: string,
  addresses: string,
  route: PlannedRoute,
  serves: readonly string[] = [],
): PlannedRouter => ({
  name,
  addresses: addresses.split(" ").map(ip),
  route,
  serves: serves.map(ip),
  treesPerSync: null,
});

/** PAIR of INDEX.md. */
export const PAIR: readonly PlannedRouter[] = [
  router("R1", "10.1.1.1 10.2.2.1", CONNECTED),
  router("R2", "10.2.2.2 10.7.7.2", via("10.2.2.1", 20), ["10.7.7.2"]),
];

/** FIG2 of INDEX.md. Among equal routes, R5 and R6 use the one by R4. */
export const FIG2: readonly PlannedRouter[] = [
  router("R1", "10.1.1.1 10.2.2.1 10.3.3.1 10.4.4.1", CONNECTED),
  router("R2", "10.2.2.2 10.5.5.2 10.9.9.2", via("10.2.2.1", 20)),
  router("R3", "10.3.3.3 10.5.5.3", via("10.3.3.1", 20)),
  router("R4", "10.4.4.4 10.5.5.4", via("10.4.4.1", 20)),
  router("R5", "10.5.5.5 10.6.6.5", via("10.5.5.4", 30)),
  router("R6", "10.5.5.6 10.7.7.6", via("10.5.5.4", 30), ["10.7.7.6"]),
  router("R7", "10.6.6.7 10.8.8.7 10.9.9.7", via("10.9.9.2", 30), ["10.8.8.7"]),
];

/** Algorithms of d1, in the order of their links 10.20.k.0/24, k from 1. */
export const ALGORITHMS: readonly string[] = [
  "blake2b",
  "blake2s",
  "md5",
  "sha1",
  "sha224",
  "sha256",
  "sha384",
  "sha3_224",
  "sha3_256",
  "sha3_384",
  "sha3_512",
  "sha512",
];

const linksOfD1 = (host: number): string =>
  ALGORITHMS.map((_, i) => `10.20.${i + 1}.${host}`).join(" ");

/** The network of d1: R1 and R2 joined by a link for each algorithm; R2's route is by the first of them. */
export const MANY_LINKS: readonly PlannedRouter[] = [
  router("R1", `10.1.1.1 ${linksOfD1(1)}`, CONNECTED),
  router("R2", `${linksOfD1(2)} 10.7.7.2`, via("10.20.1.1", 20), ["10.7.7.2"]),
];
