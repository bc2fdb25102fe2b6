// Which interfaces a tree is forwarded to (§9.4).
import type { Millis } from "../base/units.ts";
import type { ForwardingVerdict } from "./verdicts.ts";

/** What forwarding depends on, of a non-root interface. */
export interface ForwardingInputs {
  readonly hasEntry: boolean;
  /** The source, or an upstream neighbor on the root, sends to the root. */
  readonly isFed: boolean;
  readonly sourceOnLink: boolean;
  readonly downstreamInterested: boolean;
  readonly winner: boolean;
  readonly holdUntil: Millis | null;
  readonly cutUntil: Millis | null;
}

/** §9.4. */
export function forwardingVerdict(inputs: ForwardingInputs): ForwardingVerdict {
  if (!inputs.hasEntry) return { forwarding: false, why: "tree has no kernel entry" };
  if (!inputs.isFed) return { forwarding: false, why: "no upstream neighbor on the root" };
  if (inputs.sourceOnLink) return { forwarding: false, why: "source is on this link" };
  if (!inputs.downstreamInterested) return { forwarding: false, why: "not interested" };
  if (inputs.cutUntil !== null) {
    return { forwarding: false, why: "data arrive here", until: inputs.cutUntil };
  }
  if (inputs.winner) return { forwarding: true, why: "assert winner" };
  return inputs.holdUntil === null
    ? { forwarding: false, why: "assert loser" }
    : { forwarding: true, why: "holding", until: inputs.holdUntil };
}
