// The cases of IGMP (RFC 2236, 3376): messages that are broken, come from elsewhere, go elsewhere, or are about no group.
import { ip } from "../../src/base/address.ts";
import type { DropReason } from "../../src/daemon/drops.ts";
import type { IgmpMessage, RecordType } from "../../src/membership/messages.ts";
import type { HostileCase } from "./hostile-case.ts";
import { R1, R1_OTHER, STRANGER } from "./hostile-case.ts";
import { digits, igmp, igmpBytes, igmpWithWrongChecksum } from "./packets.ts";

const GROUP = "239.9.9.9";
const ALL_SYSTEMS = "224.0.0.1";
const ALL_ROUTERS = "224.0.0.2";
const VERSION_3_ROUTERS = "224.0.0.22";
const MANY_RECORDS = 8_000;
const to = (destination: string) => ({ from: STRANGER, to: destination });

const report = (group: string, version: 1 | 2 = 2): IgmpMessage => ({
  ...{ kind: "report", version },
  group: ip(group),
});
const leave = (group: string): IgmpMessage => ({ kind: "leave", group: ip(group) });
const query = (group: string | null): IgmpMessage => ({
  ...{ kind: "query", version: 2, maxResponseTenths: 1 },
  group: group === null ? null : ip(group),
});
const version3 = (type: RecordType, ...groups: readonly string[]): IgmpMessage => ({
  kind: "version3Report",
  records: groups.map((group) => ({ type, group: ip(group), sources: [] })),
});

const igmpCase = (
  name: string,
  reason: DropReason,
  packets: HostileCase["packets"],
): HostileCase => ({ name, protocol: "IGMP", reason, packets });

const G = digits(GROUP);

/** All of them. */
export const IGMP_CASES: readonly HostileCase[] = [
  igmpCase("messages that are cut", "too short", () => [
    igmpBytes("", to(VERSION_3_ROUTERS)),
    igmpBytes("16", to(VERSION_3_ROUTERS)),
    igmpBytes("16 00 0000 ef0909", to(VERSION_3_ROUTERS)),
  ]),
  igmpCase("queries between the lengths of version 2 and 3, odd ones too", "too short", () =>
    ["00", "0000", "000000"].map((more) =>
      igmpBytes(`11 64 0000 00000000 ${more}`, to(ALL_SYSTEMS)),
    ),
  ),
  igmpCase("wrong checksums", "wrong checksum", () => [
    igmpWithWrongChecksum(`16 00 1234 ${G}`, to(GROUP)),
    igmpWithWrongChecksum("11 64 0000 00000000", to(ALL_SYSTEMS)),
    igmpWithWrongChecksum(`17 00 0000 ${G} 00`, to(ALL_ROUTERS)),
  ]),
  igmpCase("types of others", "unknown type", () =>
    ["00", "13", "14", "1e", "ff"].map((type) =>
      igmpBytes(`${type} 00 0000 ${G}`, to(VERSION_3_ROUTERS)),
    ),
  ),
  igmpCase("reports of version 3 whose records are cut", "truncated group record", () =>
    ["0001", "ffff", `0001 04 00 0001 ${G}`, `0001 04 ff 0000 ${G}`, `0002 04 00 0000 ${G}`].map(
      (rest) => igmpBytes(`22 00 0000 0000 ${rest}`, to(VERSION_3_ROUTERS)),
    ),
  ),
  igmpCase("a query of version 3 whose sources are cut", "truncated source list", () => [
    igmpBytes("11 64 0000 00000000 02 7d 0002 0a010164", to(ALL_SYSTEMS)),
  ]),
  igmpCase("messages that may have come from afar", "TTL not 1", () =>
    [0, 2, 255].flatMap((ttl) => [
      igmp(report(GROUP), { ...to(GROUP), ttl }),
      igmp(query(null), { ...to(ALL_SYSTEMS), ttl }),
      igmp(version3("isExclude", GROUP), { ...to(VERSION_3_ROUTERS), ttl }),
    ]),
  ),
  igmpCase("senders that are not on the link", "sender not on link", () =>
    ["10.1.1.100", "192.0.2.1", "10.2.0.0", "10.2.255.255"].flatMap((from) => [
      igmp(report(GROUP), { from, to: GROUP }),
      igmp(leave(GROUP), { from, to: ALL_ROUTERS }),
      igmp(query(null), { from, to: ALL_SYSTEMS }),
    ]),
  ),
  {
    ...igmpCase("senders that nobody can be", "sender not on link", () =>
      ["127.0.0.1", "239.1.1.1"].map((from) =>
        igmp(version3("isExclude", GROUP), { from, to: VERSION_3_ROUTERS }),
      ),
    ),
    kernelTakesNone: true,
  },
  {
    ...igmpCase("our own query, come back", "own address", () => [
      igmp(query(null), { from: R1, to: ALL_SYSTEMS }),
    ]),
    kernelTakesNone: true,
  },
  igmpCase("queries of nobody", "query without a source", () => [
    igmp(query(null), { from: "0.0.0.0", to: ALL_SYSTEMS }),
  ]),
  igmpCase("messages to where their type does not go", "wrong destination", () => [
    igmp(query(null), to(ALL_ROUTERS)),
    igmp(query(null), to(R1)),
    igmp(query(GROUP), to(ALL_SYSTEMS)),
    igmp(report(GROUP), to(ALL_SYSTEMS)),
    igmp(report(GROUP, 1), to(VERSION_3_ROUTERS)),
    igmp(report(GROUP), to(R1)),
    igmp(leave(GROUP), to(ALL_SYSTEMS)),
    igmp(leave(GROUP), to(R1_OTHER)),
    igmp(version3("isExclude", GROUP), to(ALL_SYSTEMS)),
    igmp(version3("isExclude", GROUP), to(R1)),
  ]),
  igmpCase("groups that are none", "group is not multicast", () => [
    igmp(report(R1), to(R1)),
    igmp(query(R1), to(R1)),
    igmp(leave("10.9.9.9"), to(ALL_ROUTERS)),
    igmp(leave("255.255.255.255"), to(ALL_ROUTERS)),
    igmp(version3("isExclude", "10.9.9.9"), to(VERSION_3_ROUTERS)),
  ]),
  {
    ...igmpCase(
      "the longest report there is, of groups that are none",
      "group is not multicast",
      () => {
        const groups = Array.from({ length: MANY_RECORDS }, (_, n) => `10.9.${n >> 8}.${n & 0xff}`);
        return [igmp(version3("isExclude", ...groups), to(VERSION_3_ROUTERS))];
      },
    ),
    drops: MANY_RECORDS,
  },
  igmpCase("groups that stay on their link", "group not routed", () => [
    igmp(report(VERSION_3_ROUTERS), to(VERSION_3_ROUTERS)),
    igmp(report(ALL_SYSTEMS, 1), to(ALL_SYSTEMS)),
    igmp(leave("224.0.0.9"), to(ALL_ROUTERS)),
    igmp(version3("isExclude", "224.0.0.251"), to(VERSION_3_ROUTERS)),
    igmp(version3("toInclude", "224.0.0.251"), to(VERSION_3_ROUTERS)),
  ]),
];
