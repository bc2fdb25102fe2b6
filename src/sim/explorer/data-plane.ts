// A data packet on its way through a model, by the entries that the routers have (§9, §13) and the simulator's forwarding
// table. It is faster than any message: nothing changes its way but what routers do when they hear of it.
import { type InterfaceIndex, millis } from "../../base/units.ts";
import type { RouterEvent } from "../../core/events.ts";
import type { RouterMemory } from "../../core/memory.ts";
import { isEnabled } from "../../core/state.ts";
import { treeKey } from "../../core/tree-id.ts";
import { KernelTable } from "../kernel-table.ts";
import type { ModelRouter, Packet } from "./model.ts";
import { subnetOf } from "./wires.ts";

/** The packet is at its end before the clock moves. */
const NOW = millis(0);
/** Above it packets leave an interface. */
const TTL_THRESHOLD = 1;

/** The routers that a packet meets. */
export interface Met {
  readonly memory: (router: number) => RouterMemory | null;
  /** A router is told of the packet. */
  readonly tell: (router: number, event: RouterEvent) => void;
}

interface End {
  readonly router: number;
  readonly index: InterfaceIndex;
  readonly subnet: string;
}

interface Copy {
  readonly subnet: string;
  /** null: the host that sends it. */
  readonly from: End | null;
  readonly ttl: number;
}

/** One packet and all its copies. */
class Flight {
  readonly #ends: readonly End[];
  readonly #packet: Packet;
  readonly #met: Met;
  readonly #tables = new Map<number, KernelTable>();
  readonly #copies = new Map<string, number>();
  readonly #onTheWay: Copy[] = [];

  constructor(ends: readonly End[], packet: Packet, met: Met) {
    this.#ends = ends;
    this.#packet = packet;
    this.#met = met;
  }

  run(): ReadonlyMap<string, number> {
    this.#put({ subnet: this.#packet.subnet, from: null, ttl: this.#packet.ttl });
    for (let copy = this.#onTheWay.shift(); copy !== undefined; copy = this.#onTheWay.shift()) {
      const { subnet, from, ttl } = copy;
      for (const end of this.#ends) {
        if (end !== from && end.subnet === subnet) this.#arrive(end, ttl);
      }
    }
    return this.#copies;
  }

  #put(copy: Copy): void {
    this.#copies.set(copy.subnet, (this.#copies.get(copy.subnet) ?? 0) + 1);
    this.#onTheWay.push(copy);
  }

  #arrive({ router, index }: End, ttl: number): void {
    const at = this.#met.memory(router)?.interfaces.get(index);
    if (at === undefined || !isEnabled(at)) return;
    const table = this.#tables.get(router) ?? new KernelTable();
    this.#tables.set(router, table);
    this.#write(router, table);
    const { source, group } = this.#packet;
    const datagram = Uint8Array.of(ttl);
    const { outputs, upcall } = table.arrive({ source, group, at: index, ttl, datagram }, NOW);
    for (const output of outputs) this.#leave(router, output, ttl - 1);
    if (upcall === null) return;
    this.#met.tell(router, { kind: upcall, interface: index, source, group });
    for (const waiting of this.#write(router, table)) {
      this.#arrive({ router, index: waiting.at, subnet: "" }, waiting.datagram[0] ?? 0);
    }
  }

  /** Brings a table in line with what its router has installed. Returns the packets that waited for it. */
  #write(router: number, table: KernelTable): ReturnType<KernelTable["write"]> {
    const { source, group } = this.#packet;
    const tree = this.#met.memory(router)?.trees.get(treeKey(this.#packet));
    const entry = tree?.installed ?? null;
    if (entry === null) {
      table.delete(source, group);
      return [];
    }
    const outputs = entry.outgoing.map((index) => ({ index, ttlThreshold: TTL_THRESHOLD }));
    return table.write({ source, group }, entry.incoming, outputs, NOW);
  }

  #leave(router: number, index: InterfaceIndex, ttl: number): void {
    const from = this.#ends.find((end) => end.router === router && end.index === index);
    if (from !== undefined) this.#put({ subnet: from.subnet, from, ttl });
  }
}

/** The links of a model as data packets see them. */
export class DataPlane {
  readonly #ends: readonly End[];

  constructor(routers: readonly ModelRouter[]) {
    this.#ends = routers.flatMap(({ interfaces }, router) =>
      interfaces.map((facts) => ({ router, index: facts.index, subnet: subnetOf(facts) })),
    );
  }

  /** How many copies of a packet each link carries, by its subnet. */
  copiesOf(packet: Packet, met: Met): ReadonlyMap<string, number> {
    return new Flight(this.#ends, packet, met).run();
  }
}
