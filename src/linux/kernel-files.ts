// Files of the kernel's, under /proc and /sys, and of its build, as texts.
import { readFileSync } from "node:fs";

/** The text of a file, without white space at its ends; null: there is none to be read. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return null;
  }
}
