// Commands inside a node of a lab.
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { nodesOf } from "../topology/topology.ts";
import type { Lab } from "./lab.ts";
import { LabError } from "./lab-error.ts";
import { namespaceOf } from "./names.ts";
import { type CommandResult, run } from "./run.ts";

/** `command` as it has to be run for it to run in `node`. Throws LabError if the lab has no such node. */
function commandIn(lab: Lab, node: string, command: readonly string[]): readonly string[] {
  const nodes = nodesOf(lab.topology);
  if (!nodes.includes(node)) {
    throw new LabError(`The lab "${lab.name}" has no node ${node}: it has ${nodes.join(", ")}.`);
  }
  return ["ip", "netns", "exec", namespaceOf(lab.name, node), ...command];
}

/** Runs `command` in `node` to its end. Throws LabError if there is no such node. */
export const execInNode = (
  lab: Lab,
  node: string,
  command: readonly string[],
): Promise<CommandResult> => run(commandIn(lab, node, command));

/** Starts `command` in `node`; its process is the command's own. Throws LabError if there is no such node. */
export function spawnInNode(
  lab: Lab,
  node: string,
  { command, ...options }: SpawnOptions & { readonly command: readonly string[] },
): ChildProcess {
  const [program = "", ...args] = commandIn(lab, node, command);
  return spawn(program, args, options);
}
