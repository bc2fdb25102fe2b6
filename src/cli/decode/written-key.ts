// A key as the command line has it: IDENTIFIER:ALGORITHM:SECRET, or with a file in place of the secret.
import { InvalidArgumentError } from "commander";
import type { AlgorithmName } from "../../api/algorithms.ts";
import { ALGORITHM_NAMES } from "../../api/algorithms.ts";
import { HIGHEST_IDENTIFIER } from "../../api/key-identifier.ts";

/** A key as it is written, with what is behind the algorithm: the secret, or the name of its file. */
export interface WrittenKey {
  readonly identifier: number;
  readonly algorithm: AlgorithmName;
  readonly rest: string;
}

const isAlgorithm = (name: string): name is AlgorithmName =>
  ALGORITHM_NAMES.some((one) => one === name);

/** The key that `text` writes, as IDENTIFIER:ALGORITHM:REST. Throws InvalidArgumentError. */
export function writtenKey(text: string): WrittenKey {
  const [, identifierText = "", algorithm = "", rest = ""] =
    /^(\d{1,5}):([^:]*):(.+)$/s.exec(text) ?? [];
  const identifier = Number(identifierText);
  if (rest === "" || identifier > HIGHEST_IDENTIFIER)
    throw new InvalidArgumentError("Expected a key such as 7:sha256:THE-SECRET.");
  if (!isAlgorithm(algorithm))
    throw new InvalidArgumentError(`Allowed algorithms are ${ALGORITHM_NAMES.join(", ")}.`);
  return { identifier, algorithm, rest };
}
