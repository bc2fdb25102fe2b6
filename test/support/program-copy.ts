// A copy of the program, and of Node, for tests with users who are not root: the repository may lie where only root can read.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fromRoot } from "./root.ts";

/** Copies the program into a directory; its command. */
export function copyProgram(directory: string): string {
  const { packages }: { packages: Record<string, { dev?: boolean }> } = JSON.parse(
    readFileSync(fromRoot("package-lock.json"), "utf8"),
  );
  const needed = Object.keys(packages).filter(
    (path) => path !== "" && packages[path]?.dev !== true && existsSync(fromRoot(path)),
  );
  const paths = ["bin", "dist/bundle", "topologies", "package.json", ...needed];
  execFileSync("cp", ["-rL", "--parents", ...paths, directory], { cwd: fromRoot() });
  execFileSync("cp", [process.execPath, join(directory, "bin", "node")]);
  return join(directory, "bin", "hpim-dm");
}
