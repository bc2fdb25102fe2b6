// The scenario files of the repository: each with those that it continues, and checked before it is played.
import { readdirSync, readFileSync } from "node:fs";
import { known } from "../../src/base/invariant.ts";
import { nameProblem } from "../../src/scenario/check-names.ts";
import type { Head, SettingsDocument } from "../../src/scenario/head.ts";
import { parseScenario, type Scenario } from "../../src/scenario/scenario.ts";
import type { Topology } from "../../src/topology/topology.ts";
import { fromRoot } from "../support/root.ts";
import { readTopology } from "../topology/files.ts";
import type { ScenarioSettings } from "./scenario-network.ts";
import { configurationOfSettings } from "./settings.ts";

const DIRECTORY = "test/scenarios";
const ENDING = ".scenario";

/** A scenario and the network that it begins in. */
export interface LoadedScenario extends Scenario {
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Those that are played before it, the first one first. */
  readonly before: readonly LoadedScenario[];
  /** Of the first one. */
  readonly first: Head;
  readonly topology: Topology;
}

/** Names of all scenario files, in order. */
export const scenarioNames: readonly string[] = readdirSync(fromRoot(DIRECTORY))
  .filter((file) => file.endsWith(ENDING))
  .map((file) => file.slice(0, -ENDING.length))
  .sort();

/** The scenario called `name`. Throws an Error that lists what is wrong with its file. */
export function loadScenario(name: string): LoadedScenario {
  const file = `${DIRECTORY}/${name}${ENDING}`;
  return loadText(readFileSync(fromRoot(file), "utf8"), { name, file });
}

/** The scenario that a text writes. Throws an Error that lists what is wrong with it. */
export function loadText(
  text: string,
  { name, file }: Pick<LoadedScenario, "name" | "file">,
): LoadedScenario {
  const parsed = parseScenario(text);
  if (parsed.kind === "problems") {
    throw new Error(
      parsed.problems.map(({ line, message }) => `${file}:${line}: ${message}`).join("\n"),
    );
  }
  const { head, steps } = parsed.scenario;
  const continued = head.continues === null ? null : loadScenario(head.continues);
  const before = continued === null ? [] : [...continued.before, continued];
  const first = before[0]?.head ?? head;
  const topology =
    typeof first.topology === "string"
      ? readTopology(first.topology)
      : known(first.topology, `${file} begins somewhere`);
  const problems = steps.flatMap(({ line, command }) => {
    const problem = nameProblem(topology, command);
    return problem === undefined ? [] : [`${file}:${line}: ${problem}`];
  });
  problems.push(...settingsProblems(head, topology).map((problem) => `${file}: ${problem}`));
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return { name, file, head, steps, before, first, topology };
}

/** What is wrong with the settings of a head. */
const settingsProblems = (
  { settings, quickSettings }: Head,
  topology: Topology,
): readonly string[] =>
  Object.entries({ settings, quickSettings }).flatMap(([key, document]) => {
    const written = settingsOf(document ?? {});
    const problems = [...missingInterfaces(written, topology), ...loadProblems(written)];
    return problems.map((problem) => `${key}: ${problem}`);
  });

/** Single interfaces with settings that the network does not have. */
const missingInterfaces = (
  { interfaces = {} }: ScenarioSettings,
  { routers }: Topology,
): readonly string[] =>
  Object.entries(interfaces).flatMap(([router, own]) => {
    const names = routers.get(router)?.interfaces.map(({ name }) => name) ?? [];
    const missing = Object.keys(own).filter((name) => !names.includes(name));
    return missing.map((name) => `the network has no interface ${router}.${name}`);
  });

/** What is wrong with these settings as configuration files, of which routers with settings of their own have other ones. */
const loadProblems = (settings: ScenarioSettings): readonly string[] =>
  [undefined, ...Object.keys(settings.interfaces ?? {})].flatMap((router) => {
    try {
      configurationOfSettings(settings, router);
      return [];
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)];
    }
  });

/** Sections of a configuration file, as scenarios set them. */
export const settingsOf = (document: SettingsDocument): ScenarioSettings =>
  document as ScenarioSettings;
