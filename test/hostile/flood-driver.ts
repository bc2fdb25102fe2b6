// Sends streams of ever new packets out of a device, as fast as one process can, in the namespace it runs in.
// Arguments: the device's index, and the address of the router on its link, as hexadecimal digits.
import { known } from "../../src/base/invariant.ts";
import { internetChecksum } from "../../src/wire/checksum.ts";
import { serve } from "../linux/driver-process.ts";
import { hex } from "../support/bytes.ts";
import { PacketSocket } from "../support/packet-socket.ts";
import type { EverNew, Rising } from "./ever-new.ts";
import { framesOf } from "./frames.ts";

const [index = "0", router = ""] = process.argv.slice(2);
const socket = new PacketSocket(Number(index));

/** After so long it is looked whether somebody has called. */
const SLICE_MS = 5;
const ETHERNET_BYTES = 14;
const IGMP = 2;
/** Numbers rise by less than this, and begin anew. */
const SPAN = 1 << 24;

/** Offsets in an IPv4 header and in an IGMP message. */
const PROTOCOL = 9;
const CHECKSUM = 10;
const DESTINATION = 16;
const IGMP_CHECKSUM = 2;

class Stream {
  readonly #rising: readonly Rising[];
  readonly #frame: Uint8Array;
  readonly #ethernet: DataView;
  readonly #header: Uint8Array;
  readonly #payload: Uint8Array;
  #copies = 0;

  constructor({ datagram, rising }: EverNew) {
    this.#rising = rising;
    const [frame] = framesOf(datagram, hex(router));
    this.#frame = known(frame, "a frame");
    this.#ethernet = new DataView(this.#frame.buffer);
    const headerBytes = 4 * ((datagram[0] ?? 0) & 0x0f);
    this.#header = this.#frame.subarray(ETHERNET_BYTES, ETHERNET_BYTES + headerBytes);
    this.#payload = this.#frame.subarray(ETHERNET_BYTES + headerBytes);
  }

  sendNext(): void {
    const view = this.#ethernet;
    for (const { offset, first, step } of this.#rising) {
      view.setUint32(ETHERNET_BYTES + offset, first + ((this.#copies * step) % SPAN));
    }
    this.#copies++;
    const at = ETHERNET_BYTES + DESTINATION;
    const isMulticast = view.getUint8(at) >> 4 === 0xe;
    // RFC 1112 §6.4.
    if (isMulticast) view.setUint32(2, 0x5e00_0000 | (view.getUint32(at) & 0x7f_ffff));
    this.#fill(this.#header, CHECKSUM);
    if (this.#header[PROTOCOL] === IGMP) this.#fill(this.#payload, IGMP_CHECKSUM);
    socket.send(this.#frame);
  }

  #fill(bytes: Uint8Array, offset: number): void {
    const view = this.#ethernet;
    view.setUint16(bytes.byteOffset + offset, 0);
    view.setUint16(bytes.byteOffset + offset, internetChecksum(bytes));
  }
}

/** One round in so many has the others in it too. */
const SELDOM = 16;

let streams: readonly Stream[] = [];
let seldom: readonly Stream[] = [];
let isFlooding = false;
let rounds = 0;
let sent = 0;

function sendRound(): void {
  const all = rounds % SELDOM === 0 ? [...streams, ...seldom] : streams;
  for (const stream of all) stream.sendNext();
  rounds++;
  sent += all.length;
}

function flood(): void {
  const end = performance.now() + SLICE_MS;
  while (isFlooding && performance.now() < end) sendRound();
  if (isFlooding) setImmediate(flood);
}

const methods: Readonly<Record<string, (...args: readonly never[]) => unknown>> = {
  /** These streams from now on, and, seldom, those. */
  use: (often: readonly EverNew[], others: readonly EverNew[]) => {
    streams = often.map((one) => new Stream(one));
    seldom = others.map((one) => new Stream(one));
    rounds = 0;
    sent = 0;
  },
  /** So many packets of each. */
  send: (count: number) => {
    for (let n = 0; n < count; n++) sendRound();
  },
  /** One packet of each, again and again, until `stop`. */
  start: () => {
    isFlooding = true;
    setImmediate(flood);
  },
  /** Returns how many packets there have been since `use`. */
  stop: () => {
    isFlooding = false;
    return sent;
  },
};

serve(
  (name, args) => known(methods[name], `the method ${name}`)(...(args as readonly never[])),
  () => {
    isFlooding = false;
    socket.close();
  },
);
