// Sends flows of numbered UDP packets at an even rate: one to each group, round after round.
import { createSocket, type Socket } from "node:dgram";
import { dueAfter, millisUntilNext } from "./pace.ts";
import { encodePacket, GREATEST_SEQUENCE } from "./packet.ts";
import { interfaceOrRoute, isIpv6 } from "./sockets.ts";
import { codeOf, TrafficError, whyItFailed } from "./traffic-error.ts";
import type { WallClock } from "./wall-clock.ts";

/** What is to be sent. */
export interface FlowToSend {
  /** Addresses as text, also unicast ones. */
  readonly groups: readonly string[];
  readonly port: number;
  /** Rounds a second. */
  readonly rate: number;
  /** Rounds in all, at most GREATEST_SEQUENCE; Infinity will do. */
  readonly count: number;
  /** Payload of a packet, in bytes. */
  readonly size: number;
  readonly ttl: number;
  /** Number of the first group's flow; the next group's is one more. */
  readonly flow: number;
  /** Where multicast leaves; null: where the routes say. */
  readonly device: string | null;
  /** Our address that it is sent from; null: the kernel chooses. */
  readonly source: string | null;
  /** Packets say the time of day by it; null: they do not. */
  readonly wallClock: WallClock | null;
}

/** Up to so long it sleeps: setTimeout is up to a millisecond late, and the flow would not be even. */
const SHORT_MILLIS = 3;
const NEVER_WOKEN = new Int32Array(new SharedArrayBuffer(4));
/** So many packets wait in this process for a link that is slower than the rate. */
const MOST_UNDER_WAY = 10_000;

const openSocket = (group: string): Socket => createSocket(isIpv6(group) ? "udp6" : "udp4");

function bound(socket: Socket, { source }: FlowToSend): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("error", (error) =>
      reject(new TrafficError(`Nothing can be sent from ${source}: ${whyItFailed(error)}.`)),
    );
    socket.bind(source === null ? { port: 0 } : { port: 0, address: source }, resolve);
  });
}

/** Connected, so that no address is looked up for every packet. */
function connected(socket: Socket, port: number, group: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.connect(port, group, (error?: Error) => {
      if (error === undefined) resolve();
      else reject(new TrafficError(`Nothing can be sent to ${group}: ${whyItFailed(error)}.`));
    });
  });
}

/** Has a socket send to `group`. Throws TrafficError. */
async function prepare(socket: Socket, group: string, flow: FlowToSend): Promise<void> {
  const { source, device, port, ttl } = flow;
  if (source !== null && isIpv6(source) !== isIpv6(group)) {
    throw new TrafficError(
      `Nothing can be sent from ${source} to ${group}: their families differ.`,
    );
  }
  const leaving = interfaceOrRoute(device, group);
  await bound(socket, flow);
  socket.removeAllListeners("error");
  if (leaving !== undefined) socket.setMulticastInterface(leaving);
  socket.setMulticastTTL(ttl);
  socket.setTTL(ttl);
  await connected(socket, port, group);
}

/** A sender that is ready; it ends by itself after the last packet. */
export class Sender {
  readonly #flow: FlowToSend;
  readonly #sockets: readonly Socket[];
  readonly #failures = new Map<string, number>();
  readonly #ended: Promise<void>;
  #tellEnd: () => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  #underWay = 0;
  #isOver = false;
  /** Rounds that were sent. */
  sent = 0;
  /** Packets that the kernel refused. */
  failed = 0;
  /** CLOCK_MONOTONIC of the first and last round; 0 if there was none. */
  firstNanos = 0n;
  lastNanos = 0n;

  private constructor(flow: FlowToSend, sockets: readonly Socket[]) {
    this.#flow = flow;
    this.#sockets = sockets;
    this.#ended = new Promise((resolve) => {
      this.#tellEnd = resolve;
    });
    for (const socket of sockets) socket.on("error", (error) => this.#fail(error));
  }

  /** A sender of `flow`. Throws TrafficError if that cannot be sent. */
  static async open(flow: FlowToSend): Promise<Sender> {
    const opened = flow.groups.map((group) => ({ group, socket: openSocket(group) }));
    try {
      await Promise.all(opened.map(({ group, socket }) => prepare(socket, group, flow)));
    } catch (error) {
      for (const { socket } of opened) socket.close();
      throw error;
    }
    return new Sender(
      flow,
      opened.map(({ socket }) => socket),
    );
  }

  /** With which codes the kernel refused packets, and how many with each. */
  get failures(): ReadonlyMap<string, number> {
    return this.#failures;
  }

  /** Sends the first round, and the others in their time. */
  begin(): void {
    this.#sendRound();
    this.#sendWhatIsDue();
  }

  /** Sends no further round. */
  end(): void {
    clearTimeout(this.#timer);
    this.#isOver = true;
    this.#concludeIfOver();
  }

  /** Resolves when all has left or was refused. */
  ended(): Promise<void> {
    return this.#ended;
  }

  #fail(error: NodeJS.ErrnoException): void {
    this.failed++;
    const code = codeOf(error);
    this.#failures.set(code, (this.#failures.get(code) ?? 0) + 1);
  }

  #concludeIfOver(): void {
    if (!this.#isOver || this.#underWay > 0) return;
    this.#underWay = Number.POSITIVE_INFINITY;
    for (const socket of this.#sockets) socket.close();
    this.#tellEnd();
  }

  #sendRound(): void {
    const { flow, size, wallClock } = this.#flow;
    this.sent++;
    this.lastNanos = process.hrtime.bigint();
    if (this.sent === 1) this.firstNanos = this.lastNanos;
    for (const [index, socket] of this.#sockets.entries()) {
      this.#underWay++;
      const sentNanos = process.hrtime.bigint();
      const packet = { flow: flow + index, sequence: this.sent, sentNanos };
      socket.send(encodePacket(packet, size, wallClock?.at(sentNanos)), (error) => {
        this.#underWay--;
        if (error) this.#fail(error);
        this.#concludeIfOver();
      });
    }
  }

  /** Each packet is due 1 / rate after the one before was due, however late that was. */
  readonly #sendWhatIsDue = (): void => {
    if (this.#isOver) return;
    const { rate } = this.#flow;
    const count = Math.min(this.#flow.count, GREATEST_SEQUENCE);
    const elapsed = Number(process.hrtime.bigint() - this.firstNanos);
    const due = Math.min(count, dueAfter(elapsed, rate));
    while (this.sent < due && this.#underWay < MOST_UNDER_WAY) this.#sendRound();
    if (this.sent >= count) {
      this.end();
      return;
    }
    const wait = millisUntilNext(this.sent, elapsed, rate);
    if (wait > SHORT_MILLIS) {
      this.#timer = setTimeout(this.#sendWhatIsDue, wait);
      return;
    }
    Atomics.wait(NEVER_WOKEN, 0, 0, wait);
    setImmediate(this.#sendWhatIsDue);
  };
}
