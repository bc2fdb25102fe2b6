// Lists of joined groups that are bad, and what is said of each.
import { type BadFile, IGMP, on } from "./bad-files.ts";

const JOIN =
  "expected the address of a group, such as 239.1.2.3, or a map of a group and one source; 224.0.0.0/24 is not routed";

/** Groups that are joined. */
export const BAD_JOINS: readonly BadFile[] = [
  [on("igmp: {join: 239.1.2.3}"), "1:25: interfaces.e.igmp.join: expected a list of groups"],
  ["igmp: {join: [239.1.2.3]}", `1:8: igmp.join: unknown setting; ${IGMP}`],
  ...[
    "224.0.0.1",
    "10.1.1.1",
    "ff3e::1",
    "239.1.2.0/24",
    "true",
    "[239.1.2.3]",
    "{group: 239.1.2.3}",
    "{source: 10.1.1.1}",
    "{group: 239.1.2.3, source: }",
    "{group: 224.0.0.251, source: 10.1.1.1}",
    "{group: 239.1.2.3, source: 224.1.1.1}",
    "{group: 239.1.2.3, source: 127.0.0.1}",
    "{group: 239.1.2.3, source: 10.1.1.1, port: 1}",
  ].map(
    (item): BadFile => [
      on(`igmp: {join: [239.1.1.1, '::1', ${item}]}`),
      `1:43: interfaces.e.igmp.join.1: ${JOIN}`,
      `1:50: interfaces.e.igmp.join.2: ${JOIN}`,
    ],
  ),
];
