// hpim-dm interface add|remove and hpim-dm igmp add|remove: a protocol on or off on one interface, or on all; and
// hpim-dm igmp join|leave.
import type { InterfacesAnswer } from "../api/lists/interfaces.ts";
import { ask, change } from "./client.ts";
import { CommandError } from "./command-error.ts";

type Protocol = "hpim" | "igmp";
type Method = "PUT" | "DELETE";

/** Where the daemon is. */
interface Where {
  readonly runtimeDir: string;
}

/** Switches a protocol on (PUT) or off (DELETE) on the interface called `name`. Throws CommandError if it is refused. */
export async function switchProtocol(
  method: Method,
  protocol: Protocol,
  name: string,
  { runtimeDir }: Where,
): Promise<void> {
  const path = `/v1/interfaces/${encodeURIComponent(name)}/${protocol}`;
  console.log(await change(runtimeDir, [method, path]));
}

/** A group that is joined or left on an interface, of one source or of every one. */
export interface Joined {
  readonly name: string;
  readonly group: string;
  readonly source?: string;
}

/** Joins a group (PUT) or leaves it (DELETE). Throws CommandError if it is refused. */
export async function switchJoin(
  method: Method,
  { name, group, source }: Joined,
  { runtimeDir }: Where,
): Promise<void> {
  const [on, which] = [name, group].map(encodeURIComponent);
  const query = source === undefined ? "" : `?source=${encodeURIComponent(source)}`;
  console.log(await change(runtimeDir, [method, `/v1/interfaces/${on}/joins/${which}${query}`]));
}

/** The interfaces on which a protocol can be switched on, or is to be switched off. */
async function namesFor(method: Method, protocol: Protocol, where: Where): Promise<string[]> {
  const what = ["GET", "/v1/interfaces"] as const;
  const { interfaces, missing } = await ask<InterfacesAnswer>(where.runtimeDir, what);
  if (method === "PUT") return interfaces.filter((at) => !at.loopback).map(({ name }) => name);
  const on = interfaces.filter((at) => at[protocol].state !== "off").map(({ name }) => name);
  return [...on, ...missing];
}

/** Switches a protocol on or off on every interface that can. Throws CommandError if it is refused on all. */
export async function switchEverywhere(
  method: Method,
  protocol: Protocol,
  where: Where,
): Promise<void> {
  const refusals: string[] = [];
  const names = await namesFor(method, protocol, where);
  for (const name of names) {
    try {
      await switchProtocol(method, protocol, name, where);
    } catch (error) {
      if (!(error instanceof CommandError) || error.exitCode !== 1) throw error;
      refusals.push(error.message);
    }
  }
  if (refusals.length === names.length) {
    const message = refusals.join("\n") || "There is no interface that this could be done on.";
    throw new CommandError(message, { exitCode: 1 });
  }
  for (const refusal of refusals) process.stderr.write(`hpim-dm: ${refusal}\n`);
}
