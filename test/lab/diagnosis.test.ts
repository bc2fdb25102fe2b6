// explain and doctor name what is wrong on a real network, whatever it is, alone and with another trouble.
import assert from "node:assert/strict";
import { test } from "node:test";
import type {
  DoctorAnswer,
  ExplanationAnswer,
  Finding,
  FindingKind,
} from "../../src/api/diagnosis.ts";
import { askDaemon, daemonFilesOf } from "../../src/lab/daemon-process.ts";
import { execInNode } from "../../src/lab/exec.ts";
import { upLab } from "../../src/lab/lab.ts";
import { startReceiver, startSender } from "../../src/lab/traffic.ts";
import { waitUntil } from "../../src/lab/wait-until.ts";
import { COMMAND } from "../support/command.ts";
import { PATIENCE_MS } from "../support/until.ts";
import { readTopology } from "../topology/files.ts";
import { labSite } from "./labs.ts";
import { CASES, type Case, FLOW, TroubledNetwork } from "./troubles.ts";

/** What follows at B where it does not get the tree, and C forwards instead, or where both do not know of each other. */
const CONSEQUENCES: ReadonlySet<FindingKind> = new Set(["assert-loser", "data-arrive-here"]);

const QUERY = `/v1/explain?source=${FLOW.source}&group=${FLOW.group}`;

type Place = TroubledNetwork["lab"];

const explanationOf = async (lab: Place, router: string, of = ""): Promise<ExplanationAnswer> =>
  (await askDaemon(lab, router, { method: "GET", path: `${QUERY}${of}` })) as ExplanationAnswer;

const doctorOf = async (lab: Place, router: string): Promise<DoctorAnswer> =>
  (await askDaemon(lab, router, { method: "GET", path: "/v1/doctor" })) as DoctorAnswer;

const kindsOf = (findings: readonly Finding[]): ReadonlySet<FindingKind> =>
  new Set(findings.map(({ kind }) => kind));

const sorted = (kinds: Iterable<FindingKind>): readonly FindingKind[] => [...kinds].sort();

/** Waits until `look` sees what is expected. Fails with what it saw last. */
async function untilSame<Seen>(look: () => Promise<Seen>, expected: Seen): Promise<void> {
  let seen: Seen | undefined;
  await waitUntil(async () => {
    seen = await look();
    return JSON.stringify(seen) === JSON.stringify(expected);
  }, PATIENCE_MS);
  assert.deepEqual(seen, expected);
}

/** What is to be named: not less, and nothing else but what follows from it. */
function expectedOf({ troubles, unexplained = [], undoctored = [] }: Case) {
  const explained = troubles
    .filter((one) => !unexplained.includes(one))
    .map((one) => one.explained);
  const doctored = troubles.filter((one) => !undoctored.includes(one)).map((one) => one.doctored);
  return {
    explained: sorted(explained),
    doctored: sorted(doctored.filter((kind) => kind !== null)),
  };
}

async function namedAtB(lab: Place, { explained }: ReturnType<typeof expectedOf>) {
  const [{ forwarding, causes }, { findings }] = await Promise.all([
    explanationOf(lab, "B", "&interface=eth1"),
    doctorOf(lab, "B"),
  ]);
  const isNews = (kind: FindingKind): boolean =>
    explained.includes(kind) || !CONSEQUENCES.has(kind);
  return {
    forwarding,
    explained: sorted(kindsOf(causes)).filter(isNews),
    doctored: sorted(kindsOf(findings)),
  };
}

test("explain and doctor name each trouble, alone and with another, and nothing else", async (t) => {
  const network = await TroubledNetwork.up(t);
  const { lab } = network;
  await t.test("the healthy network forwards, and nothing is found", async () => {
    const healthy = { forwarding: true, explained: [], doctored: [] };
    await untilSame(() => namedAtB(lab, healthy), healthy);
  });
  for (const one of CASES) {
    await t.test(one.troubles.map(({ name }) => name).join(", and "), async () => {
      const expected = { forwarding: false, ...expectedOf(one) };
      for (const { make } of one.troubles) await make(network);
      try {
        await untilSame(() => namedAtB(lab, expected), expected);
      } finally {
        for (const { mend } of [...one.troubles].reverse()) await mend(network);
      }
    });
  }
});

test("where the source is: its TTL is 1, and nobody wants what it sends", async (t) => {
  const network = await TroubledNetwork.up(t);
  await network.leave();
  await network.run("Source", "nft add table ip low");
  await network.run("Source", "nft add chain ip low out { type filter hook output priority 0 ; }");
  await network.run("Source", `nft add rule ip low out ip daddr ${FLOW.group} ip ttl set 1`);
  const named = async () => {
    const [{ causes }, { findings }] = await Promise.all([
      explanationOf(network.lab, "O"),
      doctorOf(network.lab, "O"),
    ]);
    return { explained: sorted(kindsOf(causes)), doctored: sorted(kindsOf(findings)) };
  };
  await untilSame(named, {
    explained: ["nobody-wants-it", "ttl-too-low"],
    doctored: ["ttl-too-low"],
  });
});

const ROUTERS = ["R1", "R2", "R3", "R4", "R5", "R6", "R7"] as const;
/** The way to both clients. */
const FORWARDERS = ["R1", "R2", "R4", "R6", "R7"] as const;

test("seven routers: explain says forwarding where the tree goes on, and doctor finds nothing", async (t) => {
  const site = labSite(t);
  const lab = await upLab(readTopology("seven-routers"), site.prefix, site);
  const receivers = ["Client0", "Client1"].map((node) =>
    startReceiver(lab, { node, groups: [FLOW.group] }),
  );
  for (const receiver of receivers) await receiver.waitReady();
  const sender = startSender(lab, { node: "Source", groups: [FLOW.group], rate: 100 });
  await sender.waitReady();
  const forwards = async () => {
    const answers = FORWARDERS.map((router) => explanationOf(lab, router));
    return (await Promise.all(answers)).map(({ forwarding, causes }) => [forwarding, ...causes]);
  };
  await untilSame(
    forwards,
    FORWARDERS.map(() => [true]),
  );
  const finds = async () => await Promise.all(ROUTERS.map((router) => doctorOf(lab, router)));
  await untilSame(
    finds,
    ROUTERS.map(() => ({ version: 1 as const, findings: [] })),
  );
  const hpim = (...words: readonly string[]) =>
    execInNode(lab, "R4", [
      ...[process.execPath, COMMAND, ...words],
      ...["--runtime-dir", daemonFilesOf(lab, "R4").runtimeDirectory],
    ]);
  const explained = await hpim("explain", FLOW.source, FLOW.group);
  assert.match(
    explained.stdout,
    /^\(10\.1\.1\.100, 224\.12\.12\.12\) is forwarded from eth0 to eth1\.\n\nRoute /,
  );
  assert.match(explained.stdout, /^ {2}eth1 +forwarding .*10\.5\.5\.6 is interested/m);
  const doctored = await hpim("doctor");
  assert.deepEqual([doctored.code, doctored.stdout], [0, "Nothing was found.\n"]);
  await sender.stop();
  for (const receiver of receivers) await receiver.stop();
});
