// Settings of one interface, changed where no command changes them.
import type { Configuration, InterfaceConfiguration } from "../../src/daemon/configuration.ts";
import { configurationOf } from "../../src/daemon/configuration.ts";

/** `configuration` with something else on the interface called `name`. */
export function withInterface(
  configuration: Configuration,
  name: string,
  change: Partial<InterfaceConfiguration>,
): Configuration {
  const interfaces = new Map(configuration.interfaces);
  interfaces.set(name, { ...configurationOf(configuration, name), ...change });
  return { ...configuration, interfaces };
}
