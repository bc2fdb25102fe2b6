// Loses messages on the simulator.
import { known } from "../../src/base/invariant.ts";
import type { Frame } from "../../src/sim/medium.ts";
import type { Network } from "../../src/sim/network.ts";
import { endsOf } from "../../src/topology/topology.ts";
import { decodeMessage } from "../../src/wire/hpim.ts";
import { decodeIpv4 } from "../../src/wire/ip.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import { isLost, type Loss } from "./loss.ts";

const HPIM_DM = 103;

function kindOf({ datagram }: Frame): string | undefined {
  const packet = decodeIpv4(datagram);
  if (isMalformed(packet) || packet.protocol !== HPIM_DM) return undefined;
  const decoded = decodeMessage(packet.payload, 4);
  return isMalformed(decoded) ? undefined : decoded.message.kind;
}

/** Loses these messages until what it returns is called; several losses on a link end last begun, first ended. */
export function loseOnSimulator(network: Network, loss: Loss): () => void {
  const medium = network.link(loss.link);
  const sender = known(
    endsOf(network.topology, loss.link).find(({ node }) => node === loss.from),
    `${loss.from} is on link ${loss.link}`,
  );
  const sentBy = `${sender.node}.${sender.interface}`;
  const { passes } = medium;
  const arrived = new Map<string, number>();
  medium.passes = (frame, receiver) => {
    if (!passes(frame, receiver)) return false;
    if (frame.from !== sentBy || kindOf(frame) !== loss.kind) return true;
    const number = arrived.get(receiver.name) ?? 0;
    arrived.set(receiver.name, number + 1);
    return !isLost(loss, number);
  };
  return () => {
    medium.passes = passes;
  };
}
