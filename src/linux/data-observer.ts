// Looks at data packets as they arrive on interfaces, before the kernel judges or routes them (packet(7)). Of each only the
// IP header is copied, and of an interface no more than a thousand.
import { type Address, readAddress, writeAddress } from "../base/address.ts";
import { orderedValues } from "../base/ordered.ts";
import type { InterfaceIndex } from "../base/units.ts";
import type { DataWanted, ObservedFlow } from "../daemon/surroundings.ts";
import { bind, close, EAGAIN, hostError, recv, watch } from "./libc.ts";
import {
  AND,
  attachFilter,
  type Instruction,
  JUMP_IF_EQUAL,
  JUMP_IF_GREATER,
  LOAD_BYTE,
  LOAD_WORD,
  RETURN,
} from "./socket-filter.ts";
import { openSocket } from "./sockets.ts";

const AF_PACKET = 17;
const SOCK_DGRAM = 2;
const ETH_P_IP = 0x0800;
/** struct sockaddr_ll. */
const ADDRESS_BYTES = 20;
const WHAT = "a socket that looks at data packets";

const IP_HEADER_BYTES = 20;
const TTL = 8;
const SOURCE = 12;
const DESTINATION = 16;
/** SKF_AD_OFF + SKF_AD_PKTTYPE, and PACKET_OUTGOING. */
const PACKET_TYPE = 0xffff_f004;
const OUTGOING = 4;

const MOST_PACKETS = 1000;
const PACKETS_A_TURN = 100;
const MOST_FLOWS = 1000;
const INDEX_DIGITS = 10;

/** Something that must be so of a packet, or must not. */
interface Test {
  readonly load: number;
  readonly at: number;
  readonly mask: number;
  readonly jump: number;
  readonly operand: number;
  readonly holds: boolean;
}

const word = (at: number, mask: number, operand: number, holds: boolean): Test => ({
  ...{ load: LOAD_WORD, at, mask, jump: JUMP_IF_EQUAL, operand, holds },
});

function wordOf(address: Address): number {
  const bytes = new Uint8Array(4);
  writeAddress(bytes, 0, address);
  return new DataView(bytes.buffer).getUint32(0);
}

const INSTRUCTIONS_OF_TEST = 3;

/** All tests in turn; the header is received if none fails. */
function programOf(tests: readonly Test[]): readonly Instruction[] {
  const instructions = tests.flatMap(
    ({ load, at, mask, jump, operand, holds }, i): Instruction[] => {
      const toNothing = INSTRUCTIONS_OF_TEST * (tests.length - i) - 2;
      const [then, otherwise] = holds ? [0, toNothing] : [toNothing, 0];
      return [
        [load, 0, 0, at],
        [AND, 0, 0, mask],
        [jump, then, otherwise, operand],
      ];
    },
  );
  return [...instructions, [RETURN, 0, 0, IP_HEADER_BYTES], [RETURN, 0, 0, 0]];
}

/** Multicast that arrives and may leave its link. */
function testsOf({ tree, maxTtl }: DataWanted): readonly Test[] {
  const isByte = { load: LOAD_BYTE, mask: 0xff };
  return [
    { ...isByte, at: PACKET_TYPE, jump: JUMP_IF_EQUAL, operand: OUTGOING, holds: false },
    word(DESTINATION, 0xf000_0000, 0xe000_0000, true),
    word(DESTINATION, 0xffff_ff00, 0xe000_0000, false),
    ...(tree === null
      ? []
      : [
          word(SOURCE, 0xffff_ffff, wordOf(tree.source), true),
          word(DESTINATION, 0xffff_ffff, wordOf(tree.group), true),
        ]),
    { ...isByte, at: TTL, jump: JUMP_IF_GREATER, operand: maxTtl, holds: false },
  ];
}

function openObserver(index: InterfaceIndex, program: readonly Instruction[]): number {
  // Protocol 0: nothing is received before the filter is there, and it is bound.
  const fd = openSocket(AF_PACKET, SOCK_DGRAM, 0, WHAT);
  try {
    attachFilter(fd, program, WHAT);
    const address = new Uint8Array(ADDRESS_BYTES);
    const view = new DataView(address.buffer);
    view.setUint16(0, AF_PACKET, true);
    view.setUint16(2, ETH_P_IP);
    view.setInt32(4, index, true);
    const bound = bind(fd, address);
    if (bound < 0) throw hostError("bind", bound, `cannot look at interface ${index}`);
  } catch (error) {
    close(fd);
    throw error;
  }
  return fd;
}

/** What was seen, by interface and tree. */
class Sightings {
  readonly #flows = new Map<string, ObservedFlow>();

  add(index: InterfaceIndex, header: Uint8Array): void {
    const source = readAddress(header, SOURCE, 4);
    const group = readAddress(header, DESTINATION, 4);
    const ttl = header[TTL] ?? 0;
    const key = String(index).padStart(INDEX_DIGITS, "0") + source + group;
    const was = this.#flows.get(key);
    if (was === undefined && this.#flows.size >= MOST_FLOWS) return;
    const { packets, minTtl, maxTtl } = was ?? { packets: 0, minTtl: ttl, maxTtl: ttl };
    this.#flows.set(key, {
      ...{ interface: index, source, group, packets: packets + 1 },
      ...{ minTtl: Math.min(minTtl, ttl), maxTtl: Math.max(maxTtl, ttl) },
    });
  }

  all(): readonly ObservedFlow[] {
    return orderedValues(this.#flows);
  }
}

/** Looks for data packets on these interfaces for so many milliseconds (surroundings.ts). Rejects with HostError. */
export function observeData(wanted: DataWanted, millis: number): Promise<readonly ObservedFlow[]> {
  const program = programOf(testsOf(wanted));
  const sightings = new Sightings();
  const open = new Set<number>();
  const end = (fd: number): void => {
    if (open.delete(fd)) close(fd);
  };
  return new Promise((resolve, reject) => {
    const endAll = (): void => {
      for (const fd of [...open]) end(fd);
    };
    try {
      for (const index of wanted.interfaces) {
        const fd = openObserver(index, program);
        open.add(fd);
        watchPackets(
          fd,
          (header) => sightings.add(index, header),
          () => end(fd),
        );
      }
    } catch (error) {
      endAll();
      reject(error);
      return;
    }
    setTimeout(() => {
      endAll();
      resolve(sightings.all());
    }, millis);
  });
}

/** Takes what arrives, some at a time, until it is enough or the socket fails. */
function watchPackets(fd: number, take: (header: Uint8Array) => void, onEnd: () => void): void {
  const header = new Uint8Array(IP_HEADER_BYTES);
  let packets = 0;
  watch(fd, () => {
    for (let n = 0; n < PACKETS_A_TURN; n++) {
      const length = recv(fd, header);
      if (length === EAGAIN) return;
      if (length < 0 || packets === MOST_PACKETS) {
        onEnd();
        return;
      }
      if (length < IP_HEADER_BYTES) continue;
      packets++;
      take(header);
    }
  });
}
