// The seven-router network with a tree of two listeners, on the simulator, and the lists of its routers.
import assert from "node:assert/strict";
import type { ListName } from "../../src/api/lists/lists.ts";
import type { Answer } from "../../src/api/lists/schemas.ts";
import { ip } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import { millis } from "../../src/base/units.ts";
import type { Engine } from "../../src/daemon/engine.ts";
import type { Filter } from "../../src/daemon/lists/list.ts";
import { Network } from "../../src/sim/network.ts";
import { readTopology } from "../topology/files.ts";
import { answerOf } from "./answers.ts";

/** The group that Client0, behind R7, and Client1, behind R6, listen to. */
export const GROUP = "224.12.12.12";
/** On R1's eth0. */
export const SOURCE = "10.1.1.100";

/** The network, when the tree has just formed; the source goes on, with a packet a second. */
export class Formed {
  readonly network: Network = new Network(readTopology("seven-routers"), 1);

  constructor() {
    const { network } = this;
    network.startAll();
    network.run(millis(3_000));
    for (const client of ["Client0", "Client1"]) network.host(client).join(ip(GROUP));
    network.run(millis(1_000));
    this.#send();
    network.run(millis(200));
  }

  #send(): void {
    this.network.host("Source").send(ip(GROUP));
    this.network.scheduler.in(millis(1_000), () => this.#send());
  }

  /** The state of rest, with all Acks told by Hellos. */
  rest(): this {
    this.network.run(millis(20_000));
    return this;
  }

  engine(router: string): Engine {
    return known(this.network.machine(router).engine, `the daemon of ${router} runs`);
  }

  list<Name extends ListName>(
    router: string,
    name: Name,
    filter: Partial<Filter> = {},
  ): Answer<Name> {
    return answerOf(name, this.engine(router), filter);
  }

  /** Seconds since a neighbor of a router went to a state, as the router's own notices had it. */
  since(router: string, neighbor: string, from: string, to: string): number {
    const last = this.network.notices.findLast(
      ({ router: who, notice }) =>
        who === router &&
        notice.kind === "neighborState" &&
        notice.neighbor === ip(neighbor) &&
        (from === "*" || notice.from === from) &&
        (to === "*" || notice.to === to),
    );
    assert.ok(last, `${router} told of ${neighbor}: ${from} to ${to}`);
    return Math.round(this.network.now - last.at) / 1000;
  }
}
