// IGMP in the engine: where it runs, and that what it learns reaches trees and the kernel.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import type { Configuration } from "../../src/daemon/configuration.ts";
import { withProtocol } from "../../src/daemon/configuration.ts";
import type { IgmpMessage } from "../../src/membership/messages.ts";
import { decodeIgmp, encodeIgmp } from "../../src/wire/igmp.ts";
import { encodeIpv4 } from "../../src/wire/ip.ts";
import type { Rig } from "./engine-rig.ts";
import { ETH1, ETH2, flowing, GROUP, on, rig, SOURCE } from "./engine-rig.ts";

const LISTENER = ip("10.0.2.77");
const withListeners: Configuration = withProtocol(on("hpim", "eth1"), "eth2", "igmp", true);

function hear({ engine }: Rig, message: IgmpMessage): void {
  const bytes = encodeIpv4({
    ...{ source: LISTENER, destination: GROUP, ttl: 1, tos: 0xc0, protocol: 2 },
    ...{ routerAlert: true, payload: encodeIgmp(message) },
  });
  engine.handle({ kind: "datagram", interface: ETH2.index, bytes });
}

const REPORT: IgmpMessage = { kind: "report", version: 2, group: GROUP };
const outputs = ({ host }: Rig) => host.entries.get(SOURCE + GROUP)?.outgoing;

test("RFC 2236 §3: a General Query leaves as soon as IGMP runs on an interface", () => {
  const { host } = rig(on("igmp", "eth2"), [ETH1, ETH2]);
  const [query] = host.sent;
  assert.deepEqual(
    [query?.protocol, query?.interface, query?.source, query?.destination],
    ["igmp", ETH2.index, ip("10.0.2.1"), ip("224.0.0.1")],
  );
  assert.equal(decodeIgmp(query?.payload ?? new Uint8Array()).kind, "query");
});

test("§9.3: what a listener reports is forwarded to it, and no longer when IGMP ends there", () => {
  const made = flowing(withListeners);
  assert.deepEqual(outputs(made), []);
  hear(made, REPORT);
  assert.deepEqual(outputs(made), [ETH2.index]);
  made.engine.handle({ kind: "configure", configuration: on("hpim", "eth1") });
  assert.deepEqual(outputs(made), []);
  assert.deepEqual(made.engine.view().membership.interfaces, []);
  assert.equal(made.host.vifs.has(ETH2.index), false);
});

test("IGMP ends with its interface", () => {
  const made = flowing(withListeners);
  hear(made, REPORT);
  made.engine.handle({ kind: "links", links: [ETH1] });
  assert.deepEqual(made.engine.view().membership, { interfaces: [], groups: [] });
  assert.deepEqual(outputs(made), []);
});

test("the querier stays what it is while only HPIM-DM changes on its interface", () => {
  const made = rig(on("igmp", "eth2"), [ETH2]);
  const queries = made.host.sent.length;
  const configuration = withProtocol(on("igmp", "eth2"), "eth2", "hpim", true);
  made.engine.handle({ kind: "configure", configuration });
  assert.equal(made.host.sent.filter(({ protocol }) => protocol === "igmp").length, queries);
});

test("IGMP runs where the BootTime of HPIM-DM cannot be stored", () => {
  const made = rig(on("igmp", "eth2"), [ETH2]);
  made.host.failing.set("storeBootTime", "EROFS");
  const configuration = withProtocol(on("igmp", "eth2"), "eth2", "hpim", true);
  made.engine.handle({ kind: "configure", configuration });
  assert.equal(made.engine.view().membership.interfaces.length, 1);
  assert.equal(made.engine.view().router.interfaces[0]?.running, null);
  assert.equal(made.host.vifs.size, 1);
});
