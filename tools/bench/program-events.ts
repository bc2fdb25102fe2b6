// What the programs that measurements start in a node have in common: a line for each thing that they tell, and the
// interfaces of their node.
import { readFileSync } from "node:fs";
import type { InterfaceIndex } from "../../src/base/units.ts";
import { interfaceIndex } from "../../src/base/units.ts";

/** What a program tells: that it is ready, or that it is done, with the instant by CLOCK_MONOTONIC. */
export interface ProgramEvent {
  readonly event: "ready" | "done";
  readonly nanos: string;
}

/** Tells whoever started this process. */
export function tellStarter(event: ProgramEvent["event"]): void {
  const told: ProgramEvent = { event, nanos: String(process.hrtime.bigint()) };
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

/** The index of an interface of this network namespace. */
export const indexOf = (name: string): InterfaceIndex =>
  interfaceIndex(Number(readFileSync(`/sys/class/net/${name}/ifindex`, "utf8")));
