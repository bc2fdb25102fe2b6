// Addresses and prefixes of both families.
// An address is its bytes in network order, as a string of 4 or 16 code units of 0 to 255: `===` compares addresses,
// `<` compares them as numbers, a Map keys on them, and the length tells the family. Text is for people only.

declare const addressBrand: unique symbol;
/** An IPv4 (4 code units) or IPv6 (16 code units) address. */
export type Address = string & { readonly [addressBrand]: true };
/** Address family. */
export type Family = 4 | 6;

/** A subnet or a route's destination: the bits of `address` beyond `length` are zero. */
export interface Prefix {
  readonly address: Address;
  readonly length: number;
}

/** The family of an address. */
export const familyOf = (address: Address): Family => (address.length === 4 ? 4 : 6);

/** Bytes in an address of a family. */
export const addressBytes = (family: Family): 4 | 16 => (family === 4 ? 4 : 16);

/** The address in `bytes` at `offset`; the caller has checked that they are there. */
export function readAddress(bytes: Uint8Array, offset: number, family: Family): Address {
  let address = "";
  const end = offset + addressBytes(family);
  for (let at = offset; at < end; at++) address += String.fromCharCode(bytes[at] ?? 0);
  return address as Address;
}

/** Writes the 4 or 16 bytes of `address` at `offset`. */
export function writeAddress(bytes: Uint8Array, offset: number, address: Address): void {
  for (let i = 0; i < address.length; i++) bytes[offset + i] = address.charCodeAt(i);
}

function parseIpv4(text: string): Address | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part)))
    return undefined;
  const numbers = parts.map(Number);
  return numbers.every((n) => n < 256) ? (String.fromCharCode(...numbers) as Address) : undefined;
}

function parseGroups(text: string): number[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  if (!parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part))) return undefined;
  return parts.map((part) => Number.parseInt(part, 16));
}

function parseIpv6(text: string): Address | undefined {
  const [headText = "", tailText, ...rest] = text.split("::");
  const head = parseGroups(headText);
  const tail = parseGroups(tailText ?? "");
  if (head === undefined || tail === undefined || rest.length > 0) return undefined;
  const missing = 8 - head.length - tail.length;
  if (tailText === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return String.fromCharCode(...groups.flatMap((group) => [group >> 8, group & 0xff])) as Address;
}

/** The address that `text` writes ("10.1.1.1", "fe80::1"), or undefined if it writes none. */
export const parseAddress = (text: string): Address | undefined =>
  text.includes(":") ? parseIpv6(text) : parseIpv4(text);

/** The address that a literal in our own code writes. Throws if it writes none. */
export function ip(text: string): Address {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`"${text}" is not an address`);
  return address;
}

function formatIpv6(address: Address): string {
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((address.charCodeAt(2 * i) << 8) | address.charCodeAt(2 * i + 1)).toString(16),
  );
  let best = { start: 0, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (groups[start + length] === "0") length++;
    if (length > best.length) best = { start, length };
  }
  if (best.length < 2) return groups.join(":");
  return `${groups.slice(0, best.start).join(":")}::${groups.slice(best.start + best.length).join(":")}`;
}

/** The address in its usual text form (RFC 5952 for IPv6). */
export function formatAddress(address: Address): string {
  if (address.length !== 4) return formatIpv6(address);
  const at = (i: number): number => address.charCodeAt(i);
  return `${at(0)}.${at(1)}.${at(2)}.${at(3)}`;
}

/** `address` with the bits beyond `length` cleared. */
export function maskAddress(address: Address, length: number): Address {
  let masked = "";
  for (let i = 0; i < address.length; i++) {
    const bits = Math.min(8, Math.max(0, length - 8 * i));
    masked += String.fromCharCode(address.charCodeAt(i) & (0xff00 >> bits) & 0xff);
  }
  return masked as Address;
}

/** The prefix of `length` bits that holds `address`. */
export const prefixOf = (address: Address, length: number): Prefix => ({
  address: maskAddress(address, length),
  length,
});

/** Whether `address` lies in `prefix`; addresses of another family never do. */
export const prefixHolds = (prefix: Prefix, address: Address): boolean =>
  prefix.address.length === address.length &&
  maskAddress(address, prefix.length) === prefix.address;

/** The longest IPv4 prefix that sets two of its addresses apart for itself (RFC 3021: not those of point-to-point links). */
const LONGEST_WITH_BROADCAST = 30;

/** The last address of a prefix: where a subnet's broadcasts go. */
export function lastAddress({ address, length }: Prefix): Address {
  let last = "";
  for (let i = 0; i < address.length; i++) {
    const bits = Math.min(8, Math.max(0, length - 8 * i));
    last += String.fromCharCode(address.charCodeAt(i) | (0xff >> bits));
  }
  return last as Address;
}

/** Whether `address` may be a host's in the subnet: it lies there, and is neither the subnet's own nor its broadcast address. */
export function prefixHoldsHost(subnet: Prefix, address: Address): boolean {
  if (!prefixHolds(subnet, address)) return false;
  if (address.length !== 4 || subnet.length > LONGEST_WITH_BROADCAST) return true;
  return address !== subnet.address && address !== lastAddress(subnet);
}

/** The prefix that `text` writes ("10.1.1.0/24"; host bits are cleared), or undefined. */
export function parsePrefix(text: string): Prefix | undefined {
  const [addressText = "", lengthText = "", ...rest] = text.split("/");
  const address = parseAddress(addressText);
  if (address === undefined || rest.length > 0 || !/^\d{1,3}$/.test(lengthText)) return undefined;
  const length = Number(lengthText);
  return length <= 8 * address.length ? prefixOf(address, length) : undefined;
}

/** The prefix as people write it. */
export const formatPrefix = (prefix: Prefix): string =>
  `${formatAddress(prefix.address)}/${prefix.length}`;

/** Whether `address` is a multicast address. */
export const isMulticast = (address: Address): boolean =>
  address.length === 4 ? (address.charCodeAt(0) & 0xf0) === 0xe0 : address.charCodeAt(0) === 0xff;

/** Whether `address` is an IPv6 link-local unicast address or an IPv4 one (169.254/16). */
export const isLinkLocal = (address: Address): boolean =>
  address.length === 4
    ? address.startsWith("\xa9\xfe")
    : address.charCodeAt(0) === 0xfe && (address.charCodeAt(1) & 0xc0) === 0x80;

const IPV6_LOOPBACK = ip("::1");
const IPV6_UNSPECIFIED = ip("::");

function isRoutableUnicast(address: Address): boolean {
  if (address.length !== 4) {
    return !isMulticast(address) && address !== IPV6_LOOPBACK && address !== IPV6_UNSPECIFIED;
  }
  const first = address.charCodeAt(0);
  return first !== 0 && first !== 127 && first < 0xe0;
}

/** Whether `source` may be the source of a routed tree (§2.3): unicast, not loopback, unspecified, broadcast or link-local. */
export const isRoutableSource = (source: Address): boolean =>
  isRoutableUnicast(source) && !isLinkLocal(source);

/** Whether `group` may be routed (§2.3, §12): not 224.0.0.0/24; for IPv6 of scope 3 or more. */
export function isRoutableGroup(group: Address): boolean {
  if (!isMulticast(group)) return false;
  return group.length === 4 ? !group.startsWith("\xe0\0\0") : (group.charCodeAt(1) & 0x0f) >= 3;
}
