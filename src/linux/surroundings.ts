// This machine as a diagnosis looks at it (daemon/surroundings.ts).
import type { Surroundings } from "../daemon/surroundings.ts";
import { observeData } from "./data-observer.ts";
import { readText } from "./kernel-files.ts";

/** The network namespace of this process. */
export const LINUX_SURROUNDINGS: Surroundings = { readText, observe: observeData };
