// hpim-dm interface add|remove and hpim-dm igmp add|remove: a protocol on or off on one interface.
import { change } from "./client.ts";

/** Switches a protocol on (PUT) or off (DELETE) on the interface called `name`. Throws CommandError if it is refused. */
export async function switchProtocol(
  method: "PUT" | "DELETE",
  protocol: "hpim" | "igmp",
  name: string,
  { runtimeDir }: { readonly runtimeDir: string },
): Promise<void> {
  const path = `/v1/interfaces/${encodeURIComponent(name)}/${protocol}`;
  console.log(await change(runtimeDir, [method, path]));
}
