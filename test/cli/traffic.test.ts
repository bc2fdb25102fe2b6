// hpim-dm send and receive on a real link, with a kernel that loses packets, and without any daemon.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { known } from "../../src/base/invariant.ts";
import { encodePacket } from "../../src/traffic/packet.ts";
import { decodeIpv4 } from "../../src/wire/ip.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import { whenDone } from "../support/cleanup.ts";
import { COMMAND, type Outcome, runCommand, runProgram } from "../support/command.ts";
import { LinkCapture } from "../support/link-capture.ts";
import { connect, Namespace, needsRoot } from "../support/namespace.ts";
import { ipv4Of } from "../support/pcap.ts";
import { until } from "../support/until.ts";

const GROUP = "239.1.2.3";
const ON_V0 = ["--interface", "v0"];

/** Two machines on one link, v0 of each: 10.9.0.1, which is also 10.9.0.11, sends to 10.9.0.2. */
class TwoMachines {
  readonly sending: Namespace;
  readonly receiving: Namespace;
  readonly #t: TestContext;

  private constructor(t: TestContext) {
    this.#t = t;
    [this.sending, this.receiving] = [new Namespace(t), new Namespace(t)];
    connect(
      { namespace: this.sending, name: "v0", address: "10.9.0.1/24" },
      { namespace: this.receiving, name: "v0", address: "10.9.0.2/24" },
    );
    this.sending.ip("address add 10.9.0.11/24 dev v0");
  }

  /** Both, when their link is up. */
  static async make(t: TestContext): Promise<TwoMachines> {
    const machines = new TwoMachines(t);
    const { sending, receiving } = machines;
    await until("the link is up", () =>
      [sending, receiving].every((at) => at.ip("link show dev v0").includes("state UP")),
    );
    return machines;
  }

  /** Runs `hpim-dm send` to its end. */
  send(...words: readonly string[]): Promise<Outcome> {
    return runProgram("ip", wordsIn(this.sending, ["send", GROUP, ...words]));
  }

  /** Starts a command; it is killed when the test ends. */
  start(at: Namespace, ...words: readonly string[]): Running {
    const running = new Running(spawn("ip", wordsIn(at, words)));
    whenDone(this.#t, () => running.kill());
    return running;
  }

  /** Starts `hpim-dm receive` on v0, and returns when it has joined. */
  async receive(...words: readonly string[]): Promise<Running> {
    const receiver = this.start(this.receiving, "receive", GROUP, ...ON_V0, ...words);
    await until("it has joined", () => this.isMember());
    return receiver;
  }

  isMember(group = GROUP): boolean {
    return this.receiving.ip("maddress show dev v0").includes(group);
  }

  /** Sends these payloads, in this order, from one socket. */
  sendPayloads(...payloads: readonly Buffer[]): void {
    this.sending.run(
      process.execPath,
      "-e",
      `const s = require("node:dgram").createSocket("udp4");
       const payloads = JSON.parse(process.argv[1]).map((hex) => Buffer.from(hex, "hex"));
       const next = () => {
         const payload = payloads.shift();
         if (payload === undefined) s.close();
         else s.send(payload, 10000, "${GROUP}", next);
       };
       s.bind(0, () => { s.setMulticastInterface("10.9.0.1"); next(); });`,
      JSON.stringify(payloads.map((payload) => payload.toString("hex"))),
    );
  }
}

const wordsIn = ({ name }: Namespace, words: readonly string[]): readonly string[] => [
  ...["netns", "exec", name, process.execPath, COMMAND],
  ...words,
];

/** A command that runs. */
class Running {
  readonly #child: ChildProcess;
  readonly #ended: Promise<readonly unknown[]>;
  readonly #said: Promise<readonly [string, string]>;
  out = "";

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, "close");
    const { stdout, stderr } = child;
    this.#said = Promise.all([text(known(stdout, "a pipe")), text(known(stderr, "a pipe"))]);
    stdout?.on("data", (chunk: Buffer) => {
      this.out += chunk;
    });
  }

  /** Sends it a signal. */
  tell(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** How it ended by itself. */
  async ended(): Promise<Outcome> {
    const [code] = await this.#ended;
    const [out, err] = await this.#said;
    return { code: Number(code), out, err };
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }
}

interface Flow extends Readonly<Record<string, number | string | object>> {
  readonly source: string;
}

/** The summary in JSON of a receiver that has ended well. */
async function summaryOf(
  receiver: Running,
): Promise<{ flows: readonly Flow[]; strangers: number }> {
  const { code, out, err } = await receiver.ended();
  assert.deepEqual([code, err], [0, ""]);
  return JSON.parse(out);
}

/** These fields of the only flow. */
function fieldsOf({ flows }: { flows: readonly Flow[] }, ...fields: readonly string[]): unknown {
  assert.equal(flows.length, 1);
  return fields.map((field) => flows[0]?.[field]);
}

const COUNTS = ["first", "last", "received", "lost", "duplicates", "reordered"] as const;

test("what the kernel drops is lost, and nothing else", needsRoot, async (t) => {
  const machines = await TwoMachines.make(t);
  machines.receiving.run("nft", "add table ip loss");
  machines.receiving.run("nft", "add chain ip loss in { type filter hook input priority 0; }");
  // The sixth of each ten packets.
  machines.receiving.run("nft", "add rule ip loss in udp dport 10000 numgen inc mod 10 5 drop");
  const receiver = await machines.receive("--count", "450", "--json");
  const sent = await machines.send(...ON_V0, "--rate", "2000", "--count", "500");
  assert.deepEqual([sent.code, sent.err], [0, ""]);
  assert.match(
    sent.out,
    /^Sending to 239\.1\.2\.3, port 10000, 2000\/s, TTL 64; Ctrl-C ends it\.\n/,
  );
  assert.match(sent.out, /\nSent 500 packets to 239\.1\.2\.3, [\d.]+\/s\.\n$/);
  const summary = await summaryOf(receiver);
  assert.deepEqual(fieldsOf(summary, ...COUNTS), [1, 500, 450, 50, 0, 0]);
  assert.deepEqual(fieldsOf(summary, "source", "bytes", "stale"), ["10.9.0.1", 45_000, 0]);
  const { seconds, jitterMillis, longestGapMillis, delayMillis } = known(
    summary.flows[0],
    "a flow",
  );
  // No packet leaves before it is due; one clock for both ends.
  assert.ok(Number(seconds) > 0.2 && Number(jitterMillis) >= 0 && Number(longestGapMillis) > 0);
  const { least, mean, most } = delayMillis as { least: number; mean: number; most: number };
  assert.ok(least > -1 && least <= mean && mean <= most, `${least} ${mean} ${most}`);
});

test("duplicates, reordering and what is no test packet are told apart", needsRoot, async (t) => {
  const machines = await TwoMachines.make(t);
  const receiver = await machines.receive();
  const packet = (sequence: number, size = 100): Buffer =>
    encodePacket({ flow: 9, sequence, sentNanos: 1n }, size);
  machines.sendPayloads(
    ...[packet(10), packet(11), Buffer.from("garbage"), packet(11), packet(14), Buffer.alloc(100)],
    ...[packet(12), packet(15, 19 + 1).subarray(0, 19), Buffer.alloc(0), packet(12), packet(15)],
  );
  await until("all have come", () => /received 5 /.test(receiver.out));
  assert.match(receiver.out, /received 5 {2}lost 1 {2}duplicates 2 {2}reordered 1 {2}jitter /);
  receiver.tell("SIGINT");
  const { code, out } = await receiver.ended();
  assert.equal(code, 0);
  const [, summary = ""] = out.split(/\n(?=10\.9\.0\.1 port)/);
  assert.match(summary, /^10\.9\.0\.1 port \d+, numbers 10 to 15\n {2}5 received in /);
  assert.match(summary, /\n {2}1 lost \(16\.667 %\), 2 duplicates, 1 reordered\n/);
  assert.match(summary, /\n4 other packets came to this group and port\.\n$/);
  assert.doesNotMatch(summary, /delay/, "they do not say when they were sent");
});

test(
  "several senders are told apart; of one source alone is heard who joins so",
  needsRoot,
  async (t) => {
    const machines = await TwoMachines.make(t);
    const all = await machines.receive("--count", "30", "--json");
    const one = machines.start(
      ...[machines.receiving, "receive", GROUP, ...ON_V0, "--source", "10.9.0.11"],
      ...["--count", "10", "--json"],
    );
    await until("the source is joined", () =>
      /0x0a09000b/i.test(machines.receiving.run("cat", "/proc/net/mcfilter")),
    );
    for (const source of ["10.9.0.1", "10.9.0.1", "10.9.0.11"]) {
      const { code } = await machines.send("--source", source, "--rate", "1000", "--count", "10");
      assert.equal(code, 0);
    }
    const { flows } = await summaryOf(all);
    assert.deepEqual(
      flows.map(({ source, received, lost }) => [source, received, lost]),
      ["10.9.0.1", "10.9.0.1", "10.9.0.11"].map((source) => [source, 10, 0]),
    );
    assert.deepEqual(fieldsOf(await summaryOf(one), "source", "received"), ["10.9.0.11", 10]);
  },
);

test(
  "packets leave with a TTL that routers forward, or as told; 1 is warned of",
  needsRoot,
  async (t) => {
    const machines = await TwoMachines.make(t);
    const { name: namespace } = machines.receiving;
    const capture = await LinkCapture.start({ namespace, device: "v0", filter: "udp" });
    const sent = async (...words: readonly string[]): Promise<string> => {
      const { code, err } = await machines.send(...ON_V0, "--count", "1", ...words);
      assert.equal(code, 0);
      return err;
    };
    assert.equal(await sent("--size", "28"), "");
    assert.match(await sent("--ttl", "1"), /^hpim-dm: With a TTL of 1 .* no router forwards them/);
    assert.equal(await sent("--ttl", "7", "--port", "5004", "--size", "1400"), "");
    const seen = (await capture.frames()).map((frame) => {
      const packet = decodeIpv4(known(ipv4Of(frame), "UDP over IPv4").bytes);
      assert.ok(!isMalformed(packet));
      const { ttl, payload } = packet;
      return [ttl, (payload[2] ?? 0) * 256 + (payload[3] ?? 0), payload.length - 8];
    });
    assert.deepEqual(seen, [
      [64, 10_000, 28],
      [1, 10_000, 100],
      [7, 5_004, 1_400],
    ]);
  },
);

test("send ends when its time has passed; its summary as JSON", needsRoot, async (t) => {
  const machines = await TwoMachines.make(t);
  const endless = [...ON_V0, "--rate", "1000", "--size", "28"];
  const { code, out, err } = await machines.send(...endless, "--for", "200ms", "--json");
  assert.deepEqual([code, err], [0, ""]);
  const { sent, bytes, seconds, ...others } = JSON.parse(out);
  assert.deepEqual(others, { version: 1, group: GROUP, source: null, port: 10_000, notSent: {} });
  assert.ok(sent > 1 && seconds > 0, out);
  assert.equal(bytes, sent * 28);
});

test("of a group that no router forwards both warn, and go on", needsRoot, async (t) => {
  const machines = await TwoMachines.make(t);
  const words = ["224.0.0.77", ...ON_V0, "--count", "1"];
  const receiver = machines.start(machines.receiving, "receive", ...words);
  await until("it has joined", () => machines.isMember("224.0.0.77"));
  const sender = machines.start(machines.sending, "send", ...words);
  for (const one of [sender, receiver]) {
    const { code, err } = await one.ended();
    assert.equal(code, 0);
    assert.match(err, /^hpim-dm: 224\.0\.0\.77 stays on its link, .*: no router forwards it\.\n$/);
  }
});

test(
  "both say what they do each second, and end with a summary when they are told to",
  needsRoot,
  async (t) => {
    const machines = await TwoMachines.make(t);
    const receiver = await machines.receive();
    const sender = machines.start(machines.sending, "send", GROUP, ...ON_V0, "--rate", "50");
    await until("both have said so twice", () =>
      [sender, receiver].every(
        (one) => (one.out.match(/^(sent|[\d.]+\/s) .*$/gm) ?? []).length >= 2,
      ),
    );
    sender.tell("SIGTERM");
    const { code, out } = await sender.ended();
    assert.equal(code, 0);
    const sent = Number(/\nSent (\d+) packets to 239\.1\.2\.3, /.exec(out)?.[1]);
    await until("all have come", () => receiver.out.includes(`received ${sent} `));
    receiver.tell("SIGTERM");
    const ended = await receiver.ended();
    assert.equal(ended.code, 0);
    assert.match(
      ended.out,
      new RegExp(`\\n {2}${sent} received in [\\d.]+ s: [\\d.]+/s, [\\d.]+ kbit/s\\n`),
    );
    assert.match(ended.out, /\n {2}0 lost \(0 %\), 0 duplicates, 0 reordered\n/);
    assert.match(ended.out, /\n {2}delay .* if the clocks of both machines are synchronised\n/);
    assert.equal(machines.isMember(), false);
  },
);

test("on a terminal one line changes, and makes room for the summary", needsRoot, async (t) => {
  const { receiving } = await TwoMachines.make(t);
  const command = [process.execPath, COMMAND, "receive", GROUP, ...ON_V0, "--for", "2500ms"];
  const { code, out } = await runProgram("ip", [
    ...["netns", "exec", receiving.name, "script", "-qec", command.join(" "), "/dev/null"],
  ]);
  assert.equal(code, 1);
  const [joined, live = "", ...others] = out.split("\r\n");
  assert.equal(joined, `Joined ${GROUP}, port 10000; Ctrl-C ends it.`);
  const second = "\r0/s 0 bit/s  received 0  lost 0  duplicates 0  reordered 0\x1b[K";
  assert.ok(live.startsWith(second), live);
  assert.ok(live.replaceAll(second, "").startsWith("\r\x1b[Khpim-dm: Nothing came"), live);
  assert.deepEqual(others, [""]);
});

test("who has received nothing ends with 1, and is told where to look", needsRoot, async (t) => {
  const machines = await TwoMachines.make(t);
  const receiver = await machines.receive("--for", "200ms");
  const { code, out, err } = await receiver.ended();
  assert.deepEqual([code, out], [1, `Joined ${GROUP}, port 10000; Ctrl-C ends it.\n`]);
  assert.match(err, /^hpim-dm: Nothing came to 239\.1\.2\.3, port 10000\. .*"hpim-dm show groups"/);
});

test("what is in the way is said in words, with what to do", needsRoot, async (t) => {
  const machines = await TwoMachines.make(t);
  const refused = async (at: Namespace, ...words: readonly string[]): Promise<string> => {
    const { code, err } = await machines.start(at, ...words).ended();
    assert.equal(code, 1, words.join(" "));
    return err;
  };
  const { sending, receiving } = machines;
  assert.match(
    await refused(sending, "send", GROUP),
    /no route leads there.*--interface.*ENETUNREACH/,
  );
  assert.match(await refused(receiving, "receive", GROUP), /no route says.*--interface.*ENODEV/);
  for (const words of [["send"], ["receive"]]) {
    const where = [...words, GROUP, "--interface", "v9"];
    assert.match(
      await refused(receiving, ...where),
      /Interface v9 has no IPv4 address, or is down/,
    );
  }
  assert.match(
    await refused(sending, "send", GROUP, "--source", "10.9.0.99"),
    /no interface has that address.*EADDRNOTAVAIL/,
  );
  assert.match(await refused(sending, "send", GROUP, "--source", "fe80::1"), /families differ/);
  sending.run("nft", "add table ip no");
  sending.run("nft", "add chain ip no out { type filter hook output priority 0; }");
  sending.run("nft", "add rule ip no out udp dport 10000 drop");
  const three = machines.start(
    ...[sending, "send", GROUP, ...ON_V0, "--rate", "100", "--count", "3", "--json"],
  );
  const { code, out, err } = await three.ended();
  const { sent, notSent } = JSON.parse(out);
  assert.deepEqual([code, sent, notSent], [1, 0, { EPERM: 3 }]);
  assert.match(
    err,
    /^hpim-dm: Sent 0 packets to .*; not sent: 3 the firewall of this machine forbids it.*\(EPERM\)\.\n$/,
  );
});

for (const words of [
  ["send", "10.1.1.1"],
  ["send", GROUP, "--ttl", "256"],
  ["send", GROUP, "--size", "27"],
  ["send", GROUP, "--source", GROUP],
  ["send", GROUP, "--for", "597h"],
  ["receive", "nobody"],
  ["receive", GROUP, "--for", "soon"],
  ["receive", GROUP, "--for", "0"],
  ["receive", GROUP, "--interface", "e*"],
  ["receive", GROUP, "--port", "0"],
]) {
  test(`wrong usage ends with 2 and says what is expected: hpim-dm ${words.join(" ")}`, async () => {
    const { code, err } = await runCommand(...words);
    assert.equal(code, 2);
    assert.match(err, /is invalid.* Expected /);
  });
}
