// Changes that the control API makes to a running daemon: a protocol on one interface on or off; another configuration
// file.

import { formatProblem } from "../api/file-problem.ts";
import { isInterfaceName, isPattern } from "../api/interface-name.ts";
import type { Changeable, Outcome } from "./carry-out.ts";
import { carryOut, outcome, refusedForProblems } from "./carry-out.ts";
import type { Protocol } from "./configuration.ts";
import { configurationOf } from "./configuration.ts";
import type { Engine } from "./engine.ts";
import { whyUnreadable } from "./file-access.ts";
import type { MetricsListener } from "./metrics/metrics-listener.ts";
import type { Port } from "./port.ts";
import { refusalByNature, refusalOf } from "./port.ts";
import { problemOf } from "./problem.ts";
import type { Change, ConfigurationText } from "./running-configuration.ts";
import { refusalSentence } from "./sentences.ts";

/** What people call the protocols. */
export const TITLES: Readonly<Record<Protocol, string>> = { hpim: "HPIM-DM", igmp: "IGMP" };

const portOf = (engine: Engine, name: string): Readonly<Port> | undefined =>
  engine.ports().find(({ link }) => link.name === name);

/** The end of a sentence: what keeps a protocol that is on from running, if anything does. */
function untilItCan(port: Readonly<Port>, protocol: Protocol): string {
  const problem = problemOf(port, protocol);
  return problem === null ? "." : `, and starts when it can: ${problem}`;
}

const isOn = ({ running }: Changeable, name: string, protocol: Protocol): boolean =>
  configurationOf(running.configuration, name)[protocol] !== null;

const switching = (name: string, protocol: Protocol, on: boolean): Change => ({
  path: ["interfaces", name, protocol],
  value: on,
});

/** Why a command cannot be about an interface called `name`; null: it can. */
export function refusedName(name: string): Outcome | null {
  if (!isInterfaceName(name)) return outcome(400, `"${name}" cannot be the name of an interface.`);
  if (!isPattern(name)) return null;
  return outcome(
    400,
    `${name} is a pattern of names: name one interface, or edit the configuration file.`,
  );
}

/** The refusal of what needs a protocol that is off on the interface called `name`. */
export function notEnabled(name: string, protocol: Protocol): Outcome {
  const command = protocol === "hpim" ? "interface" : "igmp";
  const title = TITLES[protocol];
  return outcome(
    409,
    `${title} is not enabled on ${name}: enable it first ("hpim-dm ${command} add ${name}").`,
  );
}

/** What is said where the machine has no such interface, as a sentence behind a blank; "": it has. */
export const unlessThere = ({ engine }: Changeable, name: string): string =>
  portOf(engine, name) === undefined
    ? ` There is no interface ${name} yet ("ip link" lists those that there are).`
    : "";

/** Enables `protocol` on the interface called `name`. If it is refused there, nothing has changed. */
export function switchOn(daemon: Changeable, name: string, protocol: Protocol): Outcome {
  const title = TITLES[protocol];
  const badName = refusedName(name);
  if (badName !== null) return badName;
  const port = portOf(daemon.engine, name);
  if (port === undefined) {
    return outcome(404, `There is no interface ${name} ("ip link" lists those that there are).`);
  }
  const byNature = refusalByNature(port.link);
  if (byNature !== null) return outcome(409, refusalSentence(byNature, name));
  if (isOn(daemon, name, protocol)) {
    return outcome(200, `${title} is already enabled on ${name}${untilItCan(port, protocol)}`);
  }
  const refusal = (): string | null => {
    const found = refusalOf(port, protocol);
    return found && refusalSentence(found, name);
  };
  const change = switching(name, protocol, true);
  const judgement = { ofProblems: refusedForProblems, refusal };
  const refused = carryOut(daemon, () => daemon.running.propose(change), judgement);
  return refused ?? outcome(200, `${title} is enabled on ${name}${untilItCan(port, protocol)}`);
}

/** Disables `protocol` on the interface called `name`, which need not exist any more. */
export function switchOff(daemon: Changeable, name: string, protocol: Protocol): Outcome {
  const title = TITLES[protocol];
  const badName = refusedName(name);
  if (badName !== null) return badName;
  if (!isOn(daemon, name, protocol)) return outcome(404, `${title} is not enabled on ${name}.`);
  const change = switching(name, protocol, false);
  const judgement = { ofProblems: refusedForProblems };
  const refused = carryOut(daemon, () => daemon.running.propose(change), judgement);
  return refused ?? outcome(200, `${title} is disabled on ${name}.`);
}

/** A configuration file that a command sends. */
export interface SentFile extends ConfigurationText {
  readonly file: string;
}

/** All problems of a file, a line for each. */
const ofFile =
  (file: string) =>
  (problems: readonly Parameters<typeof formatProblem>[1][]): Outcome =>
    outcome(422, problems.map((problem) => formatProblem(file, problem)).join("\n"));

/** Whether a daemon with the rights of this one could start with a configuration file: all of its problems, or that there are none. */
export function checkFile({ running }: Changeable, sent: SentFile): Outcome {
  const unreadable = whyUnreadable(sent.file);
  if (unreadable !== null) {
    return outcome(422, `${sent.file} cannot be read by the daemon: ${unreadable}.`);
  }
  const problems = running.startProblems(sent);
  return problems.length === 0
    ? outcome(200, `${sent.file} has no problems.`)
    : ofFile(sent.file)(problems);
}

/** What another configuration file changes: the daemon, and where its metrics are served. */
export interface Loadable extends Changeable {
  readonly listener: Pick<MetricsListener, "follow">;
}

/** Runs another configuration file, and forgets what commands changed. With problems in it, nothing has changed. */
export async function loadFile(daemon: Loadable, sent: SentFile): Promise<Outcome> {
  const { file, configuration, isChanged } = daemon.running;
  const judgement = { ofProblems: ofFile(sent.file) };
  const refused = carryOut(daemon, () => daemon.running.proposeFile(sent), judgement);
  if (refused !== null) return refused;
  const instead = isChanged ? ", in place of what commands had changed" : "";
  const isOther = file !== sent.file;
  const next = isOther ? ` To start with it, use "hpim-dm start --config ${sent.file}".` : "";
  const { routingTable } = daemon.running.configuration;
  const table =
    routingTable === configuration.routingTable
      ? ""
      : ` Routing table ${routingTable} is taken at the next start ("hpim-dm restart").`;
  const remarks = daemon.running.remarks.map((remark) => `\n${formatProblem(sent.file, remark)}`);
  const ofListener = await daemon.listener.follow(daemon.running.configuration.metrics.listen);
  const metrics = ofListener === null ? "" : `\n${ofListener}`;
  const said = `${sent.file} is in force${instead}.${next}${table}${remarks.join("")}${metrics}`;
  return outcome(200, said);
}
