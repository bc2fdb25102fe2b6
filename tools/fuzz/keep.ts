// Inputs that broke a target are kept in test/fuzz/crashes/TARGET/, and replayed by `make test` for ever.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Target } from "./target.ts";

const KEPT = new URL("../../../test/fuzz/crashes/", import.meta.url);

const directoryOf = ({ name }: Pick<Target, "name">): URL => new URL(`${name}/`, KEPT);

/** Keeps an input of a target; the path of its file. */
export function keep(target: Target, input: Uint8Array): string {
  const name = createHash("sha256").update(input).digest("hex").slice(0, 12);
  const directory = directoryOf(target);
  mkdirSync(directory, { recursive: true });
  const file = new URL(name + (target.isText ? ".txt" : ".bin"), directory);
  writeFileSync(file, input);
  return fileURLToPath(file);
}

/** An input that was kept. */
export interface KeptInput {
  readonly file: string;
  readonly input: Uint8Array;
}

/** All inputs of a target that were kept, by the names of their files. */
export function keptInputs(target: Pick<Target, "name">): readonly KeptInput[] {
  const directory = directoryOf(target);
  let names: readonly string[];
  try {
    names = readdirSync(directory).sort();
  } catch {
    return [];
  }
  return names.map((file) => ({ file, input: readFileSync(new URL(file, directory)) }));
}
