// hpim-dm key: the keys of an interface (protocol.md §3).
import { ALGORITHM_NAMES, ALGORITHMS } from "../api/algorithms.ts";
import { change } from "./client.ts";
import { writeLines } from "./output.ts";
import type { SecretOptions } from "./read-secret.ts";
import { readSecret } from "./read-secret.ts";
import { tableLines } from "./table.ts";

interface Where {
  readonly runtimeDir: string;
}

const pathOf = (name: string, rest: string): string =>
  `/v1/interfaces/${encodeURIComponent(name)}/${rest}`;

/** A key, as the command line says it. */
export interface WantedKey {
  readonly name: string;
  readonly identifier: number;
  readonly algorithm: string;
}

/** `key add IF ID ALGORITHM`. Throws CommandError. */
export async function addKey(
  { name, identifier, algorithm }: WantedKey,
  options: SecretOptions & Where & { readonly acceptOnly?: boolean },
): Promise<void> {
  const { acceptOnly = false } = options;
  const body = { algorithm, secret: await readSecret(options), acceptOnly };
  const asked = ["PUT", pathOf(name, `keys/${identifier}`), body] as const;
  console.log(await change(options.runtimeDir, asked));
}

/** `key remove IF ID`. Throws CommandError. */
export async function removeKey(
  name: string,
  identifier: number,
  { runtimeDir }: Where,
): Promise<void> {
  console.log(await change(runtimeDir, ["DELETE", pathOf(name, `keys/${identifier}`)]));
}

/** `key send IF ID`; null: the newest key signs. Throws CommandError. */
export async function sendWith(
  name: string,
  identifier: number | null,
  { runtimeDir }: Where,
): Promise<void> {
  console.log(await change(runtimeDir, ["PUT", pathOf(name, "send-key"), { identifier }]));
}

/** `key algorithms`. */
export async function listAlgorithms(): Promise<void> {
  const rows = ALGORITHM_NAMES.map((name) => {
    const { digestBytes, isWeak } = ALGORITHMS[name];
    return [name, String(digestBytes), isWeak ? "weak: for routers that know no other" : ""];
  });
  await writeLines(tableLines(["Algorithm", "Bytes", "Note"], rows, { empty: "" }));
}
