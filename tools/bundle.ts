// Makes dist/bundle of dist/src: each program in few files, with the libraries that it uses, for Node takes a tenth of a second to
// find and read some hundred. A part that is loaded only when it is called stays a file of its own. Programs find each
// other, and what lies beside them, by paths from a directory of dist: in dist/bundle they are as deep as in dist/src.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { BuildOptions, Metafile } from "esbuild";
import { build } from "esbuild";

const BUNDLE = "dist/bundle";

/** What is run by its path. */
const PROGRAMS = [
  ...["cli/index", "main/index", "main/check"],
  ...["lab/burst-main", "lab/keeper-main", "lab/receiver-main", "lab/sender-main"],
] as const;

/** It has native code, and finds that itself. */
const NATIVE = "koffi";

const OPTIONS = {
  entryPoints: PROGRAMS.map((program) => `dist/src/${program}.js`),
  outbase: "dist/src",
  outdir: BUNDLE,
  chunkNames: "parts/[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  external: [NATIVE],
  // Libraries in the older form of modules ask for parts of Node by it.
  banner: {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
  metafile: true,
  logLevel: "warning",
} as const satisfies BuildOptions;

/** What a program asks for by a path that is not there. */
function pathsToNothing(): readonly string[] {
  return readdirSync(BUNDLE, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js"))
    .flatMap((name) => {
      const file = join(BUNDLE, name);
      const paths = readFileSync(file, "utf8").matchAll(/new URL\("([^"]+)", import\.meta\.url\)/g);
      return [...paths]
        .map(([, path = ""]) => resolve(dirname(file), path))
        .filter((path) => !existsSync(path))
        .map((path) => `${file}: ${relative("", path)} is not there`);
    });
}

/** The directories of the packages that something of was taken. */
function packagesIn({ inputs }: Metafile): readonly string[] {
  const directories = Object.keys(inputs).flatMap(
    (path) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? [],
  );
  return [...new Set(directories)].sort();
}

/** Name, version and license of a package, as it asks of those who pass it on. */
function licenseOf(directory: string): string {
  const { name, version, license } = JSON.parse(
    readFileSync(join(directory, "package.json"), "utf8"),
  );
  const file = readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
  const words = file === undefined ? `${license}` : readFileSync(join(directory, file), "utf8");
  return `${name} ${version}\n\n${words.trim()}\n`;
}

rmSync(BUNDLE, { recursive: true, force: true });
const { metafile } = await build(OPTIONS);
const problems = pathsToNothing();
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
const line = `\n${"-".repeat(72)}\n\n`;
writeFileSync(join(BUNDLE, "LICENSES"), packagesIn(metafile).map(licenseOf).join(line));
