// The battlefield on the simulator.

import { known } from "../../src/base/invariant.ts";
import { millis } from "../../src/base/units.ts";
import type { Engine } from "../../src/daemon/engine.ts";
import { Network } from "../../src/sim/network.ts";
import { decodeIpv4 } from "../../src/wire/ip.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import type { ScenarioSettings } from "../scenarios/scenario-network.ts";
import { SimNetwork } from "../scenarios/sim-network.ts";
import { answerOf } from "../support/answers.ts";
import { battleground, SETTINGS } from "./battlefield.ts";
import type { ReplayField } from "./replays.ts";

const A_MOMENT = millis(1);
const HPIM_DM = 103;

function isHpim(datagram: Uint8Array): boolean {
  const packet = decodeIpv4(datagram);
  return !isMalformed(packet) && packet.protocol === HPIM_DM;
}

/** A new one, with this security on all interfaces of both routers. */
export function simField({
  security,
}: Pick<ScenarioSettings, "security"> = {}): ReplayField & { readonly network: SimNetwork } {
  const network = new Network(battleground(), 1);
  const engineOf = (router: string): Engine =>
    known(network.machine(router).engine, `the daemon of ${router} runs`);
  const stranger = { name: "stranger", isRouter: false, receive: () => undefined };
  return {
    network: new SimNetwork(network, { ...SETTINGS, ...(security && { security }) }),
    isReal: false,
    inject: async (datagrams) => {
      for (const datagram of datagrams) network.link("B").send(stranger, datagram);
      network.run(A_MOMENT);
    },
    counters: async (router) => answerOf("counters", engineOf(router)).counters,
    entries: async (router) => answerOf("mroute", engineOf(router)).entries,
    recorded: async () =>
      network.frames.flatMap(({ link, datagram }) =>
        link === "B" && isHpim(datagram) ? [datagram] : [],
      ),
    reportedChanges: (router) =>
      network.notices
        .filter((one) => one.router === router && one.notice.kind !== "dropped")
        .map(({ notice }) => JSON.stringify(notice)),
    reported: () =>
      network.notices.flatMap(({ router, at, notice }) => {
        if (router !== "R1" || notice.kind !== "dropped") return [];
        const { interface: index, protocol, reason } = notice;
        return [{ atMillis: at, what: `${engineOf(router).nameOf(index)} ${protocol} ${reason}` }];
      }),
  };
}
