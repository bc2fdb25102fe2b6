// Sockets and their options, with errors in words. The numbers are those of linux/socket.h and linux/in.h.
import { type Address, formatAddress, writeAddress } from "../base/address.ts";
import type { InterfaceIndex } from "../base/units.ts";
import { getsockopt, hostError, setsockopt, socket } from "./libc.ts";

export const AF_INET = 2;
export const SOCK_RAW = 3;
export const IPPROTO_IP = 0;
export const IPPROTO_IGMP = 2;
export const SOL_SOCKET = 1;

const SO_RCVBUF = 8;
const SO_RCVBUFFORCE = 33;
const IP_TOS = 1;
const IP_TTL = 2;
const IP_MULTICAST_TTL = 33;
const IP_MULTICAST_LOOP = 34;
const IP_ADD_MEMBERSHIP = 35;
/** Internetwork control (RFC 2474 §4.2.2.1): routing traffic goes first. */
const TOS_INTERNETWORK_CONTROL = 0xc0;

/** Which option of a socket. */
export interface SocketOption {
  readonly level: number;
  readonly name: number;
}

/** Has the interface of arrival told with each datagram. */
export const IP_PKTINFO: SocketOption = { level: IPPROTO_IP, name: 8 };

/** A number as the kernel reads an `int`. */
export function intBytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}

/** A new socket. `what` says in words what it is for. Throws HostError. */
export function openSocket(domain: number, type: number, protocol: number, what: string): number {
  const fd = socket(domain, type, protocol);
  if (fd < 0) throw hostError("socket", fd, `cannot open ${what}`);
  return fd;
}

/** Sets an option. `what` is the sentence of the HostError that is thrown if that fails. */
export function setOption(
  fd: number,
  option: SocketOption,
  value: number | Uint8Array,
  what: string,
): void {
  const bytes = typeof value === "number" ? intBytes(value) : value;
  const result = setsockopt(fd, option.level, option.name, bytes);
  if (result < 0) throw hostError("setsockopt", result, what);
}

/**
 * Gives the socket a receive buffer of `bytes`, or where that takes privileges we lack, as much of it as the system
 * allows (net.core.rmem_max). Returns what it has: the kernel counts its own overhead, and so doubles what is asked for.
 */
export function setReceiveBuffer(fd: number, bytes: number): number {
  const value = intBytes(bytes);
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, value) < 0)
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, value);
  const granted = new Int32Array(1);
  getsockopt(fd, SOL_SOCKET, SO_RCVBUF, granted);
  return granted[0] ?? 0;
}

/** Has the socket join a group on an interface. `name`: the interface's, for messages. Throws HostError. */
export function joinGroup(fd: number, index: InterfaceIndex, group: Address, name: string): void {
  // struct ip_mreqn.
  const request = new Uint8Array(12);
  writeAddress(request, 0, group);
  new DataView(request.buffer).setInt32(8, index, true);
  const option = { level: IPPROTO_IP, name: IP_ADD_MEMBERSHIP };
  setOption(fd, option, request, `cannot join ${formatAddress(group)} on ${name}`);
}

/** Makes a raw IPv4 socket one of a routing protocol: TTL 1, TOS 0xc0, no copies of our own, and the interface of arrival told. */
export function configureRouting(fd: number, what: string): void {
  const options: readonly (readonly [number, number])[] = [
    [IP_TTL, 1],
    [IP_MULTICAST_TTL, 1],
    [IP_TOS, TOS_INTERNETWORK_CONTROL],
    [IP_MULTICAST_LOOP, 0],
    [IP_PKTINFO.name, 1],
  ];
  for (const [name, value] of options)
    setOption(fd, { level: IPPROTO_IP, name }, value, `cannot set up ${what}`);
}
