// Which Ack belongs to which message, and what was never acknowledged (protocol.md §7.4, §8.2).
import type { Address } from "../../base/address.ts";
import { known } from "../../base/invariant.ts";
import type { Decoded, Message } from "./decoded.ts";

/** What a message has to do with those before it, by the numbers of their frames; null: nothing. */
export interface Relation {
  /** The first copy of the same message. */
  readonly repeats: number | null;
  /** The last copy, so far, of the message that this Ack is for. */
  readonly acknowledges: number | null;
}

/** The first copy of a message that is to be acknowledged. */
type Sent = Decoded & { readonly message: Extract<Message, { readonly sn: number }> };

/** All that is known of a message that is to be acknowledged. */
interface Awaiting {
  readonly first: Sent;
  /** Whose Ack counts; null: anybody's, as it went to all routers of the link. */
  readonly destination: Address | null;
  lastFrame: number;
}

/** So many messages are followed, and so many last Acks are kept, whatever a capture holds. */
const MOST_FOLLOWED = 65_536;

const NOTHING: Relation = { repeats: null, acknowledges: null };

/** Sets a value, which then is the last to be forgotten; what is forgotten for it, if there is no more room. */
function keep<V>(map: Map<string, V>, key: string, value: V): V | undefined {
  map.delete(key);
  map.set(key, value);
  if (map.size <= MOST_FOLLOWED) return undefined;
  const [oldest, forgotten] = known(map.entries().next().value, "there is an oldest one");
  map.delete(oldest);
  return forgotten;
}

/** A tree of a sender under one BootTime. Addresses have fixed lengths. */
const treeKey = (
  sender: Address,
  bootTime: number,
  { source, group }: { readonly source: Address; readonly group: Address },
): string => `${sender}${source}${group}${bootTime}`;

/** The messages of a capture, one after the other. */
export class Acknowledgements {
  readonly #awaiting = new Map<string, Awaiting>();
  /** The highest SN that was acknowledged of a tree: by anybody, and by each router. */
  readonly #highest = new Map<string, number>();
  #forgotten = 0;

  /** Takes the next message; its relation to those before it. */
  note(decoded: Decoded): Relation {
    const { content, source, destination } = decoded;
    if (content.kind === "malformed" || source === null || destination === null) return NOTHING;
    const { message } = content;
    switch (message.kind) {
      case "hello":
      case "sync":
        return NOTHING;
      case "ack":
        return this.#noteAck(message, source, destination);
      case "iamUpstream":
      case "iamNoLongerUpstream":
        return this.#noteSent({ ...decoded, message }, source, null);
      case "interest":
      case "noInterest":
        return this.#noteSent({ ...decoded, message }, source, destination);
    }
  }

  #noteSent(sent: Sent, sender: Address, destination: Address | null): Relation {
    const { message, frame } = sent;
    const key = `${treeKey(sender, message.bootTime, message)}/${message.sn}`;
    const before = this.#awaiting.get(key);
    if (before !== undefined) {
      before.lastFrame = frame;
      return { ...NOTHING, repeats: before.first.frame };
    }
    const forgotten = keep(this.#awaiting, key, { first: sent, destination, lastFrame: frame });
    if (forgotten !== undefined && !this.#isAcknowledged(forgotten)) this.#forgotten++;
    return NOTHING;
  }

  #noteAck(
    ack: Extract<Message, { readonly kind: "ack" }>,
    by: Address,
    sender: Address,
  ): Relation {
    const tree = treeKey(sender, ack.neighborBootTime, ack);
    for (const key of [tree, `${tree}/${by}`]) {
      keep(this.#highest, key, Math.max(ack.neighborSn, this.#highest.get(key) ?? 0));
    }
    const awaiting = this.#awaiting.get(`${tree}/${ack.neighborSn}`);
    const isMeant = awaiting?.destination === null || awaiting?.destination === by;
    return { ...NOTHING, acknowledges: isMeant ? (awaiting?.lastFrame ?? null) : null };
  }

  /** An Ack of an SN is one of all lower ones of the tree, too (§8.2). */
  #isAcknowledged({ first: { source, message }, destination }: Awaiting): boolean {
    const tree = treeKey(known(source, "a message has a sender"), message.bootTime, message);
    const key = destination === null ? tree : `${tree}/${destination}`;
    return (this.#highest.get(key) ?? -1) >= message.sn;
  }

  /** First copies of the messages that nobody has acknowledged who should, in the order of their frames. */
  *unacknowledged(): Generator<Decoded> {
    for (const awaiting of this.#awaiting.values()) {
      if (!this.#isAcknowledged(awaiting)) yield awaiting.first;
    }
  }

  /** How many more there are, which came too long before the end to be listed. */
  get forgotten(): number {
    return this.#forgotten;
  }
}
