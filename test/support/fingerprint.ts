// A configuration as plain data that differs wherever the configuration does: secrets, of which a comparison takes all for
// equal, are in it by what they sign.
import type { Configuration, InterfaceConfiguration } from "../../src/daemon/configuration.ts";

const PROBE = new TextEncoder().encode("probe");

const ofInterface = ({ security, ...others }: InterfaceConfiguration): object => ({
  ...others,
  security: {
    ...security,
    keys: security.keys.map(({ secret, ...key }) => ({
      ...key,
      signs: Buffer.from(secret.hmac("sha256", PROBE)).toString("hex"),
    })),
  },
});

/** The fingerprint of a configuration. */
export const fingerprint = (configuration: Configuration): object => ({
  ...configuration,
  interfaces: [...configuration.interfaces].map(([name, of]) => [name, ofInterface(of)]),
});
