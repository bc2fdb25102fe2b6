// HPIM-DM messages (§2.1, §2.2), of both families.
import type { Family } from "../base/address.ts";
import { addressBytes, familyOf } from "../base/address.ts";
import { invariant } from "../base/invariant.ts";
import type { BootTime } from "../base/units.ts";
import { bootTime, sequenceNumber } from "../base/units.ts";
import type {
  Ack,
  Hello,
  IamUpstream,
  Message,
  PlainTreeMessage,
  Rpc,
  SnapshotEntry,
  Sync,
  TreeId,
  TreeMessage,
} from "../core/messages.ts";
import { syncEntryBytes } from "../core/sync-capacity.ts";
import { decodeOptions, encodeOptions, optionsBytes } from "./hello-options.ts";
import type { Malformed } from "./malformed.ts";
import { isMalformed, malformed } from "./malformed.ts";
import { Reader } from "./reader.ts";
import type { Signature } from "./signature.ts";
import { SECURITY_VALUE_OFFSET, signatureOf } from "./signature.ts";
import { Writer } from "./writer.ts";

/** A message, and the signature that came with it, which is still to be judged; null: it is not signed. */
export interface DecodedMessage {
  readonly message: Message;
  readonly signature: Signature | null;
}

/** The room to leave for a signature. */
export interface SignatureRoom {
  /** SecurityIdentifier, u16. */
  readonly identifier: number;
  /** SecurityLength, 1 to 255. */
  readonly lengthBytes: number;
}

const VERSION = 0;
const VERSION_AND_TYPE_OFFSET = 4;

/** By their number on the wire. */
const TYPES: readonly Message["kind"][] = [
  "hello",
  "sync",
  "iamUpstream",
  "iamNoLongerUpstream",
  "interest",
  "noInterest",
  "ack",
];

/** Bytes of the fixed fields of a body, without source and group. */
const FIELD_BYTES = {
  hello: 0,
  sync: 16,
  iamUpstream: 12,
  iamNoLongerUpstream: 4,
  interest: 4,
  noInterest: 4,
  ack: 16,
} as const satisfies Record<Message["kind"], number>;

const LEADER = 0x8000_0000;
const MORE = 0x4000_0000;
const SYNC_SN_MASK = 0x3fff_ffff;

const decodeRpc = (reader: Reader): Rpc => ({ preference: reader.u32(), metric: reader.u32() });

const decodeEntry = (reader: Reader): SnapshotEntry => ({
  source: reader.address(),
  group: reader.address(),
  rpc: decodeRpc(reader),
});

function decodeHello(reader: Reader, sender: BootTime): Hello | Malformed {
  const at = reader.offset;
  const options = decodeOptions(reader);
  if (isMalformed(options)) return options;
  const { holdTimeSeconds } = options;
  if (holdTimeSeconds === undefined) return malformed("no HoldTime", at);
  return { kind: "hello", bootTime: sender, options: { ...options, holdTimeSeconds } };
}

function decodePart(reader: Reader, more: boolean): Sync["part"] | Malformed {
  if (!more) {
    const options = decodeOptions(reader);
    return isMalformed(options) ? options : { more, options };
  }
  const entries: SnapshotEntry[] = [];
  const entryBytes = syncEntryBytes(reader.family);
  while (reader.left >= entryBytes) entries.push(decodeEntry(reader));
  return reader.left > 0 ? malformed("truncated Sync entry", reader.offset) : { more, entries };
}

function decodeSync(reader: Reader, sender: BootTime): Sync | Malformed {
  const mySsn = sequenceNumber(reader.u32());
  const neighborSsn = sequenceNumber(reader.u32());
  const neighborBootTime = bootTime(reader.u32());
  const flagsAndSn = reader.u32();
  const part = decodePart(reader, (flagsAndSn & MORE) !== 0);
  if (isMalformed(part)) return part;
  return {
    kind: "sync",
    bootTime: sender,
    mySsn,
    neighborSsn,
    neighborBootTime,
    leader: (flagsAndSn & LEADER) !== 0,
    syncSn: flagsAndSn & SYNC_SN_MASK,
    part,
  };
}

const decodeIamUpstream = (reader: Reader, sender: BootTime): IamUpstream => ({
  kind: "iamUpstream",
  bootTime: sender,
  source: reader.address(),
  group: reader.address(),
  sn: sequenceNumber(reader.u32()),
  rpc: decodeRpc(reader),
});

const decodePlain = (
  reader: Reader,
  sender: BootTime,
  kind: PlainTreeMessage["kind"],
): PlainTreeMessage => ({
  kind,
  bootTime: sender,
  source: reader.address(),
  group: reader.address(),
  sn: sequenceNumber(reader.u32()),
});

const decodeAck = (reader: Reader, sender: BootTime): Ack => ({
  kind: "ack",
  bootTime: sender,
  source: reader.address(),
  group: reader.address(),
  neighborBootTime: bootTime(reader.u32()),
  neighborSsn: sequenceNumber(reader.u32()),
  mySsn: sequenceNumber(reader.u32()),
  neighborSn: sequenceNumber(reader.u32()),
});

const isAboutTree = (kind: Message["kind"]): boolean => kind !== "hello" && kind !== "sync";

function decodeBody(reader: Reader, sender: BootTime, kind: Message["kind"]): Message | Malformed {
  const treeBytes = isAboutTree(kind) ? 2 * addressBytes(reader.family) : 0;
  if (reader.left < treeBytes + FIELD_BYTES[kind])
    return malformed("too short", reader.offset + reader.left);
  switch (kind) {
    case "hello":
      return decodeHello(reader, sender);
    case "sync":
      return decodeSync(reader, sender);
    case "iamUpstream":
      return decodeIamUpstream(reader, sender);
    case "iamNoLongerUpstream":
    case "interest":
    case "noInterest":
      return decodePlain(reader, sender, kind);
    case "ack":
      return decodeAck(reader, sender);
  }
}

/** The type that `bytes`, which hold a header, claim (§2.1): 0 to 15, not all of which exist. */
export const typeOf = (bytes: Uint8Array): number =>
  new Reader(bytes, VERSION_AND_TYPE_OFFSET, 4).u8() & 0x0f;

/** The message in `bytes`, the payload of a datagram of this family (§2.1, §2.2). Its signature is not verified here. */
export function decodeMessage(bytes: Uint8Array, family: Family): DecodedMessage | Malformed {
  const signature = signatureOf(bytes);
  if (isMalformed(signature)) return signature;
  const reader = new Reader(bytes, 0, family);
  const sender = bootTime(reader.u32());
  const version = reader.u8() >> 4;
  if (version !== VERSION) return malformed("unknown version", VERSION_AND_TYPE_OFFSET);
  const kind = TYPES[typeOf(bytes)];
  if (kind === undefined) return malformed("unknown type", VERSION_AND_TYPE_OFFSET);
  reader.skip(3 + (signature === null ? 0 : signature.value.length));
  const message = decodeBody(reader, sender, kind);
  return isMalformed(message) ? message : { message, signature };
}

function bodyBytes(message: Message): number {
  switch (message.kind) {
    case "hello":
      return optionsBytes(message.options);
    case "sync":
      return FIELD_BYTES.sync + partBytes(message.part);
    default:
      return message.source.length + message.group.length + FIELD_BYTES[message.kind];
  }
}

function partBytes(part: Sync["part"]): number {
  if (!part.more) return optionsBytes(part.options);
  const [first] = part.entries;
  return first === undefined ? 0 : part.entries.length * syncEntryBytes(familyOf(first.source));
}

function encodeRpc(writer: Writer, rpc: Rpc): void {
  writer.u32(rpc.preference);
  writer.u32(rpc.metric);
}

function encodeTree(writer: Writer, tree: TreeId): void {
  writer.address(tree.source);
  writer.address(tree.group);
}

function encodeSync(writer: Writer, sync: Sync): void {
  const { part } = sync;
  invariant((sync.syncSn & SYNC_SN_MASK) === sync.syncSn, "SyncSN fits 30 bits");
  writer.u32(sync.mySsn);
  writer.u32(sync.neighborSsn);
  writer.u32(sync.neighborBootTime);
  writer.u32((sync.leader ? LEADER : 0) + (part.more ? MORE : 0) + sync.syncSn);
  if (!part.more) {
    encodeOptions(writer, part.options);
    return;
  }
  for (const entry of part.entries) {
    encodeTree(writer, entry);
    encodeRpc(writer, entry.rpc);
  }
}

function encodeAck(writer: Writer, ack: Ack): void {
  encodeTree(writer, ack);
  writer.u32(ack.neighborBootTime);
  writer.u32(ack.neighborSsn);
  writer.u32(ack.mySsn);
  writer.u32(ack.neighborSn);
}

function encodeTreeMessage(writer: Writer, message: TreeMessage): void {
  encodeTree(writer, message);
  writer.u32(message.sn);
  if (message.kind === "iamUpstream") encodeRpc(writer, message.rpc);
}

function encodeBody(writer: Writer, message: Message): void {
  switch (message.kind) {
    case "hello":
      encodeOptions(writer, message.options);
      break;
    case "sync":
      encodeSync(writer, message);
      break;
    case "ack":
      encodeAck(writer, message);
      break;
    default:
      encodeTreeMessage(writer, message);
  }
}

/**
 * The message's bytes (§2.1, §2.2). With `room`, the security value is left zero, as its own computation wants it (§3);
 * it belongs at SECURITY_VALUE_OFFSET.
 */
export function encodeMessage(message: Message, room: SignatureRoom | null): Uint8Array {
  const { identifier, lengthBytes } = room ?? { identifier: 0, lengthBytes: 0 };
  const writer = new Writer(SECURITY_VALUE_OFFSET + lengthBytes + bodyBytes(message));
  writer.u32(message.bootTime);
  writer.u8((VERSION << 4) | TYPES.indexOf(message.kind));
  writer.u16(identifier);
  writer.u8(lengthBytes);
  writer.skip(lengthBytes);
  encodeBody(writer, message);
  return writer.finish();
}
