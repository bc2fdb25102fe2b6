// hpim-dm set: a setting of the running daemon on or off.
import { change } from "./client.ts";

/** Switches a setting of the router. Throws CommandError if it is refused. */
export async function set(
  setting: "floodInitialData" | "holdForwarding",
  state: string,
  { runtimeDir }: { readonly runtimeDir: string },
): Promise<void> {
  console.log(await change(runtimeDir, ["POST", `/v1/settings/${setting}/${state}`]));
}
