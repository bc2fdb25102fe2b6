// Joins groups, and takes the test packets that arrive.
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { isMulticast, parseAddress } from "../base/address.ts";
import { decodePacket, type TestPacket } from "./packet.ts";
import { interfaceOrRoute, isIpv6 } from "./sockets.ts";
import { TrafficError, whyItFailed } from "./traffic-error.ts";

/** What is to be received. */
export interface Reception {
  /** Groups to join; an address of this machine is received without joining. */
  readonly groups: readonly string[];
  readonly port: number;
  /** Where groups are joined; null: where the routes say. */
  readonly device: string | null;
  /** Groups are joined of this source only (RFC 3376, RFC 4607); null: of every one. */
  readonly source: string | null;
  /** Ends after so many packets; Infinity: never. */
  readonly count: number;
  /** Ends so long after the last packet; 0: never. */
  readonly idleMillis: number;
}

/** A test packet that has arrived. */
export interface Arrival {
  readonly packet: TestPacket;
  /** CLOCK_MONOTONIC. */
  readonly receivedNanos: bigint;
  readonly payload: Buffer;
  readonly from: RemoteInfo;
}

const RECEIVE_BUFFER_BYTES = 8 * 1024 * 1024;

function openSocket(group: string): Socket {
  return createSocket({
    type: isIpv6(group) ? "udp6" : "udp4",
    reuseAddr: true,
    recvBufferSize: RECEIVE_BUFFER_BYTES,
  });
}

/** Joins `group` if it is one. Throws what the socket throws. */
function join(socket: Socket, group: string, { device, source }: Reception): void {
  const address = parseAddress(group);
  if (address === undefined || !isMulticast(address)) return;
  const where = interfaceOrRoute(device, group);
  if (source === null) socket.addMembership(group, where);
  else socket.addSourceSpecificMembership(source, group, where);
}

/** A receiver that has joined; it ends by itself as its reception says. */
export class Receiver {
  readonly #reception: Reception;
  readonly #take: (arrival: Arrival) => void;
  readonly #sockets: ReadonlyMap<string, Socket>;
  readonly #ended: Promise<void>;
  #tellEnd: (error?: TrafficError) => void = () => undefined;
  #isOver = false;
  #idle: NodeJS.Timeout | undefined;
  /** Test packets. */
  received = 0;
  /** Packets that are none. */
  strangers = 0;
  /** CLOCK_MONOTONIC before the first join. */
  joiningNanos = 0n;

  private constructor(reception: Reception, take: (arrival: Arrival) => void) {
    this.#reception = reception;
    this.#take = take;
    this.#sockets = new Map(reception.groups.map((group) => [group, openSocket(group)]));
    this.#ended = new Promise((resolve, reject) => {
      this.#tellEnd = (error) => (error === undefined ? resolve() : reject(error));
    });
    this.#ended.catch(() => undefined);
  }

  /** Joins, and has `take` called with each test packet, at once. Throws TrafficError if that is not possible. */
  static async open(reception: Reception, take: (arrival: Arrival) => void): Promise<Receiver> {
    const receiver = new Receiver(reception, take);
    await Promise.all(
      [...receiver.#sockets].map(([group, socket]) => receiver.#bind(group, socket)),
    );
    return receiver;
  }

  /** Takes no further packet. */
  end(): void {
    this.#close();
  }

  /** Resolves when it has ended. Throws TrafficError if a socket failed. */
  ended(): Promise<void> {
    return this.#ended;
  }

  /** To the group itself: a socket per group hears no other's packets, and none has too many memberships. */
  #bind(group: string, socket: Socket): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void => {
        const failure = failureOf(group, error);
        this.#close(failure);
        reject(failure);
      };
      socket.on("error", fail);
      socket.on("message", (payload, from) => this.#arrive(payload, from));
      socket.bind({ address: group, port: this.#reception.port }, () => {
        if (this.#isOver) return;
        if (this.joiningNanos === 0n) this.joiningNanos = process.hrtime.bigint();
        try {
          join(socket, group, this.#reception);
          resolve();
        } catch (error) {
          fail(error);
        }
      });
    });
  }

  #arrive(payload: Buffer, from: RemoteInfo): void {
    const receivedNanos = process.hrtime.bigint();
    if (this.#isOver) return;
    const packet = decodePacket(payload);
    if (packet === undefined) {
      this.strangers++;
      return;
    }
    this.received++;
    this.#take({ packet, receivedNanos, payload, from });
    const { count, idleMillis } = this.#reception;
    if (this.received >= count) this.end();
    else if (idleMillis > 0) {
      clearTimeout(this.#idle);
      this.#idle = setTimeout(() => this.end(), idleMillis);
    }
  }

  #close(error?: TrafficError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#idle);
    for (const socket of this.#sockets.values()) socket.close();
    this.#tellEnd(error);
  }
}

function failureOf(group: string, error: unknown): TrafficError {
  if (error instanceof TrafficError) return error;
  if (!(error instanceof Error)) throw error;
  return new TrafficError(`${group} cannot be received: ${whyItFailed(error)}.`, { cause: error });
}
