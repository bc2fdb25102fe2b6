// What a machine in memory has forwarded by each interface that has a VIF (linux/net/ipv4/ipmr.c).
import type { InterfaceIndex } from "../base/units.ts";
import type { Traffic, VifCounters } from "../daemon/host.ts";
import type { Fate } from "./kernel-table.ts";

/** What becomes of packets that came in where their entry expects them. */
const TAKEN: ReadonlySet<Fate> = new Set(["forwarded", "pruned", "TTL ended"]);

const NOTHING: Traffic = { packets: 0, bytes: 0 };

const plus = ({ packets, bytes }: Traffic, datagram: Uint8Array): Traffic => ({
  packets: packets + 1,
  bytes: bytes + datagram.length,
});

/** The counters of all VIFs. */
export class VifTraffic {
  readonly #counters = new Map<InterfaceIndex, VifCounters>();

  begin(index: InterfaceIndex): void {
    this.#counters.set(index, { received: NOTHING, sent: NOTHING });
  }

  end(index: InterfaceIndex): void {
    this.#counters.delete(index);
  }

  clear(): void {
    this.#counters.clear();
  }

  /** A packet has come in, and this becomes of it. */
  arrived(index: InterfaceIndex, datagram: Uint8Array, fate: Fate): void {
    const before = this.of(index);
    if (before === null || !TAKEN.has(fate)) return;
    this.#counters.set(index, { ...before, received: plus(before.received, datagram) });
  }

  /** A copy has gone out. */
  left(index: InterfaceIndex, datagram: Uint8Array): void {
    const before = this.of(index);
    if (before === null) return;
    this.#counters.set(index, { ...before, sent: plus(before.sent, datagram) });
  }

  /** null: the interface has no VIF. */
  of(index: InterfaceIndex): VifCounters | null {
    return this.#counters.get(index) ?? null;
  }
}
