// Network namespaces for tests on the real kernel. They are removed when the test ends.
import { execFileSync } from "node:child_process";
import type { TestContext } from "node:test";
import { whenDone } from "./cleanup.ts";

/** Options for `test` of a test that makes namespaces: skipped where that is not allowed. */
export const needsRoot: { readonly skip: string | false } = {
  skip: process.getuid?.() === 0 ? false : "makes network namespaces, which takes root",
};

const living = new Set<string>();
let made = 0;

/** Runs `ip` with these words. Throws with what it wrote to stderr. */
export const ip = (...words: readonly string[]): string =>
  execFileSync("ip", words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

function remove(name: string): void {
  if (living.delete(name)) ip("netns", "delete", name);
}

function removeAll(): void {
  for (const name of [...living]) remove(name);
}

process.on("exit", removeAll);

/** A network namespace. */
export class Namespace {
  /** As `ip netns` knows it. */
  readonly name: string;

  /** Makes one, with its loopback up, that lives as long as the test `t`. */
  constructor(t: TestContext) {
    made++;
    this.name = `hpt-${process.pid}-${made}`;
    ip("netns", "add", this.name);
    living.add(this.name);
    whenDone(t, () => remove(this.name));
    this.ip("link", "set", "lo", "up");
  }

  /** Runs `ip` in it, with words separated by blanks: `namespace.ip("link set r0 up")`. */
  ip(...words: readonly string[]): string {
    return ip("-n", this.name, ...words.flatMap((word) => word.split(" ")));
  }

  /** Runs a program in it and returns what it wrote to stdout. */
  run(program: string, ...words: readonly string[]): string {
    return ip("netns", "exec", this.name, program, ...words);
  }
}

/** Sets a variable below /proc/sys, "net/ipv4/igmp_qrv", in a network namespace. */
export function setSysctl(namespace: string, variable: string, value: number): void {
  ip("netns", "exec", namespace, "sh", "-c", `echo ${value} >/proc/sys/${variable}`);
}

/** An interface in a namespace, as tests name it. */
export interface End {
  readonly namespace: Namespace;
  readonly name: string;
  /** "10.1.0.1/24"; null: no address. */
  readonly address: string | null;
}

/** Joins two namespaces by a veth pair, up, with its addresses. */
export function connect(a: End, b: End): void {
  const { name: inA } = a.namespace;
  const { name: inB } = b.namespace;
  ip(
    ..."link add".split(" "),
    ...`name ${a.name} netns ${inA} type veth peer name ${b.name} netns ${inB}`.split(" "),
  );
  for (const end of [a, b]) {
    if (end.address !== null) end.namespace.ip(`address add ${end.address} dev ${end.name}`);
    end.namespace.ip(`link set ${end.name} up`);
  }
}
