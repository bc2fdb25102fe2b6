// Frames that no capture holds, written by hand from protocol.md §2: IPv6, tags, and what is malformed.
import { hex } from "../support/bytes.ts";

/** A frame of Ethernet. */
export interface FrameByHand {
  readonly what: string;
  readonly bytes: Uint8Array;
  /** What "hpim-dm decode --json" says of it, but for its number and time; undefined: nothing. */
  readonly said: Readonly<Record<string, unknown>> | undefined;
}

const MAC = "020000000002 020000000001";
const HEADER_6 = "6c000000";
const ONE = "fe800000000000000000000000000001";
const TWO = "fe800000000000000000000000000002";
const ALL = "ff02000000000000000000000000000d";
const TREE_6 = "20010db8000000000000000000000064 ff1e0000000000000000000000000001";
const UNSIGNED = { securityIdentifier: 0, securityLength: 0, securityValid: null };
const BOOT_TIME = { bootTime: 1_795_375_735 };

/** From 10.2.2.1 to 10.2.2.2; `totalBytes`: that of the IPv4 header, in hexadecimal. */
const ipv4 = (totalBytes: string, payload: string): string =>
  `45c0 ${totalBytes} 0000 4000 01 67 0000 0a020201 0a020202 ${payload}`;

const malformedOf4 = (reason: string, totalBytes: string, payload: string): FrameByHand => ({
  what: reason,
  bytes: hex(`${MAC} 0800 ${ipv4(totalBytes, payload)}`),
  said: { source: "10.2.2.1", destination: "10.2.2.2", malformed: reason },
});

/** The frames. */
export const FRAMES_BY_HAND: readonly FrameByHand[] = [
  {
    what: "a Hello over IPv6, with HoldTimeMillis and an option that nobody knows",
    bytes: hex(`${MAC} 86dd ${HEADER_6} 0025 67 01 ${ONE} ${ALL}
      6b034277 00 0000 00 0001 0002 0001 0002 0004 00000007 00ff 0003 aabbcc 0003 0004 000000c8`),
    said: {
      ...{ source: "fe80::1", destination: "ff02::d", type: "Hello", ...BOOT_TIME, ...UNSIGNED },
      ...{ holdTime: 1, checkpointSn: 7, holdTimeMillis: 200 },
    },
  },
  {
    what: "a Sync over IPv6, with a tree",
    bytes: hex(`${MAC} 86dd ${HEADER_6} 0040 67 01 ${TWO} ${ONE}
      6b034277 01 0000 00 00000005 00000004 6b034278 c0000003 ${TREE_6} 00000004 00000014`),
    said: {
      ...{ source: "fe80::2", destination: "fe80::1", type: "Sync", ...BOOT_TIME, ...UNSIGNED },
      ...{ mySnapshotSn: 5, neighborSnapshotSn: 4, neighborBootTime: 1_795_375_736 },
      ...{ master: true, more: true, syncSn: 3 },
      trees: [{ source: "2001:db8::64", group: "ff1e::1", preference: 4, metric: 20 }],
    },
  },
  {
    what: "an IamUpstream over IPv6",
    bytes: hex(`${MAC} 86dd ${HEADER_6} 0034 67 01 ${ONE} ${ALL}
      6b034277 02 0000 00 ${TREE_6} 0000000a 000000bb 80000001`),
    said: {
      ...{ source: "fe80::1", destination: "ff02::d", type: "IamUpstream" },
      ...{ ...BOOT_TIME, ...UNSIGNED, treeSource: "2001:db8::64", treeGroup: "ff1e::1" },
      ...{ sn: 10, preference: 187, metric: 2_147_483_649 },
    },
  },
  {
    what: "an Ack over IPv6, behind a tag and hop-by-hop options",
    bytes: hex(`${MAC} 8100 0007 86dd ${HEADER_6} 0040 00 01 ${TWO} ${ONE} 67 00 0104 00000000
      6b034277 06 0000 00 ${TREE_6} 6b034278 00000001 00000002 00000009`),
    said: {
      ...{ source: "fe80::2", destination: "fe80::1", type: "Ack", ...BOOT_TIME, ...UNSIGNED },
      ...{ treeSource: "2001:db8::64", treeGroup: "ff1e::1", neighborBootTime: 1_795_375_736 },
      ...{ neighborSnapshotSn: 1, mySnapshotSn: 2, sn: 9, acknowledges: null },
    },
  },
  {
    what: "an Interest behind two tags, with bytes behind its body",
    bytes: hex(`${MAC} 88a8 0064 8100 0007 0800
      ${ipv4("002a", "6b034277 04 0000 00 0a010164 e00c0c0c 00000009 ffff")}`),
    said: {
      ...{ source: "10.2.2.1", destination: "10.2.2.2", type: "Interest" },
      ...{ ...BOOT_TIME, ...UNSIGNED, treeSource: "10.1.1.100", treeGroup: "224.12.12.12", sn: 9 },
    },
  },
  malformedOf4("too short", "001b", "6b034277 00 0000"),
  malformedOf4("too short", "0027", "6b034277 05 0000 00 0a010164 e00c0c0c 000000"),
  malformedOf4("truncated security value", "0022", "6b034277 00 0007 20 0001 0002 0028"),
  malformedOf4("unknown version", "0022", "6b034277 10 0000 00 0001 0002 0028"),
  malformedOf4("unknown type", "0022", "6b034277 07 0000 00 0001 0002 0028"),
  malformedOf4("no HoldTime", "0024", "6b034277 00 0000 00 0002 0004 00000001"),
  malformedOf4("truncated option", "0021", "6b034277 00 0000 00 0001 0002 00"),
  malformedOf4("truncated option", "001f", "6b034277 00 0000 00 0001 00"),
  malformedOf4("option of wrong length", "0024", "6b034277 00 0000 00 0001 0004 00000028"),
  malformedOf4("repeated option", "0028", "6b034277 00 0000 00 0001 0002 0028 0001 0002 0028"),
  malformedOf4(
    "truncated Sync entry",
    "003b",
    "6b034277 01 0000 00 00000005 00000004 6b034278 40000003 0a010164 e00c0c0c 00000004 000000",
  ),
  {
    what: "a Hello of PIM version 2",
    bytes: hex(`${MAC} 0800 ${ipv4("001e", "2000 df93 0001 0002 0069")}`),
    said: undefined,
  },
];
