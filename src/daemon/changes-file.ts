// What commands changed while the daemon ran: <state directory>/changes.yaml, a configuration file that is laid over
// the one that the daemon is started with.
import { join } from "node:path";
import { stringify } from "yaml";
import type { ConfigurationDocument } from "../api/configuration-document.ts";
import { formatProblem } from "../api/file-problem.ts";
import { readConfigurationFile } from "../api/read-configuration-file.ts";
import type { StagedFile } from "./state-file.ts";
import { readStateFile, removeStateFile, renameStateFile, stageStateFile } from "./state-file.ts";

const HEADING = `# What commands changed, laid over the configuration file at the next start.
# "hpim-dm start --clean" forgets it.
`;
const DAMAGED_NAME = "changes.yaml.damaged";

const fileOf = (directory: string): string => join(directory, "changes.yaml");

/** The changes that are kept, or what is wrong with the file. */
export type ChangesReading =
  | { readonly kind: "changes"; readonly changes: ConfigurationDocument }
  | { readonly kind: "damaged"; readonly problem: string };

/** The changes kept in a state directory. Throws HostError if the file is there and cannot be read. */
export function readChanges(directory: string): ChangesReading {
  const file = fileOf(directory);
  const text = readStateFile(file, `cannot read the changes that commands made from ${file}`) ?? "";
  const reading = readConfigurationFile(text);
  if (reading.kind === "file") return { kind: "changes", changes: reading.document };
  const [first] = reading.problems;
  return { kind: "damaged", problem: first === undefined ? file : formatProblem(file, first) };
}

/** Writes changes beside those that are kept, to take their place. Throws HostError. */
export const stageChanges = (directory: string, changes: ConfigurationDocument): StagedFile =>
  stageStateFile(
    fileOf(directory),
    HEADING + stringify(changes),
    `cannot keep the change in ${fileOf(directory)}`,
  );

/** Forgets the changes. Throws HostError. */
export const forgetChanges = (directory: string): void =>
  removeStateFile(fileOf(directory), `cannot remove ${fileOf(directory)}`);

/** Moves a damaged file of changes out of the way; the name that it has then. Throws HostError. */
export function setChangesAside(directory: string): string {
  const file = fileOf(directory);
  renameStateFile(file, DAMAGED_NAME, `cannot rename ${file}`);
  return join(directory, DAMAGED_NAME);
}
