// The name of an interface, as arguments and options of commands take it.
import { InvalidArgumentError } from "commander";
import { isInterfaceName, isPattern } from "../api/interface-name.ts";

/** In place of an interface's name, where a command takes that. */
export const EVERY_INTERFACE = "*";

const EXPECTED = 'Expected the name of an interface, such as eth0 ("ip link" lists them)';

/** The name of an interface. Throws InvalidArgumentError. */
export function interfaceName(text: string): string {
  if (isInterfaceName(text) && !isPattern(text)) return text;
  throw new InvalidArgumentError(`${EXPECTED}.`);
}

/** The name of an interface, or "*" for all. Throws InvalidArgumentError. */
export function interfaceNameOrAll(text: string): string {
  if (text === EVERY_INTERFACE || (isInterfaceName(text) && !isPattern(text))) return text;
  throw new InvalidArgumentError(`${EXPECTED}, or "${EVERY_INTERFACE}" for all.`);
}
