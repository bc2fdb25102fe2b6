// IGMP messages (RFC 1112 appendix I, RFC 2236 §2, RFC 3376 §4), as the payload of an IPv4 datagram.
import type { Address } from "../base/address.ts";
import { ip } from "../base/address.ts";
import type {
  GroupRecord,
  IgmpMessage,
  Query,
  RecordType,
  Version3Report,
} from "../membership/messages.ts";
import { fillChecksum, internetChecksum } from "./checksum.ts";
import type { Malformed } from "./malformed.ts";
import { isMalformed, malformed } from "./malformed.ts";
import { Reader } from "./reader.ts";
import { Writer } from "./writer.ts";

const QUERY = 0x11;
const VERSION_1_REPORT = 0x12;
const VERSION_2_REPORT = 0x16;
const LEAVE = 0x17;
const VERSION_3_REPORT = 0x22;

const SHORT_BYTES = 8;
const VERSION_3_QUERY_BYTES = 12;
/** Suppress Router-Side Processing (RFC 3376 §4.1.5). */
const S_FLAG = 0x08;
const RECORD_HEADER_BYTES = 8;
const CHECKSUM_OFFSET = 2;
const NO_GROUP = ip("0.0.0.0");

/** By their number on the wire, from 1 (RFC 3376 §4.2.12). */
const RECORD_TYPES: readonly RecordType[] = [
  "isInclude",
  "isExclude",
  "toInclude",
  "toExclude",
  "allowNewSources",
  "blockOldSources",
];

/** Tenths of a second that a Max Resp Code says in version 3 (RFC 3376 §4.1.1). */
const tenthsOfCode = (code: number): number =>
  code < 128 ? code : ((code & 0x0f) | 0x10) << (((code >> 4) & 0x07) + 3);

/** The code of the longest time that version 3 can express and that does not exceed `tenths`. */
function codeOfTenths(tenths: number): number {
  let code = Math.min(tenths, 0xff);
  while (tenthsOfCode(code) > tenths) code -= 1;
  return code;
}

function decodeQuery(bytes: Uint8Array): Query | Malformed {
  const reader = new Reader(bytes, 1, 4);
  const code = reader.u8();
  reader.skip(2);
  const groupField = reader.address();
  const group = groupField === NO_GROUP ? null : groupField;
  if (bytes.length === SHORT_BYTES) {
    return { kind: "query", version: code === 0 ? 1 : 2, group, maxResponseTenths: code };
  }
  if (bytes.length < VERSION_3_QUERY_BYTES) return malformed("too short", bytes.length);
  const suppressesTimers = (reader.u8() & S_FLAG) !== 0;
  reader.skip(1);
  const sources = reader.u16();
  if (reader.left < 4 * sources) return malformed("truncated source list", reader.offset);
  const query: Query = { kind: "query", version: 3, group, maxResponseTenths: tenthsOfCode(code) };
  return suppressesTimers || sources > 0 ? { ...query, keepsGroupTimer: true } : query;
}

/** One group record; null: it is of an unknown type, to be ignored (RFC 3376 §4.2.12). */
function decodeRecord(reader: Reader): GroupRecord | Malformed | null {
  const at = reader.offset;
  if (reader.left < RECORD_HEADER_BYTES) return malformed("truncated group record", at);
  const type = RECORD_TYPES[reader.u8() - 1];
  const auxiliaryBytes = 4 * reader.u8();
  const sourceCount = reader.u16();
  const group = reader.address();
  if (reader.left < 4 * sourceCount + auxiliaryBytes)
    return malformed("truncated group record", at);
  const sources: Address[] = [];
  for (let i = 0; i < sourceCount; i++) sources.push(reader.address());
  reader.skip(auxiliaryBytes);
  return type === undefined ? null : { type, group, sources };
}

function decodeVersion3Report(bytes: Uint8Array): Version3Report | Malformed {
  const reader = new Reader(bytes, 6, 4);
  const recordCount = reader.u16();
  const records: GroupRecord[] = [];
  for (let i = 0; i < recordCount; i++) {
    const record = decodeRecord(reader);
    if (isMalformed(record)) return record;
    if (record !== null) records.push(record);
  }
  return { kind: "version3Report", records };
}

/**
 * The message in `bytes`, the whole payload of a datagram, over which its checksum counts (RFC 2236 §2.3).
 * Bytes behind a message of fixed size are ignored. Reason "unknown type" is no fault: there are other users of IGMP.
 */
export function decodeIgmp(bytes: Uint8Array): IgmpMessage | Malformed {
  if (bytes.length < SHORT_BYTES) return malformed("too short", bytes.length);
  if (internetChecksum(bytes) !== 0) return malformed("wrong checksum", CHECKSUM_OFFSET);
  const group = new Reader(bytes, 4, 4).address();
  switch (bytes[0]) {
    case QUERY:
      return decodeQuery(bytes);
    case VERSION_1_REPORT:
      return { kind: "report", version: 1, group };
    case VERSION_2_REPORT:
      return { kind: "report", version: 2, group };
    case LEAVE:
      return { kind: "leave", group };
    case VERSION_3_REPORT:
      return decodeVersion3Report(bytes);
    default:
      return malformed("unknown type", 0);
  }
}

/** A message of 8 bytes, its checksum still zero. */
function encodeShort(type: number, code: number, group: Address): Uint8Array {
  const writer = new Writer(SHORT_BYTES);
  writer.u8(type);
  writer.u8(code);
  writer.u16(0);
  writer.address(group);
  return writer.finish();
}

function encodeQuery(query: Query): Uint8Array {
  const group = query.group ?? NO_GROUP;
  if (query.version < 3) return encodeShort(QUERY, query.maxResponseTenths, group);
  const writer = new Writer(VERSION_3_QUERY_BYTES);
  writer.u8(QUERY);
  writer.u8(codeOfTenths(query.maxResponseTenths));
  writer.u16(0);
  writer.address(group);
  writer.u8(query.keepsGroupTimer ? S_FLAG : 0);
  // QQIC and the number of sources: zero leaves the interval to the receiver, as QRV 0 does (RFC 3376 §4.1.6, §4.1.7).
  writer.u8(0);
  writer.u16(0);
  return writer.finish();
}

function encodeVersion3Report(report: Version3Report): Uint8Array {
  const sourceCount = report.records.reduce((count, { sources }) => count + sources.length, 0);
  const recordsBytes = RECORD_HEADER_BYTES * report.records.length + 4 * sourceCount;
  const writer = new Writer(SHORT_BYTES + recordsBytes);
  writer.u8(VERSION_3_REPORT);
  writer.skip(5);
  writer.u16(report.records.length);
  for (const record of report.records) {
    writer.u8(RECORD_TYPES.indexOf(record.type) + 1);
    writer.u8(0);
    writer.u16(record.sources.length);
    writer.address(record.group);
    for (const source of record.sources) writer.address(source);
  }
  return writer.finish();
}

function encodeWithoutChecksum(message: IgmpMessage): Uint8Array {
  switch (message.kind) {
    case "query":
      return encodeQuery(message);
    case "report":
      return encodeShort(
        message.version === 1 ? VERSION_1_REPORT : VERSION_2_REPORT,
        0,
        message.group,
      );
    case "leave":
      return encodeShort(LEAVE, 0, message.group);
    case "version3Report":
      return encodeVersion3Report(message);
  }
}

/**
 * The message's bytes, with its checksum. A query of version 3 is written without sources; the S flag keeps the group's timer;
 * its response time becomes the longest that can be expressed and is not longer.
 */
export function encodeIgmp(message: IgmpMessage): Uint8Array {
  const bytes = encodeWithoutChecksum(message);
  fillChecksum(bytes, CHECKSUM_OFFSET);
  return bytes;
}
