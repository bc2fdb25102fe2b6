// Reads big-endian fields one after the other. Whoever reads has checked first that `left` suffices. Byte by byte, as a
// DataView of its own for each message would take longer to make than all of it to read.
import type { Address, Family } from "../base/address.ts";
import { addressBytes, readAddress } from "../base/address.ts";

/** A place in some bytes, which moves on with every field read. Reading behind the end throws RangeError: a bug of ours. */
export class Reader {
  readonly family: Family;
  readonly #bytes: Uint8Array;
  #offset: number;

  /** Starts at `offset` of `bytes`; addresses are of `family`. */
  constructor(bytes: Uint8Array, offset: number, family: Family) {
    this.family = family;
    this.#bytes = bytes;
    this.#offset = offset;
  }

  /** Where the next field starts. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes not yet read. */
  get left(): number {
    return this.#bytes.length - this.#offset;
  }

  /** Passes over `count` bytes. */
  skip(count: number): void {
    this.#offset += count;
  }

  u8(): number {
    const value = this.#bytes[this.#offset];
    if (value === undefined) throw new RangeError(`bug: byte ${this.#offset} is read`);
    this.#offset++;
    return value;
  }

  u16(): number {
    const high = this.u8();
    return (high << 8) | this.u8();
  }

  u32(): number {
    const high = this.u16();
    return ((high << 16) | this.u16()) >>> 0;
  }

  address(): Address {
    const value = readAddress(this.#bytes, this.#offset, this.family);
    this.#offset += addressBytes(this.family);
    return value;
  }
}
