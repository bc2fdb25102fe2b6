// Notices and refusals as English sentences, for the log and for people.
import { formatAddress } from "../base/address.ts";
import { formatTree } from "../base/tree-text.ts";
import type { Notice } from "../core/notices.ts";
import type { MembershipNotice } from "../membership/notices.ts";
import type { DropProtocol, SingleDrop } from "./drops.ts";
import type { DaemonNotice, EngineNotice, Refusal, Wait } from "./notices.ts";
import type { NameOf } from "./reasons.ts";

/** Why a protocol is refused on the interface called `name`, and what can be done. */
export function refusalSentence(refusal: Refusal, name: string): string {
  switch (refusal.kind) {
    case "loopback":
      return `Nothing runs on ${name}: it is a loopback interface.`;
    case "noMulticast":
      return `Nothing runs on ${name}: it cannot send multicast ("ip link set ${name} multicast on" may help).`;
    case "vrf":
      return `Nothing runs on ${name}: it is the device of a VRF, and multicast is routed outside of VRFs only.`;
    case "partOf":
      return refusal.type === "vrf"
        ? `Nothing runs on ${name}: it is in the VRF ${refusal.name}, and multicast is routed outside of VRFs only ("ip link set ${name} nomaster" takes it out).`
        : `Nothing runs on ${name}: it is a port of ${refusal.name}, which gets its packets; use ${refusal.name} instead.`;
    case "noVif":
      return `Nothing runs on ${name}: ${refusal.failure.message}.`;
    case "noBootTime":
      return `HPIM-DM does not run on ${name}: its BootTime cannot be kept in the state directory: ${refusal.failure.message}.`;
  }
}

/** What an interface waits for. */
export function waitSentence(why: Wait["kind"], name: string): string {
  switch (why) {
    case "down":
      return `${name} is down.`;
    case "noAddress":
      return `${name} has no IPv4 address.`;
  }
}

type CoreOrEngine = Notice | EngineNotice | SingleDrop;

const MEMBERSHIP: Readonly<Record<MembershipNotice["kind"], true>> = {
  querier: true,
  group: true,
  version1Router: true,
};

const isMembership = (notice: DaemonNotice | SingleDrop): notice is MembershipNotice =>
  Object.hasOwn(MEMBERSHIP, notice.kind);

function membershipSentence(notice: MembershipNotice, nameOf: NameOf): string {
  const name = nameOf(notice.interface);
  switch (notice.kind) {
    case "querier":
      return notice.role === "Querier"
        ? `We are the IGMP querier on ${name}.`
        : `${formatAddress(notice.querier)} is the IGMP querier on ${name}.`;
    case "group":
      return notice.members
        ? `${formatAddress(notice.group)} has members on ${name}.`
        : `${formatAddress(notice.group)} has no more members on ${name}.`;
    case "version1Router":
      return `${formatAddress(notice.router)} on ${name} speaks IGMPv1 only: configure all routers there for the same version.`;
  }
}

const DROPPED: Readonly<Record<DropProtocol, string>> = {
  "HPIM-DM": "HPIM-DM message",
  IGMP: "IGMP message",
  IPv4: "datagram",
  data: "new flow",
};

/** "On eth1, 17 IGMP messages were dropped, the last one from 10.1.1.9: wrong checksum." */
function droppedSentence(
  { protocol, reason, sender, count, interface: index }: Extract<EngineNotice, { kind: "dropped" }>,
  nameOf: NameOf,
): string {
  const from = sender === null ? "" : ` from ${formatAddress(sender)}`;
  const what =
    count === 1
      ? `one ${DROPPED[protocol]}${from} was dropped`
      : `${count} ${DROPPED[protocol]}s were dropped, the last one${from}`;
  return `On ${nameOf(index)}, ${what}: ${reason}.`;
}

/** "Dropped on eth1 from 10.1.1.9: IGMP message, wrong checksum." */
function singleDropSentence(
  { protocol, reason, sender, interface: index }: SingleDrop,
  nameOf: NameOf,
): string {
  const from = sender === null ? "" : ` from ${formatAddress(sender)}`;
  return `Dropped on ${nameOf(index)}${from}: ${DROPPED[protocol]}, ${reason}.`;
}

function coreSentence(notice: CoreOrEngine, nameOf: NameOf): string {
  switch (notice.kind) {
    case "protocolStarted":
      return `HPIM-DM runs on ${nameOf(notice.interface)} as ${formatAddress(notice.address)}.`;
    case "protocolStopped":
      return `HPIM-DM has ended on ${nameOf(notice.interface)}.`;
    case "neighborState":
      return `Neighbor ${formatAddress(notice.neighbor)} on ${nameOf(notice.interface)}: ${notice.from} to ${notice.to}.`;
    case "neighborFailed":
      return `Neighbor ${formatAddress(notice.neighbor)} on ${nameOf(notice.interface)} is gone: ${notice.why}.`;
    case "treeState":
      return `Tree ${formatTree(notice)}: ${notice.from} to ${notice.to}.`;
    case "forwarding":
      return `Tree ${formatTree(notice)} is ${notice.forwarding ? "forwarded" : "no longer forwarded"} to ${nameOf(notice.interface)}.`;
    case "assert":
      return `Tree ${formatTree(notice)}: we ${notice.winner ? "win" : "lose"} the assert on ${nameOf(notice.interface)}.`;
    case "dropped":
      return droppedSentence(notice, nameOf);
    case "drop":
      return singleDropSentence(notice, nameOf);
    case "refused":
      return refusalSentence(notice.refusal, nameOf(notice.interface));
    case "waits": {
      const sentence = waitSentence(notice.why, nameOf(notice.interface));
      return `${sentence} What is configured there starts when it can.`;
    }
    case "missing":
      return `${notice.name} is configured, but there is no such interface: it is used when it appears.`;
    case "callFailed": {
      const where = notice.interface === null ? "" : ` on ${nameOf(notice.interface)}`;
      return `A call of the kernel failed${where}: ${notice.failure.message}.`;
    }
  }
}

/** What a notice says, or a single drop. */
export const noticeSentence = (notice: DaemonNotice | SingleDrop, nameOf: NameOf): string =>
  isMembership(notice) ? membershipSentence(notice, nameOf) : coreSentence(notice, nameOf);
