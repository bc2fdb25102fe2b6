// Metrics of neighbors and of the groups of hosts, by interface.
import type { NeighborState } from "../../core/notices.ts";
import type { EngineReading } from "../engine-view.ts";
import type { Families, Sample } from "./exposition.ts";
import { sample } from "./exposition.ts";

const STATES: readonly NeighborState[] = ["MASTER", "SLAVE", "SYNCED"];

function* neighbors(engine: EngineReading): Generator<Sample> {
  for (const { index, running } of engine.router.interfaces()) {
    if (running === null) continue;
    for (const state of STATES) {
      const count = running.neighbors.filter((neighbor) => neighbor.state === state).length;
      yield sample({ interface: engine.nameOf(index), state }, count);
    }
  }
}

function* awaitingAcks(engine: EngineReading): Generator<Sample> {
  for (const { index, running } of engine.router.interfaces()) {
    if (running === null) continue;
    yield sample({ interface: engine.nameOf(index) }, running.unacknowledgedTrees);
  }
}

function* groups(engine: EngineReading): Generator<Sample> {
  for (const { interface: index, groupCount } of engine.membership.interfaces()) {
    yield sample({ interface: engine.nameOf(index) }, groupCount);
  }
}

/** What there is on each interface. */
export function* neighborFamilies(engine: EngineReading): Families {
  yield {
    name: "hpim_neighbors",
    type: "gauge",
    help: "HPIM-DM neighbors by interface and state, where HPIM-DM runs.",
    samples: neighbors(engine),
  };
  yield {
    name: "hpim_trees_awaiting_acks",
    type: "gauge",
    help: "Trees of which a message of ours was not acknowledged by all neighbors yet.",
    samples: awaitingAcks(engine),
  };
  yield {
    name: "hpim_groups",
    type: "gauge",
    help: "Groups with members, where IGMP runs.",
    samples: groups(engine),
  };
}
