// Where HPIM-DM runs: its beginning and end on an interface (§5.6, §4).
import type { Address } from "../base/address.ts";
import { isLinkLocal } from "../base/address.ts";
import type { AddressTable } from "../base/address-table.ts";
import { known } from "../base/invariant.ts";
import type { InterfaceIndex } from "../base/units.ts";
import type { InterfaceFacts } from "./events.ts";
import { retimeInterface } from "./interface-timers.ts";
import { failAllNeighbors } from "./neighborhood.ts";
import { isSameRpf } from "./rpf.ts";
import { NO_SN, nextBootTime } from "./sequence.ts";
import { NO_MEMORY } from "./settled.ts";
import type { RouterInterface, RouterState, RunningInterface, Source } from "./state.ts";
import { runningAt } from "./state.ts";
import { sendGoodbye, startHellos } from "./transmission.ts";
import { rpfTo } from "./trees.ts";
import type { Turn } from "./turn.ts";

/** §5.6: the address that HPIM-DM runs with on the interface; undefined: it cannot run there. */
function protocolAddress(state: RouterState, facts: InterfaceFacts): Address | undefined {
  if (facts.protocol === null || !facts.up) return undefined;
  const addresses = facts.addresses.map(({ address }) => address);
  return state.family === 4 ? addresses[0] : addresses.find(isLinkLocal);
}

/** §5.6: what is now known of an interface. */
export function updateInterface(turn: Turn, facts: InterfaceFacts): void {
  const { state } = turn;
  const at: RouterInterface = state.interfaces.get(facts.index) ?? { facts, running: null };
  state.interfaces.set(facts.index, at);
  const address = protocolAddress(state, facts);
  const settings = at.facts.protocol;
  const wasRunning = runningAt(state, facts.index);
  if (wasRunning !== undefined && wasRunning.running.address !== address) {
    endProtocol(turn, wasRunning, facts);
  }
  at.facts = facts;
  const goesOn = runningAt(state, facts.index);
  if (goesOn !== undefined) retimeInterface(turn, goesOn, known(settings, "settings so far"));
  else if (address !== undefined) beginProtocol(turn, at, address);
  refreshRpf(turn);
  turn.markAllTrees();
}

/** The interface has gone from the machine. */
export function removeInterface(turn: Turn, index: InterfaceIndex): void {
  const at = runningAt(turn.state, index);
  if (at !== undefined) endProtocol(turn, at, null);
  turn.state.interfaces.delete(index);
  turn.state.listeners.delete(index);
  refreshRpf(turn);
  turn.markAllTrees();
}

function beginProtocol(turn: Turn, at: RouterInterface, address: Address): void {
  const { index, lastBootTime, unixSeconds } = at.facts;
  const bootTime = nextBootTime(lastBootTime, unixSeconds);
  at.running = {
    address,
    bootTime,
    interfaceSn: NO_SN,
    neighbors: new Map(),
    outstanding: new Map(),
    waiting: new Map(),
    syncedAt: NO_MEMORY.interestUnknownSince,
  };
  turn.actions.push({ kind: "storeBootTime", interface: index, bootTime });
  turn.notice({ kind: "protocolStarted", interface: index, address, bootTime });
  turn.begun.push(index);
  startHellos(turn, known(runningAt(turn.state, index), "interface that has just begun"));
}

/** §5.6, §8.5: with the neighbors end the messages that they owe an Ack. `facts`: of the interface from now on; a goodbye can be sent while it is up and has our address. */
function endProtocol(turn: Turn, at: RunningInterface, facts: InterfaceFacts | null): void {
  const { index } = at.facts;
  const canSend =
    facts?.up === true && facts.addresses.some(({ address }) => address === at.running.address);
  if (canSend) sendGoodbye(turn, at);
  failAllNeighbors(turn, at);
  turn.cancelTimer({ kind: "hello", interface: index });
  const stopped: RouterInterface = at;
  stopped.running = null;
  turn.notice({ kind: "protocolStopped", interface: index });
}

/** Resolves the way back to these sources anew, and has the trees settled for which it changed (§1). */
export function refreshRpf(
  turn: Turn,
  sources: ReturnType<AddressTable<Source>["entries"]> = turn.state.sources.entries(),
): void {
  for (const [address, source] of sources) {
    const rpf = rpfTo(turn.state, address);
    if (isSameRpf(rpf, source.rpf)) continue;
    source.rpf = rpf;
    for (const key of source.trees) turn.dirty.add(key);
  }
}
