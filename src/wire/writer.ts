// Writes big-endian fields one after the other into bytes of a size known beforehand.
import type { Address } from "../base/address.ts";
import { writeAddress } from "../base/address.ts";
import { invariant } from "../base/invariant.ts";

/** Bytes in the making, zero until written. A value that its field cannot hold throws: a bug of ours. */
export class Writer {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(sizeBytes: number) {
    this.#bytes = new Uint8Array(sizeBytes);
  }

  /** Leaves `count` bytes zero. */
  skip(count: number): void {
    this.#offset += count;
  }

  u8(value: number): void {
    invariant((value & 0xff) === value, `${value} is no u8`);
    this.#put(value);
  }

  u16(value: number): void {
    invariant((value & 0xffff) === value, `${value} is no u16`);
    this.#put(value >>> 8);
    this.#put(value);
  }

  u32(value: number): void {
    invariant(value >>> 0 === value, `${value} is no u32`);
    this.#put(value >>> 24);
    this.#put(value >>> 16);
    this.#put(value >>> 8);
    this.#put(value);
  }

  /** The lowest 8 bits of `value`. */
  #put(value: number): void {
    this.#bytes[this.#offset] = value;
    this.#offset++;
  }

  address(address: Address): void {
    writeAddress(this.#bytes, this.#offset, address);
    this.#offset += address.length;
  }

  /** The bytes; all of them have been written or skipped. */
  finish(): Uint8Array {
    invariant(this.#offset === this.#bytes.length, "the size of a message was reckoned right");
    return this.#bytes;
  }
}
