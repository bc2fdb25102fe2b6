// Three routers, of which two are on the same two links: what a broken rule does to a network, and is hard to see in one router.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Address, ip } from "../../src/base/address.ts";
import { EVERY_SOURCE } from "../../src/base/source-filter.ts";
import { interfaceIndex, seconds } from "../../src/base/units.ts";
import type { InterfaceFacts } from "../../src/core/events.ts";
import { allRouters, type Message } from "../../src/core/messages.ts";
import { CoreNetwork, type Crossing, facts } from "../support/core-network.ts";

const [SOURCE, GROUP] = ["10.0.0.100", "239.1.1.1"];
const TREE = { source: ip(SOURCE), group: ip(GROUP) };
/** On the link of all three. */
const [FIRST, SECOND, THIRD] = [ip("10.1.0.1"), ip("10.1.0.2"), ip("10.1.0.3")];

const member = { membership: true };

/** R0 is the source's originator; R1 and R2 are behind it, and share the link of a member behind them. */
function network(): CoreNetwork {
  const net = new CoreNetwork();
  for (const name of ["R0", "R1", "R2"]) net.add(name);
  net.attach("R0", "source", facts(1, "10.0.0.1/24"));
  net.attach("R0", "middle", facts(2, "10.1.0.1/24"));
  net.route("R0", "10.0.0.0/24", { protocol: 2, metric: 0, index: 1, gateway: null });
  for (const n of [1, 2]) {
    net.attach(`R${n}`, "middle", facts(1, `10.1.0.${n + 1}/24`));
    net.attach(`R${n}`, "member", facts(2, `10.2.0.${n + 1}/24`, member));
    const via = { protocol: 11, metric: 10 * n, index: 1, gateway: "10.1.0.1" };
    net.route(`R${n}`, "10.0.0.0/24", via);
    net.handle(`R${n}`, {
      kind: "listeners",
      interface: interfaceIndex(2),
      group: TREE.group,
      wanted: EVERY_SOURCE,
    });
  }
  net.run(seconds(15));
  return net;
}

const data = (net: CoreNetwork): void =>
  net.handle("R0", { kind: "missingEntry", interface: interfaceIndex(1), ...TREE });

const change = (net: CoreNetwork, name: string, to: InterfaceFacts): void =>
  net.handle(name, { kind: "interface", facts: to });

const states = (net: CoreNetwork): readonly (string | undefined)[] =>
  ["R0", "R1", "R2"].map((name) => net.tree(name, SOURCE, GROUP)?.verdict.state);

/** Addresses of R0's neighbors. */
const neighbors = (net: CoreNetwork): readonly Address[] =>
  net
    .view("R0")
    .interfaces.flatMap(({ running }) => running?.neighbors ?? [])
    .map((n) => n.address);

const failures = (net: CoreNetwork): number =>
  ["R0", "R1", "R2"].flatMap((name) =>
    net.notices(name).filter(({ kind }) => kind === "neighborFailed"),
  ).length;

const isFrom = (crossing: Crossing, from: Address, kind: Message["kind"]): boolean =>
  crossing.from === from && crossing.message.kind === kind;

test("§8.2: who lost the first copy of a multicast message gets another, whoever has acknowledged it", () => {
  const net = network();
  let lost = 0;
  net.delivers = (crossing, to) =>
    !(isFrom(crossing, FIRST, "iamUpstream") && to === "R2" && ++lost === 1);
  data(net);
  assert.deepEqual(states(net), ["ACTIVE", "ACTIVE", "UNSURE"]);
  net.run(seconds(4));
  assert.deepEqual(states(net), ["ACTIVE", "ACTIVE", "ACTIVE"]);
});

test("§7.3: a lost Ack is sent again with the next copy: nobody fails", () => {
  const net = network();
  let lost = 0;
  net.delivers = (crossing) => !(isFrom(crossing, THIRD, "ack") && ++lost === 1);
  data(net);
  net.run(seconds(30));
  assert.equal(lost, 2);
  assert.equal(failures(net), 0);
});

test("§15: a Hello tells of no message as done that somebody has not acknowledged", () => {
  const net = network();
  const isHello = ({ from, message }: Crossing): boolean =>
    from === FIRST && message.kind === "hello";
  const before = net.crossings.findLast(isHello)?.at ?? 0;
  net.run(seconds(9 - (net.now - before) / 1000));
  let heard = 0;
  net.delivers = (crossing, to) => {
    if (to !== "R2") return true;
    if (isHello(crossing)) heard++;
    return !isFrom(crossing, FIRST, "iamUpstream") || heard > 0;
  };
  data(net);
  net.run(seconds(20));
  assert.ok(heard > 0);
  assert.equal(failures(net), 0);
  assert.deepEqual(states(net), ["ACTIVE", "ACTIVE", "ACTIVE"]);
});

test("P2, §8.5: of a neighbor that has died nothing is awaited once it has failed", () => {
  const net = network();
  net.delivers = ({ from }, to) => to !== "R2" && from !== THIRD;
  data(net);
  net.run(seconds(30));
  assert.deepEqual(neighbors(net), [SECOND]);
  const quiet = net.crossings.length;
  net.run(seconds(60));
  const said = net.crossings.slice(quiet).filter((crossing) => crossing.from === FIRST);
  assert.deepEqual(new Set(said.map(({ message }) => message.kind)), new Set(["hello"]));
});

test("§5.3, B4: a goodbye that comes twice resurrects nobody", () => {
  const net = network();
  change(net, "R2", facts(1, "10.1.0.3/24", { protocol: null }));
  const goodbye = net.crossings.findLast(({ from }) => from === THIRD);
  assert.ok(goodbye);
  assert.deepEqual(neighbors(net), [SECOND]);
  net.handle("R0", {
    kind: "message",
    interface: interfaceIndex(2),
    source: THIRD,
    destination: allRouters(4),
    ttl: 1,
    message: goodbye.message,
  });
  assert.deepEqual(neighbors(net), [SECOND]);
});

test("P3, §11: when the source falls silent every tree ends, and no kernel entry stays", () => {
  const net = network();
  data(net);
  assert.deepEqual(states(net), ["ACTIVE", "ACTIVE", "ACTIVE"]);
  net.run(seconds(240));
  assert.deepEqual(states(net), [undefined, undefined, undefined]);
  for (const name of ["R0", "R1", "R2"]) assert.equal(net.entries(name).size, 0, name);
});

test("§9.1, B7: an originator that only hears of a tree waits for its data", () => {
  const net = network();
  net.attach("R1", "source", facts(3, "10.0.0.2/24"));
  net.route("R1", "10.0.0.0/24", { protocol: 2, metric: 0, index: 3, gateway: null });
  net.run(seconds(5));
  data(net);
  assert.deepEqual(states(net), ["ACTIVE", "UNSURE", "ACTIVE"]);
});

test("§5.6, §9, B12: a root that goes leaves no kernel entry with it as its parent", () => {
  const net = network();
  data(net);
  const entry = (): number | undefined => [...net.entries("R1").values()][0]?.incoming;
  assert.equal(entry(), 1);
  change(net, "R1", facts(1, "10.1.0.2/24", { up: false }));
  assert.equal(entry(), undefined);
});
