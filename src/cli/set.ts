// hpim-dm set: a setting of the running daemon, on the router, on one interface, or of a subsystem of the log.
import { change } from "./client.ts";

/** Options of the command, as commander names them. */
export interface SetOptions {
  readonly runtimeDir: string;
  /** Name of an interface; undefined: the router. */
  readonly interface?: string;
  /** Of the log; undefined: all without a value of their own. */
  readonly subsystem?: string;
}

/** Changes a setting; says what holds then. Throws CommandError if it is refused. */
export async function set(setting: string, value: string, options: SetOptions): Promise<void> {
  const { runtimeDir, interface: name = null, subsystem = null } = options;
  const body = { value, interface: name, subsystem };
  console.log(await change(runtimeDir, ["PUT", `/v1/settings/${setting}`, body]));
}
