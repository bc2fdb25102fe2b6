// Numbers on the command line.
import { InvalidArgumentError } from "commander";

/** A number above 0. Throws InvalidArgumentError. */
export function positive(text: string): number {
  const value = Number(text);
  if (text !== "" && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError("Expected a number above 0.");
}

/** Reads whole numbers from `least` to `most`. The reader throws InvalidArgumentError. */
export function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = positive(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
}
