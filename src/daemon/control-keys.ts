// Keys that the control API adds to an interface and takes away (protocol.md §3).
import { isDeepStrictEqual } from "node:util";
import type { AlgorithmName } from "../api/algorithms.ts";
import { ALGORITHMS } from "../api/algorithms.ts";
import { NEWEST } from "../api/key-identifier.ts";
import type { Changeable, Outcome } from "./carry-out.ts";
import { carryOut, outcome, refusedForProblems } from "./carry-out.ts";
import { configurationOf } from "./configuration.ts";
import { refusedName, unlessThere } from "./control-changes.ts";
import { keysIn } from "./redaction.ts";
import type { Change } from "./running-configuration.ts";
import type { Security } from "./security.ts";
import { signingKey } from "./security.ts";

/** A key that is to be added. */
export interface NewKey {
  readonly identifier: number;
  readonly algorithm: AlgorithmName;
  readonly secret: string;
  /** The key that signs goes on signing. */
  readonly acceptOnly: boolean;
}

const securityOf = ({ running }: Changeable, name: string): Security =>
  configurationOf(running.configuration, name).security;

const change = (name: string, setting: "keys" | "sendWith", value: unknown): Change => ({
  path: ["interfaces", name, "security", setting],
  value,
});

function perform(daemon: Changeable, changes: readonly Change[]): Outcome | null {
  const judgement = { ofProblems: refusedForProblems };
  return carryOut(daemon, () => daemon.running.propose(...changes), judgement);
}

/** What signs on an interface now: a sentence. */
function saySigning(daemon: Changeable, name: string): string {
  const key = signingKey(securityOf(daemon, name));
  return key === null
    ? `Nothing is signed on ${name}, and signed messages are dropped there.`
    : `Key ${key.identifier} signs on ${name}; messages that no key of ${name} has signed are dropped.`;
}

/** What keeps the keys of an interface from being used, as a sentence behind a blank; "": nothing. */
function untilItIsUsed(daemon: Changeable, name: string): string {
  const isOff = configurationOf(daemon.running.configuration, name).hpim === null;
  const off = isOff ? ` HPIM-DM is not enabled on ${name} yet.` : "";
  return unlessThere(daemon, name) || off;
}

const WEAK = " The algorithm is weak: use it only for routers that know no other.";

/** Adds a key, which is the newest then. */
export function addKey(daemon: Changeable, name: string, { acceptOnly, ...key }: NewKey): Outcome {
  const badName = refusedName(name);
  if (badName !== null) return badName;
  const keys = keysIn(daemon.running.document, name);
  const warning = ALGORITHMS[key.algorithm].isWeak ? WEAK : "";
  const { identifier } = key;
  const same = keys.find((other) => other.identifier === identifier);
  if (same !== undefined) {
    return isDeepStrictEqual(same, key)
      ? outcome(200, `${name} has this key ${identifier} already.${warning}`)
      : outcome(
          409,
          `${name} has another key ${identifier}: remove that first, or choose another identifier.`,
        );
  }
  const signing = signingKey(securityOf(daemon, name));
  if (acceptOnly && signing === null) {
    return outcome(409, `${name} has no key that could go on signing: add this one to sign.`);
  }
  const pinned = acceptOnly ? [change(name, "sendWith", signing?.identifier)] : [];
  const refused = perform(daemon, [change(name, "keys", [...keys, key]), ...pinned]);
  const accepted = acceptOnly ? ` Key ${identifier} is accepted, too.` : "";
  const sentences = `${saySigning(daemon, name)}${accepted}${warning}`;
  return refused ?? outcome(200, `${sentences}${untilItIsUsed(daemon, name)}`);
}

const noKey = (name: string, identifier: number): Outcome =>
  outcome(404, `${name} has no key ${identifier} ("hpim-dm key list" lists those that there are).`);

/** Takes a key away. If it was chosen to sign, the newest signs. */
export function removeKey(daemon: Changeable, name: string, identifier: number): Outcome {
  const badName = refusedName(name);
  if (badName !== null) return badName;
  const keys = keysIn(daemon.running.document, name);
  const others = keys.filter((key) => key.identifier !== identifier);
  if (others.length === keys.length) return noKey(name, identifier);
  const isChosen = securityOf(daemon, name).sendWith === identifier;
  const newest = isChosen ? [change(name, "sendWith", NEWEST)] : [];
  const refused = perform(daemon, [change(name, "keys", others), ...newest]);
  return refused ?? outcome(200, `Key ${identifier} is gone. ${saySigning(daemon, name)}`);
}

/** Chooses the key that signs; null: the newest. */
export function sendWith(daemon: Changeable, name: string, identifier: number | null): Outcome {
  const badName = refusedName(name);
  if (badName !== null) return badName;
  const { keys } = securityOf(daemon, name);
  const isThere = keys.some((key) => key.identifier === identifier);
  if (identifier !== null && !isThere) return noKey(name, identifier);
  const refused = perform(daemon, [change(name, "sendWith", identifier ?? NEWEST)]);
  return refused ?? outcome(200, saySigning(daemon, name));
}
