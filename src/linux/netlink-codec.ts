// Messages of rtnetlink (linux/netlink.h, linux/rtnetlink.h) to and from bytes, on a little-endian machine.
// Pure, and total: of bytes that make no sense it decodes what it can, or null.
import { type Address, readAddress, writeAddress } from "../base/address.ts";
import { type InterfaceIndex, interfaceIndex } from "../base/units.ts";

export const RTM_NEWLINK = 16;
export const RTM_DELLINK = 17;
export const RTM_GETLINK = 18;
export const RTM_NEWADDR = 20;
export const RTM_DELADDR = 21;
export const RTM_GETADDR = 22;
export const RTM_NEWROUTE = 24;
export const RTM_DELROUTE = 25;
export const RTM_GETROUTE = 26;
export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;
/** The table changed while it was dumped. */
export const NLM_F_DUMP_INTR = 0x10;

/** Flags of a request for one thing: NLM_F_REQUEST. */
export const ONE = 1;
/** Flags of a request for a whole table: NLM_F_REQUEST, NLM_F_DUMP. */
export const DUMP = 0x301;

const HEADER_BYTES = 16;

/** One message. `body` is a view of the bytes it was found in. */
export interface NetlinkMessage {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly body: DataView;
}

const align = (length: number): number => (length + 3) & ~3;

/** The messages in `bytes`, up to the first that does not fit. */
export function splitMessages(bytes: Uint8Array): readonly NetlinkMessage[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const messages: NetlinkMessage[] = [];
  for (let at = 0; at + HEADER_BYTES <= bytes.length; ) {
    const length = view.getUint32(at, true);
    if (length < HEADER_BYTES || at + length > bytes.length) break;
    messages.push({
      type: view.getUint16(at + 4, true),
      flags: view.getUint16(at + 6, true),
      sequence: view.getUint32(at + 8, true),
      body: new DataView(bytes.buffer, bytes.byteOffset + at + HEADER_BYTES, length - HEADER_BYTES),
    });
    at += align(length);
  }
  return messages;
}

/** The errno, negated, that a message of type NLMSG_ERROR or NLMSG_DONE carries; 0: none. */
export const errorOf = (message: NetlinkMessage): number =>
  message.body.byteLength >= 4 ? message.body.getInt32(0, true) : 0;

/** Where an attribute's value lies in the bytes of its message: no view is made for each, of a hundred thousand routes. */
interface Value {
  readonly view: DataView;
  at: number;
  length: number;
}

/** Calls `visit` for each attribute between `offset` and `end` that fits, with one Value that it moves on. Flag bits of the type are cleared. */
function walkAttributes(
  view: DataView,
  range: readonly [offset: number, end: number],
  visit: (type: number, value: Value) => void,
): void {
  const value = { view, at: 0, length: 0 };
  const [offset, end] = range;
  for (let at = offset; at + 4 <= end; ) {
    const length = view.getUint16(at, true);
    if (length < 4 || at + length > end) return;
    value.at = at + 4;
    value.length = length - 4;
    visit(view.getUint16(at + 2, true) & 0x3fff, value);
    at += align(length);
  }
}

const uint32Of = ({ view, at, length }: Value): number =>
  length >= 4 ? view.getUint32(at, true) : 0;

const bytesOf = ({ view, at, length }: Value): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset + at, length);

function addressOf(value: Value): Address | null {
  const { view, at, length } = value;
  // Most addresses by far; the general way makes an array for each.
  if (length === 4)
    return String.fromCharCode(
      view.getUint8(at),
      view.getUint8(at + 1),
      view.getUint8(at + 2),
      view.getUint8(at + 3),
    ) as Address;
  return length === 16 ? readAddress(bytesOf(value), 0, 6) : null;
}

const uint64Of = ({ view, at, length }: Value, offset: number): number =>
  length >= offset + 8 ? Number(view.getBigUint64(at + offset, true)) : 0;

const decoder = new TextDecoder();

/** The text before the first NUL. */
function textOf(value: Value): string {
  const bytes = bytesOf(value);
  const end = bytes.indexOf(0);
  return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** struct ifinfomsg. */
export interface LinkRecord {
  readonly family: number;
  readonly index: InterfaceIndex;
  /** IFF_ bits. */
  readonly flags: number;
  readonly name: string;
  readonly mtu: number;
  /** "veth", "bridge", "vrf"; "": the driver gives none. */
  readonly type: string;
  /** The interface that it is a part of. */
  readonly master: InterfaceIndex | null;
}

const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_MASTER = 10;
const IFLA_LINKINFO = 18;
const IFLA_INFO_KIND = 1;

function typeOf({ view, at, length }: Value): string {
  let type = "";
  walkAttributes(view, [at, at + length], (attribute, value) => {
    if (attribute === IFLA_INFO_KIND) type = textOf(value);
  });
  return type;
}

/** The body of RTM_NEWLINK or RTM_DELLINK. */
export function decodeLink(body: DataView): LinkRecord | null {
  if (body.byteLength < 16) return null;
  const found = { name: "", mtu: 0, type: "", master: 0 };
  walkAttributes(body, [16, body.byteLength], (type, value) => {
    if (type === IFLA_IFNAME) found.name = textOf(value);
    if (type === IFLA_MTU) found.mtu = uint32Of(value);
    if (type === IFLA_MASTER) found.master = uint32Of(value);
    if (type === IFLA_LINKINFO) found.type = typeOf(value);
  });
  return {
    family: body.getUint8(0),
    index: interfaceIndex(body.getInt32(4, true)),
    flags: body.getUint32(8, true),
    ...found,
    master: found.master === 0 ? null : interfaceIndex(found.master),
  };
}

/** struct ifaddrmsg. */
export interface AddressRecord {
  readonly index: InterfaceIndex;
  readonly prefixLength: number;
  readonly secondary: boolean;
  readonly address: Address;
  /** The other end of a point-to-point link. */
  readonly peer: Address | null;
}

const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
const IFA_F_SECONDARY = 1;

/** The body of RTM_NEWADDR or RTM_DELADDR. */
export function decodeAddress(body: DataView): AddressRecord | null {
  if (body.byteLength < 8) return null;
  const found: { address: Address | null; local: Address | null } = { address: null, local: null };
  walkAttributes(body, [8, body.byteLength], (type, value) => {
    if (type === IFA_ADDRESS) found.address = addressOf(value);
    if (type === IFA_LOCAL) found.local = addressOf(value);
  });
  const address = found.local ?? found.address;
  if (address === null) return null;
  return {
    index: interfaceIndex(body.getUint32(4, true)),
    prefixLength: Math.min(body.getUint8(1), 8 * address.length),
    secondary: (body.getUint8(2) & IFA_F_SECONDARY) !== 0,
    address,
    peer: found.address === address ? null : found.address,
  };
}

/** One way out of a route or of a multicast entry. */
export interface HopRecord {
  readonly interface: InterfaceIndex;
  readonly gateway: Address | null;
  /** The gateway has an address of another family (RTA_VIA). */
  readonly via: boolean;
  /** RTNH_F_ bits. */
  readonly flags: number;
}

/** struct rtmsg, of a unicast or a multicast route. */
export interface RouteRecord {
  readonly prefixLength: number;
  readonly tos: number;
  readonly table: number;
  readonly protocol: number;
  readonly type: number;
  /** RTM_F_ bits, and the RTNH_F_ bits of a route with one next hop. */
  readonly flags: number;
  /** null: the default route. */
  readonly destination: Address | null;
  readonly source: Address | null;
  readonly incoming: InterfaceIndex | null;
  readonly metric: number;
  readonly hops: readonly HopRecord[];
  readonly counters: MulticastCounters;
}

/** struct rta_mfc_stats. */
export interface MulticastCounters {
  readonly packets: number;
  readonly bytes: number;
  readonly wrongInterface: number;
}

const RTA_DST = 1;
const RTA_SRC = 2;
const RTA_IIF = 3;
const RTA_OIF = 4;
const RTA_GATEWAY = 5;
const RTA_PRIORITY = 6;
const RTA_MULTIPATH = 9;
const RTA_TABLE = 15;
const RTA_MFC_STATS = 17;
const RTA_VIA = 18;

/** An object whose fields can be set while it is read. */
type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** Reads what a route and one of several next hops have in common; false: the attribute is something else. */
function readGateway(hop: Draft<HopRecord>, type: number, value: Value): boolean {
  if (type === RTA_GATEWAY) hop.gateway = addressOf(value);
  else if (type === RTA_VIA) hop.via = true;
  else return false;
  return true;
}

/** Entries of struct rtnexthop. */
function decodeHops({ view, at: start, length: total }: Value): HopRecord[] {
  const end = start + total;
  const hops: HopRecord[] = [];
  for (let at = start; at + 8 <= end; ) {
    const length = view.getUint16(at, true);
    if (length < 8 || at + length > end) break;
    const hop: Draft<HopRecord> = {
      interface: interfaceIndex(view.getInt32(at + 4, true)),
      gateway: null,
      via: false,
      flags: view.getUint8(at + 2),
    };
    walkAttributes(view, [at + 8, at + length], (type, value) => readGateway(hop, type, value));
    hops.push(hop);
    at += align(length);
  }
  return hops;
}

function readRouteAttribute(route: Draft<RouteRecord>, type: number, value: Value): void {
  switch (type) {
    case RTA_DST:
      route.destination = addressOf(value);
      return;
    case RTA_SRC:
      route.source = addressOf(value);
      return;
    case RTA_IIF:
      route.incoming = interfaceIndex(uint32Of(value));
      return;
    case RTA_PRIORITY:
      route.metric = uint32Of(value);
      return;
    case RTA_TABLE:
      route.table = uint32Of(value);
      return;
    case RTA_MULTIPATH:
      route.hops = decodeHops(value);
      return;
    case RTA_MFC_STATS:
      route.counters = {
        packets: uint64Of(value, 0),
        bytes: uint64Of(value, 8),
        wrongInterface: uint64Of(value, 16),
      };
  }
}

const NO_COUNTERS: MulticastCounters = { packets: 0, bytes: 0, wrongInterface: 0 };

/** The body of RTM_NEWROUTE or RTM_DELROUTE. A route with one next hop has it in `hops` too. */
export function decodeRoute(body: DataView): RouteRecord | null {
  if (body.byteLength < 12) return null;
  const flags = body.getUint32(8, true);
  const route: Draft<RouteRecord> = {
    prefixLength: body.getUint8(1),
    tos: body.getUint8(3),
    table: body.getUint8(4),
    protocol: body.getUint8(5),
    type: body.getUint8(7),
    flags,
    destination: null,
    source: null,
    incoming: null,
    metric: 0,
    hops: [],
    counters: NO_COUNTERS,
  };
  const only: Draft<HopRecord> = {
    interface: interfaceIndex(0),
    gateway: null,
    via: false,
    flags: flags & 0xff,
  };
  walkAttributes(body, [12, body.byteLength], (type, value) => {
    if (type === RTA_OIF) only.interface = interfaceIndex(uint32Of(value));
    else if (!readGateway(only, type, value)) readRouteAttribute(route, type, value);
  });
  return only.interface === 0 ? route : { ...route, hops: [only] };
}

/** A request. `body`: the fixed structure of the message, and its attributes. */
export function encodeRequest(
  header: { readonly type: number; readonly flags: number; readonly sequence: number },
  body: Uint8Array,
): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, true);
  view.setUint16(4, header.type, true);
  view.setUint16(6, header.flags, true);
  view.setUint32(8, header.sequence, true);
  bytes.set(body, HEADER_BYTES);
  return bytes;
}

/** A fixed structure of `length` bytes that begins with the family, and one attribute of 32 bits. */
export function encodeBody(
  family: number,
  length: number,
  attribute: { readonly type: number; readonly value: number } | null = null,
): Uint8Array {
  const bytes = new Uint8Array(length + (attribute === null ? 0 : 8));
  bytes[0] = family;
  if (attribute === null) return bytes;
  const view = new DataView(bytes.buffer);
  view.setUint16(length, 8, true);
  view.setUint16(length + 2, attribute.type, true);
  view.setUint32(length + 4, attribute.value, true);
  return bytes;
}

/** The body that asks for the multicast forwarding entry of two IPv4 addresses; `family`: RTNL_FAMILY_IPMR. */
export function encodeEntryBody(family: number, source: Address, group: Address): Uint8Array {
  const bytes = new Uint8Array(28);
  const view = new DataView(bytes.buffer);
  bytes.set([family, 32, 32]);
  for (const [at, type, address] of [
    [12, RTA_SRC, source],
    [20, RTA_DST, group],
  ] as const) {
    view.setUint16(at, 8, true);
    view.setUint16(at + 2, type, true);
    writeAddress(bytes, at + 4, address);
  }
  return bytes;
}
