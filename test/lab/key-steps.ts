// Keys of link E, where five routers are: all of them go over to another one, and one of them has none that is right (§3).
import assert from "node:assert/strict";
import { keysSchema } from "../../src/api/lists/keys.ts";
import { formatAddress } from "../../src/base/address.ts";
import type { Message } from "../../src/core/messages.ts";
import { startReceiver, startSender } from "../../src/lab/traffic.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import { signatureOf } from "../../src/wire/signature.ts";
import type { LabNetwork } from "../scenarios/lab-network.ts";
import { expectSpan, type Seen, untilSynced } from "../scenarios/scenario-network.ts";
import { NEIGHBORS } from "../scenarios/seven-routers.ts";
import { expectSigned } from "../support/hmac.ts";
import { FLOWS, GUESSED, type KeyedLan, NEW, OLD, untilFormed } from "./keyed-lan.ts";
import { typed } from "./operator.ts";
import { undisturbed } from "./undisturbed.ts";

/** The routers of link E, and their interfaces there. */
const ON_E = { R2: "eth1", R3: "eth1", R4: "eth1", R5: "eth0", R6: "eth0" } as const;
type OnE = keyof typeof ON_E;
const ROUTERS = Object.keys(ON_E) as OnE[];
const HALF = 2;
const ROUTERS_OF_E = ROUTERS.length;

const key = ({ network }: KeyedLan, router: OnE, ...words: readonly string[]): Promise<string> => {
  const [verb = "", ...rest] = words;
  return typed(network, router, "key", verb, ON_E[router], ...rest);
};

const add = (
  lan: KeyedLan,
  router: OnE,
  { identifier, algorithm, secret }: { identifier: number; algorithm: string; secret: string },
  ...options: readonly string[]
): Promise<string> => {
  const file = lan.file("added", `${secret}\n`);
  const words = [`${identifier}`, algorithm, "--secret-file", file];
  return key(lan, router, "add", ...words, ...options);
};

let treesFormed = 0;

/** Has a tree form, for which each router of E says something and is answered. Returns its group. */
async function formTree(network: LabNetwork): Promise<string> {
  const { lab } = network;
  treesFormed++;
  const group = `224.12.13.${treesFormed}`;
  const receiver = startReceiver(lab, { node: "Client1", groups: [group] });
  await receiver.waitReady();
  const flow = { groups: [group], flow: 100 + treesFormed, rate: 50, count: 5 };
  await startSender(lab, { node: "Source", ...flow }).done();
  await untilFormed(network, group, ["R3", "R4", "R5", "R6"]);
  return group;
}

/** What is said on E while something is done. */
async function saidOnE(
  network: LabNetwork,
  act: () => Promise<unknown>,
): Promise<readonly Seen<Message>[]> {
  const { length } = await network.messages("E");
  await act();
  return (await network.messages("E")).slice(length);
}

/** Which keys sign what is said on E while a tree forms. */
async function keysInUse(network: LabNetwork): Promise<readonly number[]> {
  const said = await saidOnE(network, () => formTree(network));
  const senders = new Set(said.map(({ from }) => from));
  assert.equal(senders.size, ROUTERS_OF_E, "all of them say something");
  const identifiers = said.map(({ payload }) => {
    const signature = signatureOf(payload);
    return signature === null || isMalformed(signature) ? -1 : signature.identifier;
  });
  return [...new Set(identifiers)].sort();
}

/** Fails if a router has dropped a message for its signature, or lost a neighbor. */
async function expectNoHarm(network: LabNetwork): Promise<void> {
  for (const router of network.lab.topology.routers.keys()) {
    assert.deepEqual(await network.refused(router), [], router);
    for (const { interface: name, neighborFailures } of await network.counters(router)) {
      const failures = Object.values(neighborFailures).filter((count) => count > 0);
      assert.deepEqual(failures, [], `neighbors that ${router} lost on ${name}`);
    }
  }
}

/** All routers of E go over from OLD to NEW, one after the other. */
export async function rollOver(lan: KeyedLan): Promise<void> {
  const { network } = lan;
  await undisturbed(network, { flows: FLOWS }, async (look) => {
    for (const router of ROUTERS) await add(lan, router, NEW, "--accept-only");
    await look();
    assert.deepEqual(await keysInUse(network), [OLD.identifier]);
    for (const router of ROUTERS.slice(0, HALF)) await key(lan, router, "send", "newest");
    assert.deepEqual(await keysInUse(network), [OLD.identifier, NEW.identifier]);
    for (const router of ROUTERS.slice(HALF)) await key(lan, router, "send", "newest");
    await look();
    assert.deepEqual(await keysInUse(network), [NEW.identifier]);
    for (const router of ROUTERS) await key(lan, router, "remove", `${OLD.identifier}`);
    await look();
    const said = await saidOnE(network, () => formTree(network));
    for (const { from: source, to: destination, payload } of said) {
      expectSigned({ source, destination, payload }, NEW);
    }
    await expectNoHarm(network);
  });
  const listed = await typed(network, "R4", "key", "list", "--interface", "eth1", "--json");
  const { secret: _, ...about } = NEW;
  const row = { interface: "eth1", ...about, signs: true, weak: false };
  assert.deepEqual(keysSchema.parse(JSON.parse(listed)).keys, [row]);
}

/** X6: of an IamUpstream no router of E gets the first copy. */
export async function loseFirstCopy({ network }: KeyedLan): Promise<void> {
  await undisturbed(network, { flows: FLOWS }, async () => {
    await network.lose({ from: "R4", link: "E", kind: "iamUpstream", count: 1 });
    let group = "";
    const said = await saidOnE(network, async () => {
      group = await formTree(network);
    });
    await network.loseNothing();
    const copies = said.filter(
      ({ from, message }) =>
        message.kind === "iamUpstream" &&
        formatAddress(from) === "10.5.5.4" &&
        formatAddress(message.group) === group,
    );
    const [first, second] = copies;
    assert.ok(first && second, `copies: ${copies.length}`);
    expectSpan(network, [first.at, second.at], 1000);
    assert.deepEqual(second.payload, first.payload);
    await expectNoHarm(network);
  });
}

const R5 = "10.5.5.5";
const OTHERS = ROUTERS.filter((router) => router !== "R5");
/** The neighborhoods of R5 on E, as either side names them. */
const OF_R5 = /^R5 eth0 |^R[2346] eth[01] 10\.5\.5\.5$/;

/** How R5 is kept out. */
interface Fault {
  readonly what: string;
  /** Of what R5 says, and of what R5 hears. */
  readonly reasons: readonly [ofR5: string, atR5: string];
  readonly change: (lan: KeyedLan) => Promise<unknown>;
}

const REMOVE_NEW = ["remove", `${NEW.identifier}`] as const;

const FAULTS: readonly Fault[] = [
  {
    what: "no key",
    reasons: ["not signed", "signed, but there are no keys"],
    change: (lan) => key(lan, "R5", ...REMOVE_NEW),
  },
  {
    what: "another secret",
    reasons: ["wrong signature", "wrong signature"],
    change: (lan) => add(lan, "R5", { ...NEW, secret: GUESSED }),
  },
  {
    what: "another algorithm",
    reasons: ["wrong signature length", "wrong signature length"],
    change: async (lan) => {
      await key(lan, "R5", ...REMOVE_NEW);
      await add(lan, "R5", { ...NEW, algorithm: "sha256" });
    },
  },
  {
    what: "another identifier",
    reasons: ["unknown key identifier", "unknown key identifier"],
    change: async (lan) => {
      await key(lan, "R5", ...REMOVE_NEW);
      await add(lan, "R5", { ...NEW, identifier: 9 });
    },
  },
];

/** Waits until a router has dropped one more message on E for this reason. */
async function untilRefused(
  network: LabNetwork,
  router: OnE,
  [reason, senders]: readonly [reason: string, senders: RegExp],
): Promise<void> {
  const rowOf = async () =>
    (await network.refused(router)).find(
      (row) => row.interface === ON_E[router] && row.reason === reason,
    );
  const before = (await rowOf())?.count ?? 0;
  await network.until(async () => {
    const row = await rowOf();
    assert.ok((row?.count ?? 0) > before, `${router} drops: ${reason}`);
    assert.match(row?.address ?? "", senders);
  });
}

const addressesOnE = async (network: LabNetwork, router: OnE): Promise<readonly string[]> =>
  (await network.neighbors(router))
    .filter((row) => row.interface === ON_E[router])
    .map(({ address }) => address);

/** R5 has a wrong key, or none; then the right one again. */
export async function keepOut(lan: KeyedLan): Promise<void> {
  const { network } = lan;
  await typed(network, "R5", "set", "hello-period", "250ms", "--interface", "eth0");
  await undisturbed(network, { flows: FLOWS, but: OF_R5 }, async (look) => {
    for (const { what, reasons, change } of FAULTS) {
      const [ofR5, atR5] = reasons;
      await change(lan);
      await Promise.all([
        ...OTHERS.map((router) => untilRefused(network, router, [ofR5, /^10\.5\.5\.5$/])),
        untilRefused(network, "R5", [atR5, /^10\.5\.5\.[2346]$/]),
      ]);
      await network.until(async () => {
        for (const router of OTHERS) {
          const addresses = await addressesOnE(network, router);
          assert.ok(!addresses.includes(R5), `${router} has R5 as a neighbor, with ${what}`);
        }
      });
      await look();
    }
    await network.until(async () => assert.deepEqual(await addressesOnE(network, "R5"), []));
    await expectToldToPeople(network);
    await key(lan, "R5", "remove", "9");
    await add(lan, "R5", NEW);
    await untilSynced(network, NEIGHBORS);
  });
  await typed(network, "R5", "set", "hello-period", "default", "--interface", "eth0");
}

/** Both sides say who is refused, and why. */
async function expectToldToPeople(network: LabNetwork): Promise<void> {
  const atR4 = await typed(network, "R4", "show", "neighbors");
  const atR5 = await typed(network, "R5", "show", "neighbors");
  const counters = await typed(network, "R4", "show", "counters");
  for (const { reasons } of FAULTS) {
    const [ofR5, reasonAtR5] = reasons;
    const told = (sender: string, reason: string): RegExp => {
      const some = `1 message from ${sender} was dropped|\\d+ messages were dropped, the last one from ${sender}`;
      return new RegExp(`^eth[01]: (${some}), \\S+ ago: ${reason}\\.$`, "m");
    };
    assert.match(atR4, told("10\\.5\\.5\\.5", ofR5));
    assert.match(atR5, told("10\\.5\\.5\\.[2346]", reasonAtR5));
    assert.ok(counters.includes(ofR5), `show counters: ${ofR5}`);
  }
}
