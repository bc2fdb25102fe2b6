// The repository's files, for tests that run from where the compiler put them.
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Path of a file of the repository. */
export const fromRoot = (...path: readonly string[]): string => ROOT + path.join("/");
