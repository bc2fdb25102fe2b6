// Changes that the control API makes to a running daemon: a protocol on one interface, or a setting of the router, on
// or off; another configuration file. What is changed is kept for the next start before the answer says so.
import { isInterfaceName } from "../api/interface-name.ts";
import { formatProblem } from "../api/read-configuration-file.ts";
import type { Protocol } from "./configuration.ts";
import type { Engine } from "./engine.ts";
import { attempt } from "./host-calls.ts";
import { loadConfiguration } from "./load-configuration.ts";
import type { Port } from "./port.ts";
import { refusalByNature, refusalOf } from "./port.ts";
import { problemOf } from "./problem.ts";
import type { Proposal, RunningConfiguration, Switch } from "./running-configuration.ts";
import { isOn } from "./running-configuration.ts";
import { refusalSentence } from "./sentences.ts";

/** What is changed: the engine, and the configuration that it runs. */
export interface Changeable {
  readonly engine: Engine;
  readonly running: RunningConfiguration;
}

/** What became of a change: an HTTP status, and a sentence. */
export interface Outcome {
  readonly status: 200 | 400 | 404 | 409 | 422 | 507;
  readonly sentence: string;
}

/** What a setting of the router is to become. */
export type Wish = "on" | "off" | "toggle";

const TITLES: Readonly<Record<Protocol, string>> = { hpim: "HPIM-DM", igmp: "IGMP" };

const outcome = (status: Outcome["status"], sentence: string): Outcome => ({ status, sentence });

const portOf = (engine: Engine, name: string): Readonly<Port> | undefined =>
  engine.ports().find(({ link }) => link.name === name);

/** The end of a sentence: what keeps a protocol that is on from running, if anything does. */
function untilItCan(port: Readonly<Port>, protocol: Protocol): string {
  const problem = problemOf(port, protocol);
  return problem === null ? "." : `, and starts when it can: ${problem}`;
}

const notKept = ({ message }: { readonly message: string }): Outcome =>
  outcome(507, `Nothing has changed: ${message}. Make that possible, and try again.`);

/** Has a proposal run, and keeps it. If it cannot be kept, or `refusal` then gives a sentence, nothing has changed; null: it is done. */
function carryOut(
  { engine, running }: Changeable,
  propose: () => Proposal,
  refusal: () => string | null = () => null,
): Outcome | null {
  const before = running.configuration;
  const proposed = attempt(propose);
  if ("failure" in proposed) return notKept(proposed.failure);
  const { configuration, commit, discard } = proposed.value;
  engine.handle({ kind: "configure", configuration });
  const sentence = refusal();
  if (sentence !== null) {
    discard();
    engine.handle({ kind: "configure", configuration: before });
    return outcome(409, sentence);
  }
  const committed = attempt(commit);
  if ("value" in committed) return null;
  engine.handle({ kind: "configure", configuration: before });
  return notKept(committed.failure);
}

/** Enables `protocol` on the interface called `name`. If it is refused there, nothing has changed. */
export function switchOn(daemon: Changeable, name: string, protocol: Protocol): Outcome {
  const title = TITLES[protocol];
  if (!isInterfaceName(name)) return outcome(400, `"${name}" cannot be the name of an interface.`);
  const port = portOf(daemon.engine, name);
  if (port === undefined) {
    return outcome(404, `There is no interface ${name} ("ip link" lists those that there are).`);
  }
  const byNature = refusalByNature(port.link);
  if (byNature !== null) return outcome(409, refusalSentence(byNature, name));
  const what = { kind: "protocol", interface: name, protocol } as const;
  if (isOn(daemon.running.configuration, what)) {
    return outcome(200, `${title} is already enabled on ${name}${untilItCan(port, protocol)}`);
  }
  const refusal = (): string | null => {
    const found = refusalOf(port, protocol);
    return found && refusalSentence(found, name);
  };
  const refused = carryOut(daemon, () => daemon.running.propose(what, true), refusal);
  return refused ?? outcome(200, `${title} is enabled on ${name}${untilItCan(port, protocol)}`);
}

/** Disables `protocol` on the interface called `name`, which need not exist any more. */
export function switchOff(daemon: Changeable, name: string, protocol: Protocol): Outcome {
  const title = TITLES[protocol];
  const what = { kind: "protocol", interface: name, protocol } as const;
  if (!isOn(daemon.running.configuration, what)) {
    return outcome(404, `${title} is not enabled on ${name}.`);
  }
  const refused = carryOut(daemon, () => daemon.running.propose(what, false));
  return refused ?? outcome(200, `${title} is disabled on ${name}.`);
}

type Setting = Exclude<Switch["kind"], "protocol">;

/** Interfaces with another holdForwarding than the router: what they have, as the end of a sentence. */
function exceptions({ configuration }: RunningConfiguration, setting: Setting): string {
  if (setting === "floodInitialData") return ".";
  const { holdForwarding } = configuration.defaults.hpim;
  const names = [...configuration.interfaces]
    .filter(([, { hpim }]) => hpim !== null && hpim.holdForwarding !== holdForwarding)
    .map(([name]) => name)
    .sort();
  if (names.length === 0) return ".";
  return `, but ${holdForwarding ? "off" : "on"} where the configuration file says so for the interface: ${names.join(", ")}.`;
}

/** Switches a setting of the router, and says what it is then. */
export function set(daemon: Changeable, setting: Setting, wish: Wish): Outcome {
  const what: Switch = { kind: setting };
  const before = isOn(daemon.running.configuration, what);
  const on = wish === "toggle" ? !before : wish === "on";
  const refused = on === before ? null : carryOut(daemon, () => daemon.running.propose(what, on));
  const state = on ? "on" : "off";
  return refused ?? outcome(200, `${setting} is ${state}${exceptions(daemon.running, setting)}`);
}

/** A configuration file that a command sends. */
export interface SentFile {
  readonly file: string;
  readonly text: string;
}

/** Whether a daemon could run with a configuration file: all of its problems, a line for each, or that there are none. */
export function checkFile({ file, text }: SentFile): Outcome {
  const loaded = loadConfiguration(text);
  if (loaded.kind === "configuration") return outcome(200, `${file} has no problems.`);
  return outcome(422, loaded.problems.map((problem) => formatProblem(file, problem)).join("\n"));
}

/** Runs another configuration file, and forgets what commands changed. With problems in it, nothing has changed. */
export function loadFile(daemon: Changeable, source: SentFile): Outcome {
  const checked = checkFile(source);
  if (checked.status !== 200) return checked;
  const { file, configuration } = daemon.running;
  const refused = carryOut(daemon, () => daemon.running.proposeFile(source));
  if (refused !== null) return refused;
  const isOther = file !== source.file;
  const next = isOther ? ` To start with it, use "hpim-dm start --config ${source.file}".` : "";
  const { routingTable } = daemon.running.configuration;
  const table =
    routingTable === configuration.routingTable
      ? ""
      : ` Routing table ${routingTable} is taken at the next start ("hpim-dm restart").`;
  return outcome(200, `${source.file} is in force.${next}${table}`);
}
