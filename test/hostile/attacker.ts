// Somebody on a link who hears all that is said there, and says whatever fits: in the name of routers, of nobody, of many.
import type { Address } from "../../src/base/address.ts";
import { formatAddress, ip } from "../../src/base/address.ts";
import type { Random } from "../../src/base/random.ts";
import { bootTime, sequenceNumber } from "../../src/base/units.ts";
import type { Message, Sync, TreeId } from "../../src/core/messages.ts";
import { allRouters } from "../../src/core/messages.ts";
import type { End, Medium } from "../../src/sim/medium.ts";
import { decodeMessage } from "../../src/wire/hpim.ts";
import { decodeIpv4 } from "../../src/wire/ip.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import { happens, pick } from "../../tools/campaign/generate.ts";
import { anyMessage, anyU32 } from "../fuzz/any-message.ts";
import type { OpenKey } from "../support/hmac.ts";
import { signed } from "../support/hmac.ts";
import { hpim } from "./packets.ts";

/** What somebody has said last, as far as it was heard. */
interface Known {
  bootTime: number;
  /** The highest number, of a message or a snapshot. */
  sn: number;
}

const HPIM_DM = 103;
const OWN_BOOT_TIME = 1_700_000_000;
/** Of each address of ours. */
const OWN_SSN = 5;
const LONGEST_HOLD = 0xffff;

/** What an attacker is made of. */
export interface AttackerOptions {
  readonly link: Medium;
  readonly random: Random;
  /** Routers on the link. */
  readonly routers: readonly Address[];
  /** Addresses on the link that are nobody's. */
  readonly own: readonly Address[];
  /** The tree that runs. */
  readonly tree: TreeId;
  /** What it signs with; null: nothing. */
  readonly key: OpenKey | null;
}

/** An attacker. */
export class Attacker implements End {
  readonly name = "attacker";
  readonly isRouter = true;
  /** Every datagram of HPIM-DM that was heard, in order. */
  readonly heard: Uint8Array[] = [];
  /** Whether it answers those who take its addresses for neighbors. */
  cooperates = false;
  readonly options: AttackerOptions;
  readonly #known = new Map<Address, Known>();
  /** Snapshot numbers of routers towards addresses of ours. */
  readonly #ssns = new Map<string, number>();

  constructor(options: AttackerOptions) {
    this.options = options;
    options.link.attach(this);
  }

  receive(datagram: Uint8Array): void {
    const packet = decodeIpv4(datagram);
    if (isMalformed(packet) || packet.protocol !== HPIM_DM) return;
    this.heard.push(datagram);
    const decoded = decodeMessage(packet.payload, 4);
    if (isMalformed(decoded)) return;
    const { source, destination } = packet;
    this.#learn(source, decoded.message);
    const isToUs = this.options.own.includes(destination);
    const { kind } = decoded.message;
    if (kind === "sync" && isToUs) {
      this.#ssns.set(source + destination, decoded.message.mySsn);
      if (this.cooperates) this.#follow(source, destination, decoded.message);
    } else if (this.cooperates && kind !== "hello" && kind !== "sync" && kind !== "ack") {
      const from = isToUs ? destination : pick(this.options.random, this.options.own);
      if (happens(this.options.random, 50)) this.#acknowledge(from, source, decoded.message);
    }
  }

  #learn(source: Address, message: Message): void {
    const sn = "sn" in message ? message.sn : 0;
    const ssn = message.kind === "sync" ? message.mySsn : 0;
    const before = this.#known.get(source);
    const isSameLife = before?.bootTime === message.bootTime;
    const highest = Math.max(sn, ssn, isSameLife ? before.sn : 0);
    this.#known.set(source, { bootTime: message.bootTime, sn: highest });
  }

  #follow(router: Address, own: Address, sync: Sync): void {
    const isEndless = happens(this.options.random, 20);
    const part: Sync["part"] = isEndless
      ? { more: true, entries: Array.from({ length: 8 }, () => this.#entry()) }
      : { more: false, options: { holdTimeSeconds: LONGEST_HOLD } };
    this.say(own, router, {
      ...{ kind: "sync", bootTime: this.bootTimeOf(own), mySsn: sequenceNumber(OWN_SSN) },
      ...{ neighborSsn: sync.mySsn, neighborBootTime: sync.bootTime, leader: !sync.leader },
      ...{ syncSn: sync.syncSn, part },
    });
  }

  #entry() {
    const { random } = this.options;
    return { ...this.anyTree(), rpc: { preference: random.below(300), metric: anyU32(random) } };
  }

  #acknowledge(
    own: Address,
    router: Address,
    { source, group, sn }: TreeId & { sn: number },
  ): void {
    this.say(own, router, {
      ...{ kind: "ack", bootTime: this.bootTimeOf(own), source, group },
      neighborBootTime: this.bootTimeOf(router),
      neighborSsn: sequenceNumber(this.#ssns.get(router + own) ?? 0),
      ...{ mySsn: sequenceNumber(OWN_SSN), neighborSn: sequenceNumber(sn) },
    });
  }

  /** The BootTime of a router, or of one of our addresses. */
  bootTimeOf(address: Address): ReturnType<typeof bootTime> {
    return bootTime(this.#known.get(address)?.bootTime ?? OWN_BOOT_TIME);
  }

  /** A number of the sender's that has not been used. */
  nextSn(from: Address): ReturnType<typeof sequenceNumber> {
    const known = this.#known.get(from) ?? { bootTime: OWN_BOOT_TIME, sn: OWN_SSN };
    this.#known.set(from, { ...known, sn: known.sn + 1 });
    return sequenceNumber(known.sn + 1);
  }

  /** The tree that runs, or one of many others. */
  anyTree(): TreeId {
    const { random, tree } = this.options;
    if (happens(random, 30)) return tree;
    const source = happens(random, 50) ? tree.source : ip(`10.0.1.${2 + random.below(90)}`);
    return { source, group: ip(`239.${1 + random.below(2)}.1.${random.below(256)}`) };
  }

  /** An address on the link that nobody has. */
  anyNewcomer(): Address {
    const { random, own } = this.options;
    const network = formatAddress(pick(random, own)).replace(/\d+$/, "");
    return happens(random, 40) ? pick(random, own) : ip(`${network}${20 + random.below(200)}`);
  }

  /** Any message that is well-formed, with numbers that fit, or nearly, or not at all. */
  anyMessage(from: Address, to: Address): Message {
    const { random } = this.options;
    const message = anyMessage(random, () => this.anyTree());
    const near = (right: number): number => {
      const what = random.below(10);
      if (what < 6) return right;
      return what < 9 ? (right + random.below(5) - 2) >>> 0 : anyU32(random);
    };
    const sn = (right: number) => sequenceNumber(near(right));
    const head = { bootTime: bootTime(near(this.bootTimeOf(from))) };
    const highest = this.#known.get(from)?.sn ?? OWN_SSN;
    const ssn = this.#ssns.get(to + from) ?? this.#known.get(to)?.sn ?? 0;
    if (message.kind === "hello") return { ...message, ...head };
    const pair = {
      mySsn: sn(OWN_SSN),
      neighborSsn: sn(ssn),
      neighborBootTime: bootTime(near(this.bootTimeOf(to))),
    };
    if (message.kind === "sync") return { ...message, ...head, ...pair, syncSn: near(1) % 4 };
    if (message.kind === "ack") return { ...message, ...head, ...pair, neighborSn: sn(highest) };
    return { ...message, ...head, sn: sn(highest + 1) };
  }

  /** Says it, signed with our key if we have one. */
  say(from: Address, to: Address, message: Message): void {
    this.send(this.written(from, to, message));
  }

  /** The datagram, signed with our key if we have one. */
  written(from: Address, to: Address, message: Message): Uint8Array {
    const { kind } = message;
    const isForAll = kind === "hello" || kind === "iamUpstream" || kind === "iamNoLongerUpstream";
    const destination = isForAll ? allRouters(4) : to;
    const addressed = { from: formatAddress(from), to: formatAddress(destination) };
    const datagram = hpim(message, addressed);
    const { key } = this.options;
    return key === null ? datagram : signed(datagram, key);
  }

  /** Sends a datagram onto the link. */
  send(datagram: Uint8Array): void {
    this.options.link.send(this, datagram);
  }
}
