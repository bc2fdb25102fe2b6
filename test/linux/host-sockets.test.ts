// Datagrams of a real kernel: HPIM-DM and IGMP, as they leave and as they arrive.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type Address, ip, readAddress } from "../../src/base/address.ts";
import { type InterfaceIndex, interfaceIndex, millis } from "../../src/base/units.ts";
import type { OutgoingDatagram } from "../../src/daemon/host.ts";
import { connect, Namespace, needsRoot, setSysctl } from "../support/namespace.ts";
import { until } from "../support/until.ts";
import { DriverProcess } from "./driver-process.ts";
import { HostProcess } from "./host-process.ts";

const GROUP = ip("224.0.0.13");

interface Side {
  readonly host: HostProcess;
  readonly namespace: Namespace;
  readonly indexes: readonly InterfaceIndex[];
}

async function side(t: TestContext, namespace: Namespace, names: readonly string[]): Promise<Side> {
  const host = new HostProcess(t, namespace);
  await host.call("start");
  const indexes: InterfaceIndex[] = [];
  for (const name of names) {
    const { index } = await host.untilLink(name, (link) => link.up);
    await host.call("startInterface", index);
    indexes.push(index);
  }
  return { host, namespace, indexes };
}

/** Two routers on two links: r0 10.1.0.1 - n0 10.1.0.2 and r1 10.2.0.1 - n1 10.2.0.2, with different interface indexes. */
async function routers(t: TestContext): Promise<readonly [Side, Side]> {
  const [a, b] = [new Namespace(t), new Namespace(t)];
  b.ip("link add name spare type veth peer name spare1");
  for (const i of [0, 1]) {
    connect(
      { namespace: a, name: `r${i}`, address: `10.${i + 1}.0.1/24` },
      { namespace: b, name: `n${i}`, address: `10.${i + 1}.0.2/24` },
    );
  }
  return [await side(t, a, ["r0", "r1"]), await side(t, b, ["n0", "n1"])];
}

const payload = (text: string): Uint8Array => new TextEncoder().encode(text);

interface Received {
  readonly interface: InterfaceIndex;
  readonly bytes: Uint8Array;
}

/** Waits for a datagram that ends in `text`. */
const received = (host: HostProcess, text: string): Promise<Received> =>
  host.until(`a datagram that ends in ${text}`, () =>
    host
      .eventsOf("datagram")
      .find(({ bytes }) => Buffer.from(bytes).toString("latin1").endsWith(text)),
  );

/** What arrived of HPIM-DM, in order. */
const textsOf = (host: HostProcess): readonly string[] =>
  host
    .eventsOf("datagram")
    .filter(({ bytes }) => bytes[9] === 103)
    .map(({ bytes }) => Buffer.from(bytes.subarray(20)).toString());

function hpim(
  link: { readonly interface: InterfaceIndex; readonly source: string },
  text: string,
  destination: Address = GROUP,
): OutgoingDatagram {
  return {
    interface: link.interface,
    protocol: "hpim",
    source: ip(link.source),
    destination,
    payload: payload(text),
  };
}

const index = (list: readonly InterfaceIndex[], i: number): InterfaceIndex =>
  list[i] ?? interfaceIndex(0);

test(
  "§2.3 a multicast datagram leaves on its interface alone, with TTL 1, TOS 0xc0 and its source",
  needsRoot,
  async (t) => {
    const [a, b] = await routers(t);
    for (const i of [0, 1]) {
      const link = { interface: index(a.indexes, i), source: `10.${i + 1}.0.1` };
      await a.host.call("send", hpim(link, `on link ${i}`));
      const got = await received(b.host, `on link ${i}`);
      assert.equal(got.interface, b.indexes[i]);
      assert.deepEqual(
        [got.bytes[0], got.bytes[1], got.bytes[8], got.bytes[9]],
        [0x45, 0xc0, 1, 103],
      );
      assert.equal(readAddress(got.bytes, 12, 4), ip(`10.${i + 1}.0.1`));
      assert.equal(readAddress(got.bytes, 16, 4), GROUP);
      assert.equal(got.bytes.length, 20 + `on link ${i}`.length);
    }
    assert.equal(b.host.eventsOf("datagram").filter(({ bytes }) => bytes[9] === 103).length, 2);
    // None came back to the sender.
    assert.equal(a.host.eventsOf("datagram").filter(({ bytes }) => bytes[9] === 103).length, 0);
  },
);

test("§2.3 a unicast datagram too has TTL 1 and the source asked for", needsRoot, async (t) => {
  const [a, b] = await routers(t);
  a.namespace.ip("address add 10.1.0.7/24 dev r0");
  const link = { interface: index(a.indexes, 0), source: "10.1.0.7" };
  await a.host.call("send", hpim(link, "to you", ip("10.1.0.2")));
  const { bytes, interface: arrival } = await received(b.host, "to you");
  assert.equal(arrival, b.indexes[0]);
  assert.deepEqual([bytes[1], bytes[8]], [0xc0, 1]);
  assert.equal(readAddress(bytes, 12, 4), ip("10.1.0.7"));
});

test(
  "neighbors on the interfaces that are named are heard at once, those on others as ever",
  needsRoot,
  async (t) => {
    const [a, b] = await routers(t);
    const say = (i: number, text: string) =>
      a.host.call(
        "send",
        hpim({ interface: index(a.indexes, i), source: `10.${i + 1}.0.1` }, text),
      );
    const hearing = b.host.call("hearUntilSomething", [index(b.indexes, 1)]);
    await say(0, "not named");
    await say(1, "named");
    assert.equal(await hearing, 1);
    await received(b.host, "not named");
    assert.deepEqual(textsOf(b.host), ["named", "not named"]);
  },
);

test(
  "whoever hears neighbors upon what they said gets the rest of it first, and all once and in order",
  needsRoot,
  async (t) => {
    const [a, b] = await routers(t);
    const link = { interface: index(a.indexes, 0), source: "10.1.0.1" };
    const texts = ["hear others", ...Array.from({ length: 30 }, (_, i) => `number ${i}.`)];
    // So they come together.
    await b.host.suspend(async () => {
      for (const text of texts) await a.host.call("send", hpim(link, text));
    });
    await received(b.host, "number 29.");
    assert.deepEqual(textsOf(b.host), texts);
  },
);

test(
  "a burst of datagrams longer than one turn takes arrives whole and in order",
  needsRoot,
  async (t) => {
    const [a, b] = await routers(t);
    const link = { interface: index(a.indexes, 0), source: "10.1.0.1" };
    const texts = Array.from({ length: 700 }, (_, i) => `number ${i}.`);
    await Promise.all(texts.map((text) => a.host.call("send", hpim(link, text))));
    await received(b.host, "number 699.");
    const datagrams = b.host.eventsOf("datagram").filter(({ bytes }) => bytes[9] === 103);
    assert.ok(datagrams.every((datagram) => datagram.interface === b.indexes[0]));
    const got = datagrams.map(({ bytes }) => Buffer.from(bytes.subarray(20)).toString());
    assert.deepEqual(got, texts);
  },
);

test(
  "a datagram larger than the MTU, and one of a jumbo frame's size, arrive whole",
  needsRoot,
  async (t) => {
    const [a, b] = await routers(t);
    const link = { interface: index(a.indexes, 0), source: "10.1.0.1" };
    const text = `${"x".repeat(8990)}end`;
    await a.host.call("send", hpim(link, text));
    assert.equal((await received(b.host, "xend")).bytes.length, 20 + text.length);
  },
);

test(
  "send: an address that is not ours, and an interface that is gone, are HostErrors that name them",
  needsRoot,
  async (t) => {
    const [a] = await routers(t);
    const link = { interface: index(a.indexes, 0), source: "10.1.0.99" };
    await assert.rejects(a.host.call("send", hpim(link, "hello")), {
      name: "HostError",
      syscall: "sendmsg",
      message:
        /^cannot send from 10\.1\.0\.99 to 224\.0\.0\.13 on r0: sendmsg failed with E(INVAL|NETUNREACH)$/,
    });
    const gone = { interface: interfaceIndex(999), source: "10.1.0.1" };
    await assert.rejects(a.host.call("send", hpim(gone, "hello")), {
      errno: "ENODEV",
      message: /on interface 999:/,
    });
  },
);

test(
  "RFC 2236 §2: a query leaves with Router Alert and TTL 1, and arrives with its interface",
  needsRoot,
  async (t) => {
    const [a, b] = await routers(t);
    const query = Uint8Array.of(0x11, 100, 0xee, 0x9b, 0, 0, 0, 0);
    await a.host.call("send", {
      interface: index(a.indexes, 1),
      protocol: "igmp",
      source: ip("10.2.0.1"),
      destination: ip("224.0.0.1"),
      payload: query,
    });
    const got = await b.host.until("the query", () =>
      b.host.eventsOf("datagram").find(({ bytes }) => bytes[9] === 2 && bytes[24] === 0x11),
    );
    assert.equal(got.interface, b.indexes[1]);
    assert.deepEqual([got.bytes[0], got.bytes[1], got.bytes[8]], [0x46, 0xc0, 1]);
    assert.deepEqual([...got.bytes.subarray(20, 24)], [0x94, 0x04, 0, 0]);
    assert.deepEqual(got.bytes.subarray(24), query);
  },
);

for (const version of [2, 3]) {
  test(
    `IGMPv${version} reports and leaves of a listener arrive, our own kernel's do not`,
    needsRoot,
    async (t) => {
      const [r, client] = [new Namespace(t), new Namespace(t)];
      connect(
        { namespace: r, name: "r0", address: "10.1.0.1/24" },
        { namespace: client, name: "c0", address: "10.1.0.2/24" },
      );
      setSysctl(client.name, "net/ipv4/conf/c0/force_igmp_version", version);
      const { host, indexes } = await side(t, r, ["r0"]);
      const application = new DriverProcess<string>(t, client, "udp-driver.js");
      await application.until("the application", () => application.events[0]);
      await application.call("join", "239.1.1.1", "10.1.0.2");
      const reports = (): readonly Received[] =>
        host
          .eventsOf("datagram")
          .filter(({ bytes }) => readAddress(bytes, 12, 4) === ip("10.1.0.2"));
      const destination = version === 2 ? "239.1.1.1" : "224.0.0.22";
      const reportTo = (address: string): Received | undefined =>
        reports().find(({ bytes }) => readAddress(bytes, 16, 4) === ip(address));
      const report = await host.until("a report", () => reportTo(destination));
      assert.equal(report.interface, indexes[0]);
      assert.equal(report.bytes[9], 2);
      assert.equal(report.bytes[24], version === 2 ? 0x16 : 0x22);
      await application.call("leave", "239.1.1.1", "10.1.0.2");
      if (version === 2) await host.until("a leave", () => reportTo("224.0.0.2"));
      const own = host
        .eventsOf("datagram")
        .filter(({ bytes }) => readAddress(bytes, 12, 4) === ip("10.1.0.1"));
      assert.deepEqual(own, []);
    },
  );
}

test(
  "a process that stood still reads what was said meanwhile before its deadline comes",
  needsRoot,
  async (t) => {
    const [a, b] = await routers(t);
    const link = { interface: index(a.indexes, 0), source: "10.1.0.1" };
    const due = millis((await b.host.call("now")) + 1_000);
    await b.host.call("setDeadline", due);
    // Local port: the protocol, 103; then the bytes to send and to receive.
    const waits = /:0067 .* [0-9A-F]{8}:(?!0{8})[0-9A-F]{8} /;
    await b.host.suspend(async () => {
      await a.host.call("send", hpim(link, "in time"));
      await until("the datagram to wait", () =>
        waits.test(b.namespace.run("cat", "/proc/net/raw")),
      );
      await until("the deadline to pass", async () => (await a.host.call("now")) > due);
    });
    await b.host.until("the deadline", () => b.host.eventsOf("deadline")[0]);
    const { bytes } = await received(b.host, "in time");
    const order = b.host.events.filter(
      (event) => event.kind === "deadline" || (event.kind === "datagram" && event.bytes === bytes),
    );
    assert.deepEqual(
      order.map(({ kind }) => kind),
      ["datagram", "deadline"],
    );
  },
);

test(
  "33 interfaces: 32 are served with all their groups, one socket's limit of 20 notwithstanding; the 33rd is refused",
  needsRoot,
  async (t) => {
    const [r, other] = [new Namespace(t), new Namespace(t)];
    for (let i = 0; i < 33; i++) {
      connect(
        { namespace: r, name: `r${i}`, address: `10.0.${i}.1/24` },
        { namespace: other, name: `n${i}`, address: null },
      );
    }
    const names = Array.from({ length: 32 }, (_, i) => `r${i}`);
    const { host, indexes } = await side(t, r, names);
    assert.equal(new Set(indexes).size, 32);
    const groups = r.ip("-4 maddress show dev r31");
    for (const group of ["224.0.0.2", "224.0.0.13", "224.0.0.22"])
      assert.ok(groups.includes(`${group}\n`));
    const last = await host.untilLink("r32");
    await assert.rejects(host.call("startInterface", last.index), {
      errno: "ENFILE",
      message: /no VIF is left for r32: the kernel routes multicast on 32 interfaces at most/,
    });
    await assert.rejects(host.call("startInterface", index(indexes, 3)), {
      errno: "EADDRINUSE",
      message: /r3 has a VIF already/,
    });
    await host.call("stopInterface", index(indexes, 3));
    assert.ok(!r.ip("-4 maddress show dev r3").includes("224.0.0.13"));
    assert.equal(await host.call("startInterface", last.index), 3);
  },
);
