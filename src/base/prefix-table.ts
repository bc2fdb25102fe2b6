// Values by prefix, found by longest match.
import type { Address, Prefix } from "./address.ts";
import { maskAddress } from "./address.ts";
import { compare, orderedEntries } from "./ordered.ts";

/** A table of prefixes of one family, each with a value. */
export class PrefixTable<V> {
  readonly #byLength = new Map<number, Map<Address, V>>();
  #lengths: number[] = [];

  /** Gives the prefix a value; undefined takes it out. */
  set(prefix: Prefix, value: V | undefined): void {
    const ofLength = this.#byLength.get(prefix.length) ?? new Map<Address, V>();
    if (value === undefined) ofLength.delete(prefix.address);
    else ofLength.set(prefix.address, value);
    if (ofLength.size === 0) this.#byLength.delete(prefix.length);
    else this.#byLength.set(prefix.length, ofLength);
    if (this.#byLength.size === this.#lengths.length) return;
    this.#lengths = [...this.#byLength.keys()].sort((a, b) => compare(b, a));
  }

  /** The prefixes with their values, the longest first, those of a length in the order of their addresses. */
  entries(): readonly (readonly [Prefix, V])[] {
    return this.#lengths.flatMap((length) =>
      orderedEntries(this.#byLength.get(length) ?? new Map<Address, V>()).map(
        ([address, value]) => [{ address, length }, value] as const,
      ),
    );
  }

  /** The values, in no order. */
  *values(): Generator<V> {
    for (const ofLength of this.#byLength.values()) yield* ofLength.values();
  }

  /** The value of the longest prefix that holds `address` and satisfies `accept`, as what `accept` returned. */
  find<R>(address: Address, accept: (value: V) => R | undefined): R | undefined {
    for (const length of this.#lengths) {
      const value = this.#byLength.get(length)?.get(maskAddress(address, length));
      const accepted = value === undefined ? undefined : accept(value);
      if (accepted !== undefined) return accepted;
    }
    return undefined;
  }
}
