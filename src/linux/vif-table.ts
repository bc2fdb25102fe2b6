// Which interface has which VIF of the kernel's multicast routing table (linux/mroute.h).
// The kernel would take two VIFs for one interface, and keeps the outputs of old entries for whoever gets a VIF number
// next: so each interface has one VIF at most, and a number that was given back is given out again as late as possible.
import { type InterfaceIndex, type VifIndex, vifIndex } from "../base/units.ts";

/** VIFs of the kernel's table. */
export const MAX_VIFS = 32;

/** The VIFs in use, and the free ones. */
export class VifTable {
  readonly #vifs = new Map<InterfaceIndex, VifIndex>();
  readonly #interfaces = new Map<VifIndex, InterfaceIndex>();
  /** In the order in which they will be given out. */
  readonly #free = Array.from({ length: MAX_VIFS }, (_, number) => vifIndex(number));

  /** Gives a VIF to an interface that has none; undefined: none is free. */
  take(index: InterfaceIndex): VifIndex | undefined {
    const vif = this.#free.shift();
    if (vif === undefined) return undefined;
    this.#vifs.set(index, vif);
    this.#interfaces.set(vif, index);
    return vif;
  }

  /** Takes back the VIF of an interface; undefined: it has none. */
  giveBack(index: InterfaceIndex): VifIndex | undefined {
    const vif = this.#vifs.get(index);
    if (vif === undefined) return undefined;
    this.#vifs.delete(index);
    this.#interfaces.delete(vif);
    this.#free.push(vif);
    return vif;
  }

  /** The VIF of an interface. */
  vifOf(index: InterfaceIndex): VifIndex | undefined {
    return this.#vifs.get(index);
  }

  /** The interface of a VIF. */
  interfaceOf(vif: VifIndex): InterfaceIndex | undefined {
    return this.#interfaces.get(vif);
  }
}
