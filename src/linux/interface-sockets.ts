// The sockets that HPIM-DM and IGMP speak through: two raw ones for each interface, bound to it. Whoever floods one
// interface fills the receive buffers of that one, and crowds out nothing that others say on theirs.
import { type Address, ip, readAddress } from "../base/address.ts";
import { orderedKeys } from "../base/ordered.ts";
import { Queue } from "../base/queue.ts";
import type { InterfaceIndex } from "../base/units.ts";
import { HostError, type HostEvent, type OutgoingDatagram } from "../daemon/host.ts";
import { close, watch } from "./libc.ts";
import { type DatagramHandler, ReceiveBuffer } from "./receive-buffer.ts";
import { SendBuffer } from "./send-buffer.ts";
import {
  AF_INET,
  configureRouting,
  IPPROTO_IGMP,
  IPPROTO_IP,
  joinGroup,
  openSocket,
  SOCK_RAW,
  SOL_SOCKET,
  setOption,
  setReceiveBuffer,
} from "./sockets.ts";

/**
 * What one socket joins, all of the interface get; the kernel lets one join 20 (igmp_max_memberships). All routers; the
 * group of HPIM-DM, which is PIM's; IGMPv3 reports (RFC 3376 §4.2.14). All systems (224.0.0.1) needs no joining.
 */
const GROUPS = ["224.0.0.2", "224.0.0.13", "224.0.0.22"].map(ip);
const PROTOCOLS = { hpim: 103, igmp: IPPROTO_IGMP } as const;
const TITLES = { hpim: "HPIM-DM (IP protocol 103)", igmp: "IGMP" } as const;
/** Each holds some 20,000 messages without entries. */
const RECEIVE_BUFFER_BYTES = 8 << 20;

const SO_BINDTOIFINDEX = { level: SOL_SOCKET, name: 62 };
const IP_OPTIONS = { level: IPPROTO_IP, name: 4 };
/** RFC 2113, on what is sent. */
const ROUTER_ALERT = Uint8Array.of(0x94, 0x04, 0x00, 0x00);
/** Has what carries Router Alert arrive although its group is nobody's here. */
const IP_ROUTER_ALERT = { level: IPPROTO_IP, name: 5 };

type Protocol = OutgoingDatagram["protocol"];
type Sockets = Readonly<Record<Protocol, number>>;

/** A socket that sends and receives one protocol on an interface, in no group yet. `name`: the interface's, for messages. Throws HostError. */
export function openProtocolSocket(
  protocol: Protocol,
  index: InterfaceIndex,
  name: string,
): number {
  const what = `the socket of ${TITLES[protocol]} on ${name}`;
  const fd = openSocket(AF_INET, SOCK_RAW, PROTOCOLS[protocol], what);
  try {
    setOption(fd, SO_BINDTOIFINDEX, index, `cannot bind ${what} to the interface`);
    configureRouting(fd, what);
    setReceiveBuffer(fd, RECEIVE_BUFFER_BYTES);
    if (protocol === "igmp") {
      setOption(fd, IP_OPTIONS, ROUTER_ALERT, `cannot set up ${what}`);
      setOption(fd, IP_ROUTER_ALERT, 1, `cannot set up ${what}`);
    }
  } catch (error) {
    close(fd);
    throw error;
  }
  return fd;
}

/** A datagram that arrived. */
type Arrival = Extract<HostEvent, { kind: "datagram" }>;

/** Takes the datagrams that arrive. */
export type ArrivalHandler = (event: Arrival) => void;

/** The sockets of all interfaces that are started. */
export class InterfaceSockets {
  readonly #emit: ArrivalHandler;
  readonly #isOwn: (address: Address) => boolean;
  readonly #sockets = new Map<InterfaceIndex, Sockets>();
  /** What was received and is still to be emitted. */
  readonly #arrived = new Queue<Arrival>();
  readonly #receiveBuffer = new ReceiveBuffer();
  readonly #sendBuffer = new SendBuffer();

  /** `emit` gets what arrives; `isOwn` knows this machine's addresses. */
  constructor(emit: ArrivalHandler, isOwn: (address: Address) => boolean) {
    this.#emit = emit;
    this.#isOwn = isOwn;
  }

  /** Opens those of an interface that has none, and joins the routers' groups there. `name`: its own, for messages. Throws HostError. */
  open(index: InterfaceIndex, name: string): void {
    const hpim = openProtocolSocket("hpim", index, name);
    let igmp: number;
    try {
      for (const group of GROUPS) joinGroup(hpim, index, group, name);
      igmp = openProtocolSocket("igmp", index, name);
    } catch (error) {
      close(hpim);
      throw error;
    }
    this.#sockets.set(index, { hpim, igmp });
    this.#watch(hpim, this.#take);
    this.#watch(igmp, (arrival, bytes) => {
      // The kernel loops the reports of this machine's own listeners, the routers' groups among them.
      if (!this.#isOwn(readAddress(bytes, 12, 4))) this.#take(arrival, bytes);
    });
  }

  #watch(fd: number, handler: DatagramHandler): void {
    const emitAll = (): unknown => this.#emitAll();
    watch(fd, () => this.#receiveBuffer.receive(fd, handler, emitAll));
  }

  readonly #take: DatagramHandler = (arrival, bytes) => {
    this.#arrived.push({ kind: "datagram", interface: arrival, bytes });
  };

  /** Returns how many datagrams that were. */
  #emitAll(): number {
    let count = 0;
    for (let next = this.#arrived.shift(); next !== undefined; next = this.#arrived.shift()) {
      count++;
      this.#emit(next);
    }
    return count;
  }

  /** Emits what was received already, and some more of HPIM-DM on these interfaces: how many datagrams. Whoever gets one may call this. */
  hear(interfaces: readonly InterfaceIndex[]): number {
    for (const index of interfaces) {
      const sockets = this.#sockets.get(index);
      if (sockets !== undefined) this.#receiveBuffer.receiveBatch(sockets.hpim, this.#take);
    }
    return this.#emitAll();
  }

  /** `name`: the interface's, for messages. Throws HostError; ENODEV: it has no sockets, or has gone. */
  send(datagram: OutgoingDatagram, name: string): void {
    const sockets = this.#sockets.get(datagram.interface);
    if (sockets === undefined) {
      throw new HostError("sendmsg", "ENODEV", `cannot send on ${name}`);
    }
    this.#sendBuffer.send(sockets[datagram.protocol], datagram, name);
  }

  /** Closes those of an interface, if it has any: so it leaves the groups. */
  close(index: InterfaceIndex): void {
    const sockets = this.#sockets.get(index);
    if (sockets === undefined) return;
    this.#sockets.delete(index);
    for (const fd of Object.values(sockets)) close(fd);
  }

  closeAll(): void {
    for (const index of orderedKeys(this.#sockets)) this.close(index);
  }
}
