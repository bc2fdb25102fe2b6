// Entry point of the process that checks a configuration file for "hpim-dm config check": its path in, its problems, as
// lines of the standard error output, and an exit code out. It needs no daemon and no rights.
import { formatProblem } from "../api/file-problem.ts";
import { checkConfiguration } from "./configuration-source.ts";
import { StartupError } from "./startup-error.ts";

const [, , file = ""] = process.argv;
try {
  for (const remark of checkConfiguration(file)) {
    process.stderr.write(`${formatProblem(file, remark)}\n`);
  }
  console.log(`${file} has no problems.`);
} catch (error) {
  if (!(error instanceof StartupError)) throw error;
  process.stderr.write(`hpim-dm: ${error.message}\n`);
  process.exitCode = 1;
}
