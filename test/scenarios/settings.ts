// What a scenario sets, as a configuration of the daemon: through the very file that people write.
import type { Configuration } from "../../src/daemon/configuration.ts";
import { loadConfiguration } from "../../src/daemon/load-configuration.ts";
import type { OpenKey } from "../support/hmac.ts";
import type { ScenarioSettings } from "./scenario-network.ts";

/** The keys that a scenario's messages are signed with; those whose secrets are in files can not be read here. */
export const openKeysOf = ({ security }: ScenarioSettings): readonly OpenKey[] =>
  (security?.keys ?? []).flatMap((key) => ("secret" in key ? [key] : []));

/**
 * The configuration in which these settings are the defaults, and those of single interfaces are `router`'s, whose
 * protocols are on; no other is. Throws an Error with what is wrong.
 */
export function configurationOfSettings(
  { security, interfaces: single = {}, ...defaults }: ScenarioSettings,
  router = "",
): Configuration {
  const all = security && { security };
  const own = Object.entries(single[router] ?? {});
  const interfaces = {
    ...(all && { "*": all }),
    ...Object.fromEntries(own.map(([name, settings]) => [name, { ...all, ...settings }])),
  };
  const loaded = loadConfiguration(JSON.stringify({ ...defaults, interfaces }));
  if (loaded.kind === "problems") {
    throw new Error(loaded.problems.map(({ path, message }) => `${path}: ${message}`).join("; "));
  }
  return loaded.configuration;
}
