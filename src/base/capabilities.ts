// Capabilities, capabilities(7), and the sets of them that a thread has, as proc(5) shows them in its status.

/** A set of capabilities: bit N stands for capability N. */
export type CapabilitySet = bigint;

/** In the order of linux/capability.h. */
const NAMES = [
  ...["CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID"],
  ...["SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW"],
  ...["IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT"],
  ...["SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD"],
  ...["LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG"],
  ...["WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE"],
];

/** To read any file, and to enter any directory. */
export const CAP_DAC_READ_SEARCH: CapabilitySet = 1n << 2n;
/** To read, write and enter any of them. */
export const CAP_DAC_OVERRIDE: CapabilitySet = 1n << 1n;
/** What routing multicast takes: CAP_NET_ADMIN and CAP_NET_RAW. */
export const ROUTING_CAPABILITIES: CapabilitySet = (1n << 12n) | (1n << 13n);

/** The numbers of the capabilities in a set, in rising order. */
export const capabilityNumbers = (set: CapabilitySet): readonly number[] =>
  [...set.toString(2)].reverse().flatMap((bit, number) => (bit === "1" ? [number] : []));

/** The names of the capabilities in a set: "CAP_NET_ADMIN"; "capability 63" of one that we do not know. */
export const capabilityNames = (set: CapabilitySet): readonly string[] =>
  capabilityNumbers(set).map((number) => {
    const name = NAMES[number];
    return name === undefined ? `capability ${number}` : `CAP_${name}`;
  });

/** What a thread may do, and what programs that it executes may get. */
export interface ThreadRights {
  readonly effective: CapabilitySet;
  readonly permitted: CapabilitySet;
  readonly inheritable: CapabilitySet;
  readonly ambient: CapabilitySet;
  readonly bounding: CapabilitySet;
  /** PR_SET_NO_NEW_PRIVS: no program gives it more than it is permitted. */
  readonly noNewPrivileges: boolean;
}

/** The rights in the text of a /proc/PID/status; a set without a line is empty. */
export function parseRights(status: string): ThreadRights {
  const fieldOf = (name: string): string =>
    new RegExp(`^${name}:\\s*([0-9a-f]+)$`, "m").exec(status)?.[1] ?? "0";
  const setOf = (name: string): CapabilitySet => BigInt(`0x${fieldOf(name)}`);
  return {
    effective: setOf("CapEff"),
    permitted: setOf("CapPrm"),
    inheritable: setOf("CapInh"),
    ambient: setOf("CapAmb"),
    bounding: setOf("CapBnd"),
    noNewPrivileges: fieldOf("NoNewPrivs") === "1",
  };
}

/** What a process whose threads have these rights holds, or could come to hold, that is not in `allowed`. */
export function excessRights(
  threads: readonly ThreadRights[],
  allowed: CapabilitySet,
): CapabilitySet {
  const held = threads.map(
    ({ effective, permitted, inheritable, ambient, bounding, noNewPrivileges }) =>
      effective | permitted | inheritable | ambient | (noNewPrivileges ? 0n : bounding),
  );
  return held.reduce((union, set) => union | set, 0n) & ~allowed;
}
