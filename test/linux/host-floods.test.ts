// What the kernel keeps for a host that is slow to read, and which of its sockets gets what.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { ip, readAddress } from "../../src/base/address.ts";
import type { InterfaceIndex } from "../../src/base/units.ts";
import type { IgmpMessage } from "../../src/membership/messages.ts";
import { framesOf } from "../hostile/frames.ts";
import { type Addressed, data, hello, hpim, igmp } from "../hostile/packets.ts";
import { hex } from "../support/bytes.ts";
import { connect, Namespace, needsRoot } from "../support/namespace.ts";
import { DriverProcess } from "./driver-process.ts";
import { HostProcess } from "./host-process.ts";

/** More than a receive buffer holds. */
const MANY = 24_000;
const IGMP = 2;
const HPIM_DM = 103;

/** Somebody on a link who sends what it likes. */
interface Sender {
  readonly from: string;
  readonly send: (datagram: Uint8Array, times?: number) => Promise<unknown>;
}

interface Device {
  readonly ifindex: number;
  readonly address: string;
}

function deviceOf(namespace: Namespace, name: string): Device {
  const [device]: Device[] = JSON.parse(namespace.ip(`-json link show ${name}`));
  return device ?? assert.fail(`no ${name}`);
}

/** A host on two links, 10.1.0.1 and 10.2.0.1, and a sender on each, 10.1.0.2 and 10.2.0.2. */
async function network(t: TestContext): Promise<{
  readonly host: HostProcess;
  readonly indexes: readonly InterfaceIndex[];
  readonly senders: readonly [Sender, Sender];
}> {
  const r = new Namespace(t);
  const senderOn = (i: number): Sender => {
    const namespace = new Namespace(t);
    connect(
      { namespace: r, name: `r${i}`, address: `10.${i + 1}.0.1/24` },
      { namespace, name: "s", address: null },
    );
    const target = hex(deviceOf(r, `r${i}`).address.replaceAll(":", ""));
    const index = String(deviceOf(namespace, "s").ifindex);
    const driver = new DriverProcess(t, namespace, "frame-driver.js", index);
    return {
      from: `10.${i + 1}.0.2`,
      send: (datagram, times = 1) => driver.call("send", framesOf(datagram, target), times),
    };
  };
  const senders = [senderOn(0), senderOn(1)] as const;
  const host = new HostProcess(t, r);
  await host.call("start");
  const indexes: InterfaceIndex[] = [];
  for (const name of ["r0", "r1"]) {
    const { index } = await host.untilLink(name, (link) => link.up);
    await host.call("startInterface", index);
    indexes.push(index);
  }
  return { host, indexes, senders };
}

const report = (group: string): IgmpMessage => ({ kind: "report", version: 2, group: ip(group) });

const reportOf = (group: string, addressed: Partial<Addressed> & { from: string }): Uint8Array =>
  igmp(report(group), { to: group, ...addressed });

test(
  "P7 what floods one interface while nothing is read crowds out neither messages, reports nor upcalls of another",
  needsRoot,
  async (t) => {
    const { host, indexes, senders } = await network(t);
    const [flooder, other] = senders;
    await host.suspend(async () => {
      await flooder.send(hpim(hello(), { from: flooder.from, to: "224.0.0.13" }), MANY);
      await flooder.send(reportOf("239.1.1.1", { from: flooder.from }), MANY);
      await other.send(hpim(hello(), { from: other.from, to: "224.0.0.13" }));
      await other.send(reportOf("239.2.2.2", { from: other.from }));
      await other.send(data({ from: other.from, to: "239.3.3.3" }));
    });
    for (const protocol of [HPIM_DM, IGMP]) {
      const [good] = await host.until(`protocol ${protocol} of the other interface`, () => {
        const found = host
          .eventsOf("datagram")
          .filter(({ bytes }) => bytes[9] === protocol)
          .filter(({ bytes }) => readAddress(bytes, 12, 4) === ip(other.from));
        return found.length === 0 ? undefined : found;
      });
      assert.equal(good?.interface, indexes[1]);
    }
    const upcall = await host.until("the upcall", () => host.upcalls[0]);
    assert.deepEqual([upcall.interface, upcall.group], [indexes[1], ip("239.3.3.3")]);
  },
);

test(
  "RFC 2236 §2, RFC 1112: reports, leaves and queries arrive once, with Router Alert and without, to groups that we are in and others",
  needsRoot,
  async (t) => {
    const { host, indexes, senders } = await network(t);
    const [sender] = senders;
    const { from } = sender;
    const sent: readonly (readonly [group: string, message: Uint8Array])[] = [true, false].flatMap(
      (routerAlert, i) => {
        const group = (n: number): string => `239.${i}.0.${n}`;
        const record = { type: "isExclude", group: ip(group(2)), sources: [] } as const;
        const version3 = { kind: "version3Report", records: [record] } as const;
        const leave = { kind: "leave", group: ip(group(3)) } as const;
        const query = { kind: "query", version: 2, maxResponseTenths: 1 } as const;
        const asked = { ...query, group: ip(group(4)) };
        return [
          [group(1), reportOf(group(1), { from, routerAlert })],
          [group(2), igmp(version3, { from, to: "224.0.0.22", routerAlert })],
          [group(3), igmp(leave, { from, to: "224.0.0.2", routerAlert })],
          [group(4), igmp(asked, { from, to: group(4), routerAlert })],
        ] as const;
      },
    );
    // The last ones of all: each socket has handed out what came before.
    const last = ["239.9.9.1", "239.9.9.2"];
    for (const [, message] of sent) await sender.send(message);
    for (const [i, group] of last.entries()) {
      await sender.send(reportOf(group, { from, routerAlert: i === 0 }));
    }
    const arrivals = (group: string) =>
      host.eventsOf("datagram").filter(({ bytes }) => {
        const text = Buffer.from(bytes.subarray(20)).toString("latin1");
        return readAddress(bytes, 12, 4) === ip(from) && text.endsWith(ip(group));
      });
    for (const group of last) await host.until(group, () => arrivals(group)[0]);
    for (const [group] of sent) {
      const interfaces = arrivals(group).map((arrival) => arrival.interface);
      assert.deepEqual(interfaces, [indexes[0]], group);
    }
  },
);
