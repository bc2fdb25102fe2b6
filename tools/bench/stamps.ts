// When the kernel saw a packet, which it says of the one that was read last from a socket.
import { fail } from "../../src/lab/traffic-process.ts";
import { ioctl } from "../../src/linux/libc.ts";

/** linux/sockios.h: the instant by CLOCK_REALTIME (struct timespec). */
const SIOCGSTAMPNS = 0x8907;
const NANOS_PER_SECOND = 1_000_000_000n;
const NANOS_PER_MILLI = 1e6;

/** CLOCK_REALTIME less CLOCK_MONOTONIC, to a microsecond. */
function realtimeAhead(): bigint {
  const realtime = (performance.timeOrigin + performance.now()) * NANOS_PER_MILLI;
  return BigInt(Math.round(realtime)) - process.hrtime.bigint();
}

/** Tells when the packets of a socket passed the kernel: those that pass after it was made. */
export class Stamps {
  readonly #fd: number;
  readonly #what: string;
  readonly #ahead = realtimeAhead();
  readonly #bytes = new Uint8Array(16);
  readonly #view = new DataView(this.#bytes.buffer);

  /** `what`: which packets, for the sentence with which this process ends if the kernel does not tell. */
  constructor(fd: number, what: string) {
    this.#fd = fd;
    this.#what = what;
    // The kernel stamps packets for a socket from the first such request on, which it may refuse.
    ioctl(fd, SIOCGSTAMPNS, this.#bytes);
  }

  /** When the packet that was read last had passed, by CLOCK_MONOTONIC. */
  last(): bigint {
    const result = ioctl(this.#fd, SIOCGSTAMPNS, this.#bytes);
    if (result < 0) fail(`The kernel does not tell when ${this.#what} pass: ${result}.`);
    const [seconds, nanos] = [this.#view.getBigInt64(0, true), this.#view.getBigInt64(8, true)];
    return seconds * NANOS_PER_SECOND + nanos - this.#ahead;
  }
}
