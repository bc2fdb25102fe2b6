// The keys of the captures that are signed, by file, as INDEX.md has them.
import { readFileSync } from "node:fs";
import type { AlgorithmName } from "../../src/api/algorithms.ts";
import type { OpenKey } from "../support/hmac.ts";
import { VECTORS } from "../support/pcap.ts";

/** One side of this capture is signed. */
export const ONE_SIDE = "d2_hmac_oneside_only_R1_sha256_R1-R2.pcap";

const INDEX = readFileSync(new URL("INDEX.md", VECTORS), "utf8");

/** The key of each file. */
export const KEYS: ReadonlyMap<string, OpenKey> = new Map([
  ...[...INDEX.matchAll(/^- (\w+): id (\d+), key `(.*)`$/gm)].map(
    ([, name = "", identifier, secret = ""]): [string, OpenKey] => [
      `d1_hmac_${name}.pcap`,
      { identifier: Number(identifier), algorithm: name as AlgorithmName, secret },
    ],
  ),
  [ONE_SIDE, { identifier: 7, algorithm: "sha256", secret: "secret" }],
]);

/** The keys as `hpim-dm decode` and the dissector are told them. */
export const WRITTEN_KEYS: readonly string[] = [...KEYS.values()].map(
  ({ identifier, algorithm, secret }) => `${identifier}:${algorithm}:${secret}`,
);
