// Leaves this process no capabilities but those that routing multicast takes, capabilities(7). They are each thread's own,
// and Node has threads before any code of ours runs. So the main thread gives them up for itself and for whatever it
// executes, and then executes this very program once more: all threads of that one descend from it.
// The kernel decides about each capability apart, by what the thread has of it and by the file. What is kept is untouched,
// so that execution gives it again; of the rest the thread is permitted none, and PR_SET_NO_NEW_PRIVS forbids to gain any:
// also root, and also where the bounding set has to stay because CAP_SETPCAP is missing.
import { closeSync, openSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  CAP_DAC_OVERRIDE,
  CAP_DAC_READ_SEARCH,
  type CapabilitySet,
  capabilityNames,
  capabilityNumbers,
  excessRights,
  parseRights,
  ROUTING_CAPABILITIES,
  type ThreadRights,
} from "../base/capabilities.ts";
import { capset, execute, hostError, prctl } from "./libc.ts";

const PR_CAPBSET_DROP = 24;
const PR_SET_NO_NEW_PRIVS = 38;
const LINUX_CAPABILITY_VERSION_3 = 0x20080522;
const FILE_CAPABILITIES = CAP_DAC_READ_SEARCH | CAP_DAC_OVERRIDE;
/** Of the environment: the number of the process that has executed itself once more. Whatever happens, it does not twice. */
const EXECUTED = "HPIM_DM_EXECUTED";

const rightsIn = (directory: string): ThreadRights =>
  parseRights(readFileSync(join(directory, "status"), "utf8"));

/** Of all threads of this process. */
function threadRights(): readonly ThreadRights[] {
  const tasks = "/proc/self/task";
  return readdirSync(tasks).flatMap((thread) => {
    try {
      return [rightsIn(join(tasks, thread))];
    } catch {
      // It has ended.
      return [];
    }
  });
}

type Sets = Pick<ThreadRights, "effective" | "permitted" | "inheritable">;

/** Sets those of the calling thread. Of its ambient set stays what is both permitted and inheritable. */
function setCapabilities({ effective, permitted, inheritable }: Sets): void {
  const sets = [effective, permitted, inheritable];
  const halves = [0n, 32n].flatMap((half) =>
    sets.map((set) => Number((set >> half) & 0xffffffffn)),
  );
  const header = Uint32Array.of(LINUX_CAPABILITY_VERSION_3, 0);
  capset(new Uint8Array(header.buffer), new Uint8Array(Uint32Array.from(halves).buffer));
}

function isProgramReadable(): boolean {
  try {
    statSync(process.execPath);
    closeSync(openSync(process.argv[1] ?? "", "r"));
    return true;
  } catch {
    return false;
  }
}

/** What is to be kept: no more than routing takes, unless Node could then not load this program again. */
function capabilitiesToKeep(main: ThreadRights): CapabilitySet {
  const extra = [0n, CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE].find((candidate) => {
    setCapabilities({ ...main, effective: main.effective & candidate });
    return isProgramReadable();
  });
  setCapabilities(main);
  return ROUTING_CAPABILITIES | (extra ?? 0n);
}

/** Leaves the calling thread, and what it executes, no capabilities but those in `kept`. */
function giveUpAllBut(kept: CapabilitySet, main: ThreadRights): void {
  for (const number of capabilityNumbers(main.bounding & ~kept)) prctl(PR_CAPBSET_DROP, number);
  setCapabilities({
    effective: main.effective & kept,
    permitted: main.permitted & kept,
    inheritable: main.inheritable & kept,
  });
  prctl(PR_SET_NO_NEW_PRIVS, 1);
}

/** Executes this program once more, in this process. Returns why it cannot be. */
function executeAgain(): string {
  process.env[EXECUTED] = String(process.pid);
  const words = [process.argv0, ...process.execArgv, ...process.argv.slice(1)];
  const result = execute(process.execPath, words);
  delete process.env[EXECUTED];
  return hostError("execv", result, `${process.execPath} cannot be executed once more`).message;
}

function excessSentence(excess: CapabilitySet, failure: string | undefined): string {
  const sentence = `The daemon keeps rights that it does not need: ${capabilityNames(excess).join(", ")}`;
  if (failure !== undefined) return `${sentence}; ${failure}.`;
  if ((excess & ~FILE_CAPABILITIES) !== 0n) return `${sentence}.`;
  return `${sentence}. Only so can it read its own program, ${process.argv[1]}: install it where everybody may read.`;
}

/**
 * Leaves all threads of this process CAP_NET_ADMIN and CAP_NET_RAW, as far as it has them. To be called first: where that
 * takes it, this program begins anew. Returns a sentence that says what stays, undefined if nothing does.
 */
export function dropPrivileges(): string | undefined {
  const hasExecuted = process.env[EXECUTED] === String(process.pid);
  delete process.env[EXECUTED];
  let failure: string | undefined;
  if (!hasExecuted) {
    const main = rightsIn("/proc/thread-self");
    const kept = capabilitiesToKeep(main);
    if (excessRights(threadRights(), kept) !== 0n) {
      giveUpAllBut(kept, main);
      failure = executeAgain();
    }
  }
  const excess = excessRights(threadRights(), ROUTING_CAPABILITIES);
  return excess === 0n ? undefined : excessSentence(excess, failure);
}
