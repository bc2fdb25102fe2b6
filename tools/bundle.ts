// Makes dist/bundle of dist/src: each program in few files, with the libraries that it uses, for Node takes a tenth of a second to
// find and read some hundred. A part that is loaded only when it is called stays a file of its own. Programs find each
// other, and what lies beside them, by paths from a directory of dist: in dist/bundle they are as deep as in dist/src.
// The command line is in the older form of modules, and in one file: for whoever types a command it starts in half the time.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { BuildOptions, Metafile, Plugin } from "esbuild";
import { build } from "esbuild";

const BUNDLE = "dist/bundle";

/** What is run by its path. */
const PROGRAMS = [
  ...["main/index", "main/check", "main/doctor"],
  ...["lab/burst-main", "lab/keeper-main", "lab/receiver-main", "lab/sender-main"],
] as const;

const SHARED = {
  bundle: true,
  platform: "node",
  target: "node20",
  metafile: true,
  logLevel: "warning",
} as const satisfies BuildOptions;

const PROGRAM_OPTIONS = {
  ...SHARED,
  entryPoints: PROGRAMS.map((program) => `dist/src/${program}.js`),
  outbase: "dist/src",
  outdir: BUNDLE,
  chunkNames: "parts/[name]-[hash]",
  splitting: true,
  format: "esm",
  // Libraries in the older form of modules ask for parts of Node by it.
  banner: {
    js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
  },
} as const satisfies BuildOptions;

/** Libraries that few commands need: each is a file of its own, which is read when they do. */
const SELDOM = ["yaml", "zod"];

const SELDOM_OPTIONS = {
  ...SHARED,
  entryPoints: SELDOM,
  outdir: `${BUNDLE}/parts`,
  outExtension: { ".js": ".cjs" },
  format: "cjs",
} as const satisfies BuildOptions;

const seldom: Plugin = {
  name: "seldom",
  setup: ({ onResolve }) => {
    onResolve({ filter: new RegExp(`^(?:${SELDOM.join("|")})$`) }, ({ path }) => ({
      path: `../parts/${path}.cjs`,
      external: true,
    }));
  },
};

const COMMAND_OPTIONS = {
  ...SHARED,
  entryPoints: ["dist/src/cli/index.js"],
  outfile: `${BUNDLE}/cli/index.cjs`,
  format: "cjs",
  plugins: [seldom],
  define: { "import.meta.url": "ownUrl" },
  banner: { js: 'const ownUrl = require("node:url").pathToFileURL(__filename).href;' },
} as const satisfies BuildOptions;

/** What a program asks for by a path that is not there. */
function pathsToNothing(): readonly string[] {
  return readdirSync(BUNDLE, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.c?js$/.test(name))
    .flatMap((name) => {
      const file = join(BUNDLE, name);
      const paths = readFileSync(file, "utf8").matchAll(
        /new URL\("([^"]+)", (?:import\.meta\.url|ownUrl)\)/g,
      );
      return [...paths]
        .map(([, path = ""]) => resolve(dirname(file), path))
        .filter((path) => !existsSync(path))
        .map((path) => `${file}: ${relative("", path)} is not there`);
    });
}

/** The directories of the packages that something of was taken. */
function packagesIn(metafiles: readonly Metafile[]): readonly string[] {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const directories = inputs.flatMap(
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
const built = await Promise.all([
  build(PROGRAM_OPTIONS),
  build(SELDOM_OPTIONS),
  build(COMMAND_OPTIONS),
]);
const problems = pathsToNothing();
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
const line = `\n${"-".repeat(72)}\n\n`;
writeFileSync(
  join(BUNDLE, "LICENSES"),
  packagesIn(built.map(({ metafile }) => metafile))
    .map(licenseOf)
    .join(line),
);
