// Where something listens for TCP connections, as it is written in the configuration file: "127.0.0.1:9786", "[::1]:9786".
import { familyOf, formatAddress, isMulticast, parseAddress } from "../base/address.ts";
import { textOf } from "./values.ts";

/** An address of this machine, or the unspecified one for all of them, and a port. */
export interface ListenAddress {
  /** As text, without brackets. */
  readonly host: string;
  readonly port: number;
}

const WRITTEN = /^(?:\[([\da-f:]+)\]|([\d.]+)):(\d{1,5})$/i;
const LAST_PORT = 65_535;

/** The address and port that `text` writes; undefined: it writes none. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const [, inBrackets, bare = "", digits] = WRITTEN.exec(text) ?? [];
  const address = parseAddress(inBrackets ?? bare);
  const port = Number(digits);
  if (address === undefined || isMulticast(address) || port < 1 || port > LAST_PORT)
    return undefined;
  const hasBrackets = inBrackets !== undefined;
  return hasBrackets === (familyOf(address) === 6)
    ? { host: formatAddress(address), port }
    : undefined;
}

/** The same as people write it. */
export const formatListenAddress = ({ host, port }: ListenAddress): string =>
  host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;

/** The value of a setting. */
export const listenAddress = () =>
  textOf(
    parseListenAddress,
    'an address of this machine and a port, such as "127.0.0.1:9786" or "[::1]:9786"',
    WRITTEN,
  );
