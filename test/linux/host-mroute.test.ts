// Multicast forwarding by a real kernel: VIFs, entries, upcalls, counters, with real UDP packets.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { type TestContext, test } from "node:test";
import { ip } from "../../src/base/address.ts";
import type { InterfaceIndex } from "../../src/base/units.ts";
import type { Upcall } from "../../src/daemon/host.ts";
import { connect, Namespace, needsRoot, setSysctl } from "../support/namespace.ts";
import { until } from "../support/until.ts";
import { DriverProcess } from "./driver-process.ts";
import { HostProcess } from "./host-process.ts";

const SOURCE = ip("10.1.0.2");
const GROUP = ip("239.1.1.1");
/** Of the packets that udp-driver.ts sends. */
const TTL = 8;

/** An application on a host, which sends to and listens for GROUP. */
class Application {
  readonly #driver: DriverProcess<string>;
  readonly #local: string;

  constructor(t: TestContext, namespace: Namespace, local: string) {
    this.#driver = new DriverProcess(t, namespace, "udp-driver.js");
    this.#local = local;
  }

  #event(text: string): Promise<string> {
    return this.#driver.until(text, () => this.#driver.events.find((event) => event === text));
  }

  ready(): Promise<string> {
    return this.#event("ready");
  }

  async join(): Promise<void> {
    await this.#driver.call("join", "239.1.1.1", this.#local);
  }

  /** Sends one packet for each text, one after the other. */
  async send(...texts: readonly string[]): Promise<void> {
    for (const text of texts) {
      await this.#driver.call("send", text, "239.1.1.1", this.#local);
      await this.#event(`sent ${text}`);
    }
  }

  /** Sends one packet to each group. */
  async sendTo(groups: readonly string[]): Promise<void> {
    const calls = groups.map((group) => this.#driver.call("send", "first", group, this.#local));
    await Promise.all(calls);
  }

  /** Waits until `text` has been received. */
  received(text: string): Promise<string> {
    return this.#event(`got ${text}`);
  }

  /** All that was received, in order. */
  get all(): readonly string[] {
    return this.#driver.events.flatMap((event) => (event.startsWith("got ") ? event.slice(4) : []));
  }
}

/** source 10.1.0.2 - r0 ROUTER r1 - listener 10.2.0.2, and a third interface r2. */
async function network(t: TestContext): Promise<{
  readonly r: Namespace;
  readonly host: HostProcess;
  readonly indexes: readonly [InterfaceIndex, InterfaceIndex, InterfaceIndex];
  readonly source: Application;
  readonly listener: Application;
}> {
  const r = new Namespace(t);
  const hosts = [0, 1, 2].map((i) => {
    const namespace = new Namespace(t);
    connect(
      { namespace: r, name: `r${i}`, address: `10.${i + 1}.0.1/24` },
      { namespace, name: "c", address: `10.${i + 1}.0.2/24` },
    );
    return namespace;
  });
  setSysctl(r.name, "net/ipv4/conf/all/rp_filter", 0);
  const host = new HostProcess(t, r);
  await host.call("start");
  const start = async (name: string): Promise<InterfaceIndex> => {
    const { index } = await host.untilLink(name, (link) => link.up);
    await host.call("startInterface", index);
    return index;
  };
  const indexes = [await start("r0"), await start("r1"), await start("r2")] as const;
  const [sourceNamespace, listenerNamespace] = hosts as [Namespace, Namespace];
  const source = new Application(t, sourceNamespace, "10.1.0.2");
  const listener = new Application(t, listenerNamespace, "10.2.0.2");
  await source.ready();
  await listener.ready();
  await listener.join();
  return { r, host, indexes, source, listener };
}

const upcall = (host: HostProcess, reason: Upcall["reason"]): Promise<Upcall> =>
  host.until(`an upcall ${reason}`, () => host.upcalls.find((event) => event.reason === reason));

/** Waits until the entry of (SOURCE, GROUP) has counted `packets`. */
const counted = (host: HostProcess, packets: number): Promise<void> =>
  until(`${packets} packets counted`, async () => {
    const counters = await host.call("readCounters", SOURCE, GROUP);
    return counters?.packets === packets;
  });

test(
  "§13 data without an entry: one missingEntry; the entry releases what waited, and forwards the rest",
  needsRoot,
  async (t) => {
    const { host, indexes, source, listener } = await network(t);
    const [r0, r1] = indexes;
    await source.send("1", "2", "3", "4");
    assert.deepEqual(await upcall(host, "missingEntry"), {
      reason: "missingEntry",
      interface: r0,
      source: SOURCE,
      group: GROUP,
    });
    const [waiting] = await host.call("readEntries");
    assert.deepEqual(
      [waiting?.source, waiting?.group, waiting?.unresolved, waiting?.incoming],
      [SOURCE, GROUP, true, null],
    );
    assert.equal(await host.call("readCounters", SOURCE, GROUP), null);
    assert.equal(await host.call("readEntry", SOURCE, GROUP), null);
    await host.call("writeEntry", SOURCE, GROUP, r0, [r1]);
    await source.send("5", "6");
    await listener.received("6");
    assert.deepEqual(listener.all, ["1", "2", "3", "4", "5", "6"]);
    assert.equal(host.upcalls.length, 1);
    assert.deepEqual(await host.call("readCounters", SOURCE, GROUP), {
      packets: 6,
      wrongInterface: 0,
    });
    const entry = {
      source: SOURCE,
      group: GROUP,
      incoming: r0,
      outgoing: [r1],
      packets: 6,
      bytes: 6 * 29,
      wrongInterface: 0,
      unresolved: false,
    };
    assert.deepEqual(await host.call("readEntries"), [entry]);
    assert.deepEqual(await host.call("readEntry", SOURCE, GROUP), entry);
    assert.equal(await host.call("readEntry", SOURCE, ip("239.9.9.9")), null);
    const traffic = { packets: 6, bytes: entry.bytes };
    const nothing = { packets: 0, bytes: 0 };
    assert.deepEqual(await host.call("readVifCounters", r0), { received: traffic, sent: nothing });
    assert.deepEqual(await host.call("readVifCounters", r1), { received: nothing, sent: traffic });
    await host.call("writeEntry", SOURCE, GROUP, r0, []);
    await host.call("stopInterface", r1);
    assert.equal(await host.call("readVifCounters", r1), null);
  },
);

test(
  "an entry without outputs counts and stays silent; written anew it forwards; deleted, the next packet is reported",
  needsRoot,
  async (t) => {
    const { host, indexes, source, listener } = await network(t);
    const [r0, r1, r2] = indexes;
    await host.call("writeEntry", SOURCE, GROUP, r0, []);
    await source.send("unheard");
    await counted(host, 1);
    await host.call("writeEntry", SOURCE, GROUP, r0, [r1, r2]);
    await source.send("heard");
    await listener.received("heard");
    assert.deepEqual(listener.all, ["heard"]);
    assert.deepEqual(await host.call("readCounters", SOURCE, GROUP), {
      packets: 2,
      wrongInterface: 0,
    });
    const [entry] = await host.call("readEntries");
    assert.deepEqual(entry?.outgoing, [r1, r2]);
    await host.call("deleteEntry", SOURCE, GROUP);
    assert.deepEqual(await host.call("readEntries"), []);
    assert.equal(host.upcalls.length, 0);
    await source.send("reported");
    await upcall(host, "missingEntry");
    // A missing one is no error.
    await host.call("deleteEntry", SOURCE, ip("239.9.9.9"));
  },
);

test(
  "§9: a packet leaves only with a TTL above the threshold that its interface had when the entry was written",
  needsRoot,
  async (t) => {
    const { host, indexes, source, listener } = await network(t);
    const [r0, r1] = indexes;
    const write = (): Promise<void> => host.call("writeEntry", SOURCE, GROUP, r0, [r1]);
    await host.call("setTtlThreshold", r1, TTL);
    await write();
    await source.send("at the threshold");
    await counted(host, 1);
    await host.call("setTtlThreshold", r1, TTL - 1);
    await source.send("not yet written anew");
    await counted(host, 2);
    await write();
    await source.send("above the threshold");
    await listener.received("above the threshold");
    await host.call("setTtlThreshold", r1, 254);
    await write();
    await source.send("far below the threshold");
    await counted(host, 4);
    assert.deepEqual((await host.call("readEntry", SOURCE, GROUP))?.outgoing, [r1]);
    await host.call("deleteEntry", SOURCE, GROUP);
    await host.call("stopInterface", r1);
    await host.call("startInterface", r1);
    await write();
    await source.send("with a new VIF");
    await listener.received("with a new VIF");
    assert.deepEqual(listener.all, ["above the threshold", "with a new VIF"]);
  },
);

test(
  "§13, §14 data on a wrong interface are reported with it, also where it is no output (MRT_PIM), and counted",
  needsRoot,
  async (t) => {
    const { host, indexes, source } = await network(t);
    const [r0, r1, r2] = indexes;
    await host.call("writeEntry", SOURCE, GROUP, r2, [r1]);
    await source.send("astray");
    const { interface: arrival, ...rest } = await upcall(host, "wrongInterface");
    assert.equal(arrival, r0);
    assert.deepEqual([rest.source, rest.group], [SOURCE, GROUP]);
    assert.deepEqual(await host.call("readCounters", SOURCE, GROUP), {
      packets: 1,
      wrongInterface: 1,
    });
  },
);

test(
  "a VIF that was given back is gone from the kernel, and its number is used again last",
  needsRoot,
  async (t) => {
    const { host, indexes, r } = await network(t);
    const [r0, r1] = indexes;
    await host.call("stopInterface", r1);
    assert.ok(!r.run("cat", "/proc/net/ip_mr_vif").includes(" r1 "));
    await assert.rejects(host.call("writeEntry", SOURCE, GROUP, r0, [r1]), {
      name: "HostError",
      errno: "EADDRNOTAVAIL",
      message: /\(10\.1\.0\.2, 239\.1\.1\.1\): interface \d+ has no VIF/,
    });
    assert.equal(await host.call("startInterface", r1), 3);
    assert.match(r.run("cat", "/proc/net/ip_mr_vif"), /^ *3 r1 /m);
    // Not started: nothing to stop, and no error.
    await host.call("stopInterface", (r1 + 900) as InterfaceIndex);
  },
);

test(
  "an interface deleted under us gives its VIF back without an error; starting one that is gone is one",
  needsRoot,
  async (t) => {
    const { host, indexes, r } = await network(t);
    const [, r1] = indexes;
    r.ip("link delete r1");
    await host.until("r1 gone", () => (host.link("r1") === undefined ? true : undefined));
    await host.call("stopInterface", r1);
    await assert.rejects(host.call("startInterface", r1), {
      name: "HostError",
      syscall: "setsockopt",
      errno: "EADDRNOTAVAIL",
      message: new RegExp(`cannot take a VIF for interface ${r1}`),
    });
  },
);

test(
  "a second multicast routing daemon in the namespace is told so; when the first has closed, there is room",
  needsRoot,
  async (t) => {
    const { host, r } = await network(t);
    const script = new URL("host-driver.js", import.meta.url).pathname;
    const attempt = (): string => {
      try {
        execFileSync("ip", ["netns", "exec", r.name, process.execPath, script, "/nonexistent"], {
          input: "",
          encoding: "utf8",
          stdio: ["pipe", "pipe", "pipe"],
        });
        return "it ran";
      } catch (error) {
        return String((error as { stderr?: string }).stderr);
      }
    };
    assert.match(
      attempt(),
      /HostError: another multicast routing daemon runs in this network namespace \(process \d+: [^;)]*host-driver\.js [^;)]*\): setsockopt failed with EADDRINUSE/,
    );
    await host.call("close");
    assert.equal(attempt(), "it ran");
  },
);

test("a host that is closed while somebody reads entries has none", needsRoot, async (t) => {
  const { host, indexes } = await network(t);
  const [r0, r1] = indexes;
  await host.call("writeEntry", SOURCE, GROUP, r0, [r1]);
  assert.ok((await host.call("readEntry", SOURCE, GROUP)) !== null);
  await host.call("close");
  assert.equal(await host.call("readEntry", SOURCE, GROUP), null);
  assert.equal(await host.call("readVifCounters", r0), null);
});

test("a host that is killed leaves no VIF, no entry and no group behind", needsRoot, async (t) => {
  const { host, indexes, r } = await network(t);
  const [r0, r1] = indexes;
  await host.call("writeEntry", SOURCE, GROUP, r0, [r1]);
  assert.ok(r.run("cat", "/proc/net/ip_mr_cache").includes("010101EF"));
  await host.kill();
  const successor = new HostProcess(t, r);
  await successor.call("start");
  assert.deepEqual(await successor.call("readEntries"), []);
  assert.ok(!r.ip("-4 maddress show dev r0").includes("224.0.0.13"));
});

test("500 flows that begin at once all get their first packet through", needsRoot, async (t) => {
  const { host, indexes, source } = await network(t);
  const [r0, r1] = indexes;
  const groups = Array.from({ length: 500 }, (_, i) => `239.2.${i >> 8}.${i & 0xff}`);
  await source.sendTo(groups);
  await host.until("all upcalls", () => (host.upcalls.length >= 500 ? true : undefined));
  await Promise.all(groups.map((group) => host.call("writeEntry", SOURCE, ip(group), r0, [r1])));
  const entries = await host.call("readEntries");
  assert.equal(entries.length, 500);
  assert.ok(entries.every(({ packets, unresolved }) => packets === 1 && !unresolved));
  assert.equal(new Set(host.upcalls.map(({ group }) => group)).size, 500);
  // The table comes in several parts; other things can be asked for in between.
  const last = ip(groups.at(-1) ?? "");
  assert.deepEqual(await host.call("readBetweenEntries", SOURCE, last), [500, 0]);
});
