// Values by address, found one by one, or all those of a prefix.
import type { Address, Prefix } from "./address.ts";
import { lastAddress } from "./address.ts";

/** A table of addresses of one family, each with a value. */
export class AddressTable<V> {
  readonly #values = new Map<Address, V>();
  /** Ascending. */
  readonly #addresses: Address[] = [];

  constructor(entries: Iterable<readonly [Address, V]> = []) {
    for (const [address, value] of entries) this.set(address, value);
  }

  get(address: Address): V | undefined {
    return this.#values.get(address);
  }

  /** Gives the address a value. */
  set(address: Address, value: V): void {
    if (!this.#values.has(address)) this.#addresses.splice(this.#placeOf(address), 0, address);
    this.#values.set(address, value);
  }

  /** Takes the address out, if it is there. */
  delete(address: Address): void {
    if (this.#values.delete(address)) this.#addresses.splice(this.#placeOf(address), 1);
  }

  /** All with their values, ascending. */
  entries(): readonly (readonly [Address, V])[] {
    return this.#slice(0, this.#addresses.length);
  }

  /** Those in the prefix, with their values, ascending. */
  within(prefix: Prefix): readonly (readonly [Address, V])[] {
    const last = lastAddress(prefix);
    const end = this.#placeOf(last);
    const start = this.#placeOf(prefix.address);
    return this.#slice(start, this.#addresses[end] === last ? end + 1 : end);
  }

  #slice(start: number, end: number): readonly (readonly [Address, V])[] {
    return this.#addresses
      .slice(start, end)
      .map((address) => [address, this.#values.get(address) as V] as const);
  }

  /** How many addresses are lower: the place that this one has, or would have. */
  #placeOf(address: Address): number {
    let [low, high] = [0, this.#addresses.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#addresses[middle] as Address) < address) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
