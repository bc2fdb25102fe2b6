// Metrics of the daemon's process and of what it runs.
import type { Families, Family } from "./exposition.ts";
import { sample } from "./exposition.ts";

const SECOND_US = 1_000_000;
const SECOND_MS = 1_000;

function single(name: string, type: "counter" | "gauge", help: string, value: number): Family {
  return { name, type, help, samples: [sample({}, value)] };
}

/** Unix time, in seconds: the clock may step, and the start must not. */
const START_SECONDS = performance.timeOrigin / SECOND_MS;

/** The process. `program`: name and version, as in "hpim-dm 1.0.0". */
export function* processFamilies(program: string): Families {
  const version = program.slice(program.lastIndexOf(" ") + 1);
  yield {
    ...{ name: "hpim_build_info", type: "gauge" },
    help: "1; which version runs.",
    samples: [sample({ version }, 1)],
  };
  yield single(
    "hpim_process_start_time_seconds",
    "gauge",
    "When the daemon started, in seconds of Unix time.",
    START_SECONDS,
  );
  const { user, system } = process.cpuUsage();
  yield single(
    "hpim_process_cpu_seconds_total",
    "counter",
    "Processor time that the daemon has taken, in user space and in the kernel.",
    (user + system) / SECOND_US,
  );
  yield single(
    "hpim_process_resident_memory_bytes",
    "gauge",
    "Memory of the daemon that is in RAM.",
    process.memoryUsage.rss(),
  );
}
