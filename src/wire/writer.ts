// Writes big-endian fields one after the other into bytes of a size known beforehand.
import type { Address } from "../base/address.ts";
import { writeAddress } from "../base/address.ts";
import { invariant } from "../base/invariant.ts";

/** Bytes in the making, zero until written. A value that its field cannot hold throws: a bug of ours. */
export class Writer {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;

  constructor(sizeBytes: number) {
    this.#bytes = new Uint8Array(sizeBytes);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Leaves `count` bytes zero. */
  skip(count: number): void {
    this.#offset += count;
  }

  u8(value: number): void {
    invariant((value & 0xff) === value, `${value} is no u8`);
    this.#view.setUint8(this.#offset, value);
    this.#offset += 1;
  }

  u16(value: number): void {
    invariant((value & 0xffff) === value, `${value} is no u16`);
    this.#view.setUint16(this.#offset, value);
    this.#offset += 2;
  }

  u32(value: number): void {
    invariant(value >>> 0 === value, `${value} is no u32`);
    this.#view.setUint32(this.#offset, value);
    this.#offset += 4;
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
