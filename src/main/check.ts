// Entry point of the process that checks a configuration file for "hpim-dm config check": its path in, its problems, as
// lines of the standard error output, and an exit code out. It needs no daemon and no rights, and gives up those that a
// daemon does not have: what that could not read is a problem.
import { dropPrivileges } from "../linux/privileges.ts";

dropPrivileges();
const { formatProblem } = await import("../api/file-problem.ts");
const { checkConfiguration } = await import("./configuration-source.ts");
const { refusalOf, StartupError } = await import("./startup-error.ts");

const [, , file = ""] = process.argv;
try {
  for (const remark of checkConfiguration(file)) {
    process.stderr.write(`${formatProblem(file, remark)}\n`);
  }
  console.log(`${file} has no problems.`);
} catch (error) {
  if (!(error instanceof StartupError)) throw error;
  process.stderr.write(`hpim-dm: ${refusalOf(error)}\n`);
  process.exitCode = 1;
}
