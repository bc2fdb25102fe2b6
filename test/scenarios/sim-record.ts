// What was seen on the links of a simulated network since the mark; each frame is decoded once.
import { known } from "../../src/base/invariant.ts";
import type { Message } from "../../src/core/messages.ts";
import type { IgmpMessage } from "../../src/membership/messages.ts";
import type { Network } from "../../src/sim/network.ts";
import { decodeMessage } from "../../src/wire/hpim.ts";
import { decodeIgmp } from "../../src/wire/igmp.ts";
import { decodeIpv4 } from "../../src/wire/ip.ts";
import { isMalformed, type Malformed } from "../../src/wire/malformed.ts";
import type { Packet } from "./lines-of-data.ts";
import type { Seen } from "./scenario-network.ts";

const IGMP = 2;
const UDP = 17;
const HPIM_DM = 103;

/** What was seen on one link. */
export interface LinkRecord {
  readonly messages: Seen<Message>[];
  readonly igmp: Seen<IgmpMessage>[];
  readonly packets: Packet[];
}

function sound<T extends object>(decoded: T | Malformed): T {
  if (isMalformed(decoded)) throw new Error(decoded.reason);
  return decoded;
}

/** The frames of a network. */
export class SimRecord {
  readonly #network: Network;
  readonly #links = new Map<string, LinkRecord>();
  #next = 0;

  constructor(network: Network) {
    this.#network = network;
    this.mark();
  }

  /** What was seen so far does not count any more. */
  mark(): void {
    this.#next = this.#network.frames.length;
    for (const link of this.#network.topology.links.keys()) {
      this.#links.set(link, { messages: [], igmp: [], packets: [] });
    }
  }

  /** All that was seen on a link since the mark. */
  on(link: string): LinkRecord {
    const { frames } = this.#network;
    for (; this.#next < frames.length; this.#next++) this.#take(frames[this.#next]);
    return known(this.#links.get(link), `link ${link} is in the topology`);
  }

  #take(frame: Network["frames"][number] | undefined): void {
    const { at, link, datagram } = known(frame, "a frame");
    const record = known(this.#links.get(link), "its link");
    const { source: from, destination: to, protocol, payload } = sound(decodeIpv4(datagram));
    if (protocol === HPIM_DM) {
      const { message } = sound(decodeMessage(payload, 4));
      record.messages.push({ at, from, to, message, payload });
    } else if (protocol === IGMP) {
      record.igmp.push({ at, from, to, message: sound(decodeIgmp(payload)), payload });
    } else if (protocol === UDP) {
      const number = new DataView(payload.buffer, payload.byteOffset).getUint32(0);
      record.packets.push({ at, source: from, group: to, number });
    }
  }
}
