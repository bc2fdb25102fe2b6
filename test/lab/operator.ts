// What somebody types on a router of a lab: commands of ours for its daemon.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { daemonFilesOf } from "../../src/lab/daemon-process.ts";
import type { LabNetwork } from "../scenarios/lab-network.ts";
import { type Outcome, runCommand } from "../support/command.ts";

/** A command, however it ends. */
export const attempted = (
  { lab }: LabNetwork,
  router: string,
  ...words: readonly string[]
): Promise<Outcome> =>
  runCommand(...words, "--runtime-dir", daemonFilesOf(lab, router).runtimeDirectory);

/** What a command prints that is done. */
export async function typed(
  network: LabNetwork,
  router: string,
  ...words: readonly string[]
): Promise<string> {
  const { code, out, err } = await attempted(network, router, ...words);
  assert.deepEqual([code, err], [0, ""], `${router}: hpim-dm ${words.join(" ")}`);
  return out;
}

/** The configuration file of the daemon of a router. */
export const fileOf = ({ lab }: LabNetwork, router: string): string =>
  daemonFilesOf(lab, router).configuration;

/** Sections of interfaces by name, as a configuration file has them; undefined: none. */
export type Sections = Readonly<Record<string, object | undefined>>;

/** Writes what runs on a router into its configuration file, with these sections of interfaces changed. */
export async function edited(
  network: LabNetwork,
  router: string,
  changes: Sections,
): Promise<string> {
  const document = parse(await typed(network, router, "config", "show"));
  for (const [name, change] of Object.entries(changes)) {
    if (change === undefined) delete document.interfaces[name];
    else document.interfaces[name] = { ...document.interfaces[name], ...change };
  }
  const file = fileOf(network, router);
  writeFileSync(file, stringify(document));
  return file;
}

/** Loads what runs on a router with these sections of interfaces changed. */
export async function reloaded(
  network: LabNetwork,
  router: string,
  changes: Sections,
): Promise<void> {
  await typed(network, router, "config", "load", await edited(network, router, changes));
}
