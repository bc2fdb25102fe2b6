// Reads big-endian fields one after the other. Whoever reads has checked first that `left` suffices.
import type { Address, Family } from "../base/address.ts";
import { addressBytes, readAddress } from "../base/address.ts";

/** A place in some bytes, which moves on with every field read. Reading behind the end throws RangeError: a bug of ours. */
export class Reader {
  readonly family: Family;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset: number;

  /** Starts at `offset` of `bytes`; addresses are of `family`. */
  constructor(bytes: Uint8Array, offset: number, family: Family) {
    this.family = family;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
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
    const value = this.#view.getUint8(this.#offset);
    this.#offset += 1;
    return value;
  }

  u16(): number {
    const value = this.#view.getUint16(this.#offset);
    this.#offset += 2;
    return value;
  }

  u32(): number {
    const value = this.#view.getUint32(this.#offset);
    this.#offset += 4;
    return value;
  }

  address(): Address {
    const value = readAddress(this.#bytes, this.#offset, this.family);
    this.#offset += addressBytes(this.family);
    return value;
  }
}
