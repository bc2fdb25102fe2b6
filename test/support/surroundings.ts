// A machine of which a diagnosis sees nothing but these files, and no data.
import type { Surroundings } from "../../src/daemon/surroundings.ts";

/** `files`: their texts by path. */
export const surroundingsOf = (files: Readonly<Record<string, string>> = {}): Surroundings => ({
  readText: (path) => files[path] ?? null,
  observe: async () => [],
});
