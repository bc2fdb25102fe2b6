// Changes that the control API makes to a running daemon: a protocol on or off on one interface.
import { isInterfaceName } from "../api/configuration-file.ts";
import type { Protocol } from "./configuration.ts";
import { configurationOf, withProtocol } from "./configuration.ts";
import type { Engine } from "./engine.ts";
import type { Port } from "./port.ts";
import { refusalByNature } from "./port.ts";
import { refusalSentence } from "./sentences.ts";
import { problemOf } from "./views.ts";

/** What became of a change: an HTTP status, and a sentence. */
export interface Outcome {
  readonly status: 200 | 400 | 404 | 409;
  readonly sentence: string;
}

const TITLES: Readonly<Record<Protocol, string>> = { hpim: "HPIM-DM", igmp: "IGMP" };

const outcome = (status: Outcome["status"], sentence: string): Outcome => ({ status, sentence });

const portOf = (engine: Engine, name: string): Readonly<Port> | undefined =>
  engine.ports().find(({ link }) => link.name === name);

/** The end of a sentence: what keeps a protocol that is on from running, if anything does. */
function untilItCan(port: Readonly<Port>): string {
  const problem = problemOf(port);
  return problem === null ? "." : `, and starts when it can: ${problem}`;
}

/** Enables `protocol` on the interface called `name`. If it is refused there, nothing has changed. */
export function switchOn(engine: Engine, name: string, protocol: Protocol): Outcome {
  const title = TITLES[protocol];
  if (!isInterfaceName(name)) return outcome(400, `"${name}" cannot be the name of an interface.`);
  const port = portOf(engine, name);
  if (port === undefined) {
    return outcome(404, `There is no interface ${name} ("ip link" lists those that there are).`);
  }
  const byNature = refusalByNature(port.link);
  if (byNature !== null) return outcome(409, refusalSentence(byNature, name));
  const before = engine.configuration;
  if (configurationOf(before, name)[protocol] !== null) {
    return outcome(200, `${title} is already enabled on ${name}${untilItCan(port)}`);
  }
  engine.handle({ kind: "configure", configuration: withProtocol(before, name, protocol, true) });
  const { refusal } = port;
  if (refusal !== null && (protocol === "hpim" || refusal.kind !== "noBootTime")) {
    engine.handle({ kind: "configure", configuration: before });
    return outcome(409, refusalSentence(refusal, name));
  }
  return outcome(200, `${title} is enabled on ${name}${untilItCan(port)}`);
}

/** Disables `protocol` on the interface called `name`, which need not exist any more. */
export function switchOff(engine: Engine, name: string, protocol: Protocol): Outcome {
  const title = TITLES[protocol];
  const before = engine.configuration;
  if (configurationOf(before, name)[protocol] === null) {
    return outcome(404, `${title} is not enabled on ${name}.`);
  }
  engine.handle({ kind: "configure", configuration: withProtocol(before, name, protocol, false) });
  return outcome(200, `${title} is disabled on ${name}.`);
}
