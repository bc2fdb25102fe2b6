// The C library through koffi: system calls, and the readiness of descriptors. No other file imports koffi.
// A call returns what the kernel returns: a value, or the negated errno. Bytes are passed by address, without a copy;
// an address that is stored inside other bytes is invisible to the garbage collector (see `addressOf`).
import { endianness } from "node:os";
import koffi from "koffi";
import { invariant } from "../base/invariant.ts";
import { throwUncaught } from "../daemon/bug.ts";
import { HostError } from "../daemon/host.ts";

/** errno values that callers tell apart, negated as the calls return them. */
export const EINTR = -4;
export const EAGAIN = -11;
export const EADDRNOTAVAIL = -99;
export const ENOBUFS = -105;
export const ENAMETOOLONG = -36;
export const ENOENT = -2;
export const EADDRINUSE = -98;

const library = koffi.load(null);

const socketCall: (domain: number, type: number, protocol: number) => number = library.func(
  "int socket(int domain, int type, int protocol)",
);
const closeCall: (fd: number) => number = library.func("int close(int fd)");
const bindCall: (fd: number, name: Uint8Array, length: number) => number = library.func(
  "int bind(int fd, void *name, uint32_t length)",
);
const connectCall: (fd: number, name: Uint8Array, length: number) => number = library.func(
  "int connect(int fd, void *name, uint32_t length)",
);
const setsockoptCall: (
  fd: number,
  level: number,
  option: number,
  value: Uint8Array,
  length: number,
) => number = library.func(
  "int setsockopt(int fd, int level, int option, void *value, uint32_t length)",
);
const getsockoptCall: (
  fd: number,
  level: number,
  option: number,
  value: Uint8Array,
  length: Uint8Array,
) => number = library.func(
  "int getsockopt(int fd, int level, int option, void *value, void *length)",
);
const ioctlCall: (fd: number, request: number, argument: Uint8Array) => number = library.func(
  "int ioctl(int fd, unsigned long request, void *argument)",
);
const sendCall: (fd: number, bytes: Uint8Array, length: number, flags: number) => number =
  library.func("long send(int fd, void *bytes, size_t length, int flags)");
const recvCall: (fd: number, bytes: Uint8Array, length: number, flags: number) => number =
  library.func("long recv(int fd, void *bytes, size_t length, int flags)");
const sendmsgCall: (fd: number, message: Uint8Array, flags: number) => number = library.func(
  "long sendmsg(int fd, void *message, int flags)",
);
const recvmmsgCall: (
  fd: number,
  messages: Uint8Array,
  count: number,
  flags: number,
  timeout: null,
) => number = library.func(
  "int recvmmsg(int fd, void *messages, uint32_t count, int flags, void *timeout)",
);

const readCall: (fd: number, bytes: Uint8Array, length: number) => number = library.func(
  "long read(int fd, void *bytes, size_t length)",
);
const timerfdCreateCall: (clock: number, flags: number) => number = library.func(
  "int timerfd_create(int clock, int flags)",
);
const timerfdSettimeCall: (fd: number, flags: number, instant: Uint8Array, was: null) => number =
  library.func("int timerfd_settime(int fd, int flags, void *instant, void *was)");
const prctlCall: (...numbers: readonly [number, number, number, number, number]) => number =
  library.func(
    "int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)",
  );
const capsetCall: (header: Uint8Array, sets: Uint8Array) => number = library.func(
  "int capset(void *header, void *sets)",
);
const fcntlCall: (fd: number, command: number, value: number) => number = library.func(
  "int fcntl(int fd, int command, int value)",
);
const execvCall: (path: string, words: readonly (string | null)[]) => number = library.func(
  "int execv(const char *path, const char **words)",
);

const schedYieldCall: () => number = library.func("int sched_yield(void)");

// libuv, which is Node's event loop. koffi.node.poll does the same, but makes an object with three properties for each call:
// until the first read that takes as long again as all the rest.
const POLL_CALLBACK = koffi.proto("void OnPoll(int lowHalfOfPoll, int status, int events)");
const UV_POLL = 8;
const UV_READABLE = 1;
const uvDefaultLoopCall: () => bigint = library.func("void *uv_default_loop(void)");
const uvHandleSizeCall: (type: number) => number = library.func("size_t uv_handle_size(int type)");
const uvPollInitCall: (loop: bigint, poll: bigint, fd: number) => number = library.func(
  "int uv_poll_init(void *loop, void *poll, int fd)",
);
const uvPollStartCall: (poll: bigint, events: number, onEvent: bigint) => number = library.func(
  "int uv_poll_start(void *poll, int events, OnPoll *onEvent)",
);
const uvCloseCall: (handle: bigint, onClosed: null) => void = library.func(
  "void uv_close(void *handle, void *onClosed)",
);

const MSG_DONTWAIT = 0x40;
const SOCK_CLOEXEC = 0o2000000;
const SOCK_NONBLOCK = 0o4000;

const outcome = (returned: number): number => (returned < 0 ? -koffi.errno() : returned);

/** Throws an Error with a sentence for people unless the structures that this room writes are those of this machine. */
export function checkAbi(): void {
  const [long, pointer, order] = [koffi.sizeof("long"), koffi.sizeof("void*"), endianness()];
  if (long === 8 && pointer === 8 && order === "LE") return;
  throw new Error(
    `hpim-dm runs on 64-bit little-endian Linux; here a long has ${long} bytes, a pointer ${pointer}, and the byte order is ${order}`,
  );
}

const ALIASES: ReadonlySet<string> = new Set(["EWOULDBLOCK", "ENOTSUP", "EDEADLOCK"]);
const ERRNO_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(koffi.os.errno)
    .filter(([name]) => !ALIASES.has(name))
    .map(([name, number]) => [number, name]),
);

/** The HostError of a call that returned `result`, a negated errno. `what` is the sentence that says what was tried. */
export const hostError = (syscall: string, result: number, what: string): HostError =>
  new HostError(syscall, ERRNO_NAMES.get(-result) ?? `errno ${-result}`, what);

/** socket(2), non-blocking, and closed in every program that this one starts: an inherited mroute socket would live on. */
export const socket = (domain: number, type: number, protocol: number): number =>
  outcome(socketCall(domain, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol));

/** bind(2). */
export const bind = (fd: number, name: Uint8Array): number =>
  outcome(bindCall(fd, name, name.length));

/** connect(2). */
export const connect = (fd: number, name: Uint8Array): number =>
  outcome(connectCall(fd, name, name.length));

/** setsockopt(2). */
export const setsockopt = (fd: number, level: number, option: number, value: Uint8Array): number =>
  outcome(setsockoptCall(fd, level, option, value, value.length));

const bytesOf = (value: Int32Array): Uint8Array => new Uint8Array(value.buffer);

/** getsockopt(2) of an option that is an `int`, into `value`. */
export const getsockopt = (fd: number, level: number, option: number, value: Int32Array): number =>
  outcome(
    getsockoptCall(fd, level, option, bytesOf(value), bytesOf(Int32Array.of(value.byteLength))),
  );

/** ioctl(2) whose argument is a structure, read and written in place. */
export const ioctl = (fd: number, request: number, argument: Uint8Array): number =>
  outcome(ioctlCall(fd, request, argument));

/** send(2): bytes taken. */
export const send = (fd: number, bytes: Uint8Array): number =>
  outcome(sendCall(fd, bytes, bytes.length, MSG_DONTWAIT));

/** recv(2): bytes received. */
export const recv = (fd: number, bytes: Uint8Array): number =>
  outcome(recvCall(fd, bytes, bytes.length, MSG_DONTWAIT));

/** sendmsg(2) of a msghdr: bytes taken. */
export const sendmsg = (fd: number, message: Uint8Array): number =>
  outcome(sendmsgCall(fd, message, MSG_DONTWAIT));

/** recvmmsg(2) into an array of so many mmsghdr, which `messages` begins with: messages received. */
export const recvmmsg = (fd: number, messages: Uint8Array, count: number): number =>
  outcome(recvmmsgCall(fd, messages, count, MSG_DONTWAIT, null));

/** read(2): bytes read. */
export const read = (fd: number, bytes: Uint8Array): number =>
  outcome(readCall(fd, bytes, bytes.length));

const CLOCK_MONOTONIC = 1;
const TFD_TIMER_ABSTIME = 1;

/** timerfd_create(2) of CLOCK_MONOTONIC, non-blocking, and closed in every program that this one starts. */
export const timerfdCreate = (): number =>
  outcome(timerfdCreateCall(CLOCK_MONOTONIC, SOCK_CLOEXEC | SOCK_NONBLOCK));

/** timerfd_settime(2): it is readable from that instant on, a struct itimerspec. */
export const timerfdSettime = (fd: number, instant: Uint8Array): number =>
  outcome(timerfdSettimeCall(fd, TFD_TIMER_ABSTIME, instant, null));

/** prctl(2) of a thread, with an option that takes one number. */
export const prctl = (option: number, value: number): number =>
  outcome(prctlCall(option, value, 0, 0, 0));

/** capset(2) of the calling thread: `header` and `sets` are the structures of linux/capability.h. */
export const capset = (header: Uint8Array, sets: Uint8Array): number =>
  outcome(capsetCall(header, sets));

const STANDARD_STREAMS = [0, 1, 2];
const F_SETFD = 2;

/**
 * execv(3): another program takes this one's place, with its environment, standard streams and process number. `words`
 * are its arguments, from its own name on. Returns only if that fails.
 */
export function execute(path: string, words: readonly string[]): number {
  // Node has marked them, as other descriptors, as to be closed.
  for (const fd of STANDARD_STREAMS) fcntlCall(fd, F_SETFD, 0);
  return outcome(execvCall(path, [...words, null]));
}

/** sched_yield(2): the processes that wait for this processor go first. Never fails. */
export const yieldProcessor = (): void => void schedYieldCall();

/** The address of `bytes`. Whoever stores it in other bytes keeps `bytes` referenced for as long, and never detaches it. */
export const addressOf = (bytes: Uint8Array): bigint => koffi.address(bytes);

/** A descriptor that is watched: struct uv_poll_s, and the function that it calls. */
interface Watch {
  readonly poll: bigint;
  readonly onEvent: bigint;
}

const watched = new Map<number, Watch>();

/**
 * Calls `onReadable` whenever `fd` has something to read, or an error to fetch. It may leave some for the next turn.
 * What `onReadable` throws is thrown again outside of the callback, as an uncaught exception. Only for the main thread, whose
 * event loop is libuv's default one. Throws HostError.
 */
export function watch(fd: number, onReadable: () => void): void {
  invariant(!watched.has(fd), "a descriptor is watched once");
  const poll: bigint = koffi.alloc("uint8_t", uvHandleSizeCall(UV_POLL));
  const initialized = uvPollInitCall(uvDefaultLoopCall(), poll, fd);
  if (initialized < 0) {
    koffi.free(poll);
    throw hostError("uv_poll_init", initialized, "cannot wait for what a descriptor brings");
  }
  const onEvent = koffi.register((_: number, status: number): void => {
    // After a status other than 0 the event loop has stopped watching (a netlink overrun does this).
    if (status !== 0) uvPollStartCall(poll, UV_READABLE, onEvent);
    try {
      onReadable();
    } catch (error) {
      // Thrown here, it would kill the watch and leave the process hanging.
      throwUncaught(error);
    }
  }, koffi.pointer(POLL_CALLBACK));
  uvPollStartCall(poll, UV_READABLE, onEvent);
  watched.set(fd, { poll, onEvent });
}

/** Closes `fd`, and stops watching it first; then the descriptor itself goes later. */
export function close(fd: number): void {
  const watching = watched.get(fd);
  if (watching === undefined) {
    closeCall(fd);
    return;
  }
  watched.delete(fd);
  uvCloseCall(watching.poll, null);
  setImmediate(() => {
    closeCall(fd);
    // At the end of this turn, if not of the last one, the event loop lets go of it.
    setImmediate(() => {
      koffi.unregister(watching.onEvent);
      koffi.free(watching.poll);
    });
  });
}
