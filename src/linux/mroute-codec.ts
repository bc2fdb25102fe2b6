// The structures of the kernel's IPv4 multicast routing (linux/mroute.h), as bytes of a 64-bit little-endian machine.
import { type Address, readAddress, writeAddress } from "../base/address.ts";
import { type InterfaceIndex, type VifIndex, vifIndex } from "../base/units.ts";
import type { EntryCounters, VifCounters } from "../daemon/host.ts";
import { MAX_VIFS } from "./vif-table.ts";

const VIFF_USE_IFINDEX = 8;

/** struct vifctl: VIF `vif` is the interface `index`. */
export function encodeVif(vif: VifIndex, index: InterfaceIndex): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, vif, true);
  view.setUint8(2, VIFF_USE_IFINDEX);
  view.setUint8(3, 1);
  view.setInt32(8, index, true);
  return bytes;
}

/** An output of a forwarding entry: packets leave by it only if they arrived with a TTL above the threshold, 1 to 254. */
export interface VifOutput {
  readonly vif: VifIndex;
  readonly ttlThreshold: number;
}

/** A forwarding entry by VIFs. */
export interface VifEntry {
  readonly source: Address;
  readonly group: Address;
  readonly incoming: VifIndex;
  readonly outgoing: readonly VifOutput[];
}

/** struct mfcctl; a VIF is less than 256, of its two bytes. */
export function encodeEntry(entry: VifEntry): Uint8Array {
  const bytes = new Uint8Array(60);
  writeAddress(bytes, 0, entry.source);
  writeAddress(bytes, 4, entry.group);
  bytes[8] = entry.incoming;
  for (const { vif, ttlThreshold } of entry.outgoing) bytes[10 + vif] = ttlThreshold;
  return bytes;
}

/** struct sioc_sg_req, to be filled by the kernel. */
export function encodeCountersRequest(source: Address, group: Address): Uint8Array {
  const bytes = new Uint8Array(32);
  writeAddress(bytes, 0, source);
  writeAddress(bytes, 4, group);
  return bytes;
}

/** What the kernel filled in. */
export function decodeCounters(bytes: Uint8Array): EntryCounters {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    packets: Number(view.getBigUint64(8, true)),
    wrongInterface: Number(view.getBigUint64(24, true)),
  };
}

/** A request for the counters of a VIF (struct sioc_vif_req). */
export function encodeVifCountersRequest(vif: VifIndex): Uint8Array {
  const bytes = new Uint8Array(40);
  new DataView(bytes.buffer).setUint16(0, vif, true);
  return bytes;
}

/** What the kernel filled in. */
export function decodeVifCounters(bytes: Uint8Array): VifCounters {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const at = (offset: number): number => Number(view.getBigUint64(offset, true));
  return {
    received: { packets: at(8), bytes: at(24) },
    sent: { packets: at(16), bytes: at(32) },
  };
}

/** What arrives on the multicast routing socket. */
export type Arrival =
  | { readonly kind: "datagram" }
  | {
      readonly kind: "upcall";
      readonly reason: "missingEntry" | "wrongInterface";
      readonly vif: VifIndex;
      readonly source: Address;
      readonly group: Address;
    }
  /** An upcall of a kind that we never asked for, or nothing known. */
  | { readonly kind: "other" };

const UPCALL_BYTES = 20;
const IGMPMSG_NOCACHE = 1;
const IGMPMSG_WRONGVIF = 2;

function upcallReason(type: number | undefined): "missingEntry" | "wrongInterface" | undefined {
  if (type === IGMPMSG_NOCACHE) return "missingEntry";
  return type === IGMPMSG_WRONGVIF ? "wrongInterface" : undefined;
}

/** An IGMP datagram or a struct igmpmsg, which has 0 in place of the IP protocol. */
export function decodeArrival(bytes: Uint8Array): Arrival {
  if (bytes.length < UPCALL_BYTES) return { kind: "other" };
  if (bytes[9] !== 0) return { kind: "datagram" };
  const reason = upcallReason(bytes[8]);
  const number = (bytes[10] ?? 0) | ((bytes[11] ?? 0) << 8);
  if (reason === undefined || number >= MAX_VIFS) return { kind: "other" };
  return {
    kind: "upcall",
    reason,
    vif: vifIndex(number),
    source: readAddress(bytes, 12, 4),
    group: readAddress(bytes, 16, 4),
  };
}
