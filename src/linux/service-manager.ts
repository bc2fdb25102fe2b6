// The service manager that started this process, if it wants to hear from it, as systemd does: sd_notify(3). Each message
// has a socket of its own: they are few, and so one finds a manager that was started anew. None waits for anybody.
import { hrtime } from "node:process";
import type { HostError } from "../daemon/host.ts";
import { close, connect, ENAMETOOLONG, hostError, send, socket } from "./libc.ts";

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
/** Of a path in struct sockaddr_un. */
const PATH_BYTES = 108;
const NANOS_PER_MICRO = 1_000n;
const MICROS_PER_MILLI = 1_000;
/** Longer ones Node's timers do not keep. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The variables by which a service manager says what it wants to hear, and where. */
export interface ServiceEnvironment {
  readonly NOTIFY_SOCKET?: string;
  /** Microseconds in which it wants to hear that all is well. */
  readonly WATCHDOG_USEC?: string;
  /** From which process. */
  readonly WATCHDOG_PID?: string;
}

/** A struct sockaddr_un; "@name" stands for the abstract address "\0name" (unix(7)). Undefined: the name is too long. */
function addressBytes(name: string): Uint8Array | undefined {
  const path = Buffer.from(name.startsWith("@") ? `\0${name.slice(1)}` : `${name}\0`);
  return path.length > PATH_BYTES ? undefined : Buffer.concat([Uint8Array.of(AF_UNIX, 0), path]);
}

/** 0, or the negated errno. */
function sendTo(name: string, text: string): number {
  const address = addressBytes(name);
  if (address === undefined) return ENAMETOOLONG;
  const fd = socket(AF_UNIX, SOCK_DGRAM, 0);
  if (fd < 0) return fd;
  const connected = connect(fd, address);
  const result = connected < 0 ? connected : send(fd, Buffer.from(text));
  close(fd);
  return Math.min(0, result);
}

/** Every so many milliseconds it is to be told that all is well; undefined: it is not to be told. */
function pingPeriod({ WATCHDOG_USEC = "", WATCHDOG_PID }: ServiceEnvironment): number | undefined {
  const isOurs = WATCHDOG_PID === undefined || WATCHDOG_PID === `${process.pid}`;
  if (!isOurs || !/^[1-9]\d*$/.test(WATCHDOG_USEC)) return undefined;
  return Math.min(LONGEST_TIMER_MS, Number(WATCHDOG_USEC) / 2 / MICROS_PER_MILLI);
}

/** A sentence as a status, which has one line. */
const statusOf = (sentence: string): string => `STATUS=${sentence.split("\n", 1).join()}`;

/** What a service manager hears of this process; nothing, if none wants to. No call waits, and none throws. */
export class ServiceManager {
  readonly #socket: string | undefined;
  readonly #pingPeriod: number | undefined;
  readonly #onFailure: (error: HostError) => void;
  #hasFailed = false;
  #pings: NodeJS.Timeout | undefined;

  /** `onFailure` is called once, with the first message that could not be sent. */
  constructor(environment: ServiceEnvironment, onFailure: (error: HostError) => void) {
    this.#socket = environment.NOTIFY_SOCKET;
    this.#pingPeriod = pingPeriod(environment);
    this.#onFailure = onFailure;
  }

  /** The service does what it is for, with what is configured now. From now on the event loop says that it goes round. */
  ready(sentence: string): void {
    this.#tell("READY=1", statusOf(sentence));
    if (this.#pings !== undefined || this.#pingPeriod === undefined) return;
    this.#pings = setInterval(() => this.#tell("WATCHDOG=1"), this.#pingPeriod).unref();
  }

  /** It takes up another configuration, until it is ready. */
  reloading(): void {
    this.#tell("RELOADING=1", `MONOTONIC_USEC=${hrtime.bigint() / NANOS_PER_MICRO}`);
  }

  /** It ends. */
  stopping(): void {
    this.#tell("STOPPING=1", statusOf("It says goodbye to its neighbors."));
  }

  /** It says no more that all is well. */
  close(): void {
    clearInterval(this.#pings);
  }

  #tell(...lines: readonly string[]): void {
    if (this.#socket === undefined || this.#socket === "") return;
    const result = sendTo(this.#socket, lines.join("\n"));
    if (result === 0 || this.#hasFailed) return;
    this.#hasFailed = true;
    const what = `the service manager does not take messages on ${this.#socket}`;
    this.#onFailure(hostError("send", result, what));
  }
}
