// Which branches of §6.4, §7.3 and §8 are taken, and how often: V8 counts the blocks of the code as it is, and the
// places where it branches are read off its syntax.
import { readFileSync } from "node:fs";
import type { Profiler } from "node:inspector";
import { SourceMap } from "node:module";
import { fileURLToPath } from "node:url";
import type { AnyNode } from "acorn";
import { parse } from "acorn";

/** Where the code of a section is; no functions: all of them. */
interface Place {
  readonly section: string;
  readonly file: string;
  readonly functions: readonly string[];
}

const PLACES: readonly Place[] = [
  { section: "§6.4", file: "sync", functions: [] },
  {
    section: "§6.4",
    file: "neighborhood",
    functions: ["receiveSync", "followNeighbor", "continueSync", "takeStep"],
  },
  { section: "§7.3", file: "freshness", functions: [] },
  {
    section: "§7.3",
    file: "tree-messages",
    functions: ["currentSender", "receiveTreeMessage", "receiveAck"],
  },
  { section: "§8", file: "reliable", functions: [] },
  { section: "§8", file: "pacing", functions: [] },
  {
    section: "§8",
    file: "transmission",
    functions: [
      ...["setOutstanding", "announce", "acknowledge", "awaitNothingOf", "endMessages"],
      ...["retransmit", "countUnderWay", "beginWaiting", "endWaiting", "haveRoom", "sendWaiting"],
    ],
  },
];

/** Branches that no network of routers takes, as the ends of their names, and why. */
const BEYOND: readonly { readonly branch: string; readonly why: string }[] = [
  { branch: "if (message.mySsn === UNKNOWN_SSN) { -> {", why: "no router sends the SSN 0" },
  {
    branch: "neighbor === undefined ? null : takeSnapshot(turn, at, address); -> null",
    why: "so many neighbors (P7) no link has",
  },
  { branch: '"excluded tree"); -> turn.dropMessage', why: "no source is excluded (§2.3)" },
  { branch: "if (!message.leader) return DROP; -> return DROP;", why: "of two routers one leads" },
  {
    branch:
      "if (message.syncSn > 0 && message.neighborSsn !== sync.mySsn) return DROP; -> return DROP;",
    why: "who leads on has heard our SSN",
  },
  {
    branch: "if (message.syncSn !== 0) return DROP; -> return DROP;",
    why: "who leads as well has only begun",
  },
];

/** A branch: taken as often as the block at `taken` runs, or, `other`, as that of the statement but not the block. */
interface Branch {
  readonly section: string;
  readonly line: number;
  /** Of the line. */
  readonly code: string;
  /** What is done: the beginning of the block. */
  readonly does: string;
  readonly taken: number;
  readonly instead: number | null;
}

/** A branch, and how often it was taken. */
export interface CountedBranch {
  readonly name: string;
  readonly count: number;
}

/** A place where the code goes one way, or, `instead` of the block at that offset, another. */
interface Fork {
  readonly at: AnyNode;
  readonly whole: AnyNode;
  readonly isOther: boolean;
}

function forksAt(node: AnyNode): readonly Fork[] {
  const fork = (at: AnyNode, isOther = false): Fork => ({ at, whole: node, isOther });
  switch (node.type) {
    case "IfStatement":
      return [
        fork(node.consequent),
        node.alternate ? fork(node.alternate) : fork(node.consequent, true),
      ];
    case "ConditionalExpression":
      return [fork(node.consequent), fork(node.alternate)];
    case "LogicalExpression":
      return [fork(node.right)];
    case "SwitchCase":
      return node.consequent.slice(0, 1).map((first) => fork(first));
    case "ForOfStatement":
      return [fork(node.body)];
    default:
      return [];
  }
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === "object" && value !== null && "type" in value && "start" in value;

const childrenOf = (node: AnyNode): readonly AnyNode[] =>
  Object.values(node)
    .flatMap((value: unknown) => (Array.isArray(value) ? value : [value]))
    .filter(isNode);

const forksIn = (node: AnyNode): readonly Fork[] => [
  ...forksAt(node),
  ...childrenOf(node).flatMap(forksIn),
];

/** The functions at the top of a file, by name. */
function functionsIn(code: string): readonly (readonly [string, AnyNode])[] {
  const { body } = parse(code, { ecmaVersion: 2023, sourceType: "module" });
  return body.flatMap((statement): readonly (readonly [string, AnyNode])[] => {
    const isExported = statement.type === "ExportNamedDeclaration";
    const declared = isExported ? statement.declaration : statement;
    if (declared?.type === "FunctionDeclaration") return [[declared.id.name, declared.body]];
    if (declared?.type !== "VariableDeclaration") return [];
    return declared.declarations.flatMap(({ id, init }) =>
      id.type === "Identifier" && init?.type === "ArrowFunctionExpression"
        ? [[id.name, init.body] as const]
        : [],
    );
  });
}

const SHOWN = 48;

function branchesOf({ section, functions }: Place, path: string): readonly Branch[] {
  const code = readFileSync(path, "utf8");
  const map = new SourceMap(JSON.parse(readFileSync(`${path}.map`, "utf8")));
  const source = readFileSync(path.replace("/dist/", "/").replace(/js$/, "ts"), "utf8").split("\n");
  const lineAt = (offset: number): number => {
    const before = code.slice(0, offset).split("\n");
    const entry = map.findEntry(before.length - 1, before.at(-1)?.length ?? 0);
    return "originalLine" in entry ? entry.originalLine : 0;
  };
  return functionsIn(code)
    .filter(([name]) => functions.length === 0 || functions.includes(name))
    .flatMap(([, body]) => forksIn(body))
    .map(({ at, whole, isOther }) => {
      const line = lineAt(at.start);
      const does = isOther
        ? "not"
        : code.slice(at.start, at.end).replace(/\s+/g, " ").slice(0, SHOWN);
      const ofLine = source[line]?.trim() ?? "";
      const taken = isOther ? whole.start : at.start;
      return {
        section,
        line: line + 1,
        code: ofLine,
        does,
        taken,
        instead: isOther ? at.start : null,
      };
    });
}

const found = new Map<Place, readonly Branch[]>();

function cachedBranchesOf(place: Place, path: string): readonly Branch[] {
  const before = found.get(place) ?? branchesOf(place, path);
  found.set(place, before);
  return before;
}

type Functions = readonly Profiler.FunctionCoverage[];

/** How often the block that an offset is in was run. */
function countAt(functions: Functions, offset: number): number {
  let innermost: Profiler.CoverageRange | null = null;
  for (const range of functions.flatMap(({ ranges }) => ranges)) {
    if (range.startOffset > offset || range.endOffset <= offset) continue;
    const size = range.endOffset - range.startOffset;
    if (innermost === null || size <= innermost.endOffset - innermost.startOffset)
      innermost = range;
  }
  return innermost?.count ?? 0;
}

/** The branches, as often as they were taken by what V8 has counted; it leaves out what did not run at all. */
export function countBranches(
  scripts: readonly Profiler.ScriptCoverage[],
): readonly CountedBranch[] {
  return PLACES.flatMap((place) => {
    const { href } = new URL(`../../src/core/${place.file}.js`, import.meta.url);
    const script = scripts.find(({ url }) => url === href);
    // The module's own block is around all functions.
    const functions = (script?.functions ?? []).filter(
      ({ functionName, ranges }) => functionName !== "" || ranges[0]?.startOffset !== 0,
    );
    return cachedBranchesOf(place, fileURLToPath(href)).map((branch) => {
      const name = `${branch.section} src/core/${place.file}.ts:${branch.line}: ${branch.code} -> ${branch.does}`;
      const instead = branch.instead === null ? 0 : countAt(functions, branch.instead);
      return { name, count: countAt(functions, branch.taken) - instead };
    });
  });
}

/** Why no network takes the branch; null: one should. */
export const whyNever = (name: string): string | null =>
  BEYOND.find(({ branch }) => name.includes(branch))?.why ?? null;
