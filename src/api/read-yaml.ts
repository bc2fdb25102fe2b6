// Reads YAML: what a text says as plain data, and where in it each part stands. What it is no YAML for is said without
// a word of the text itself, which may be part of a secret.
import type { CST, Document, Pair, Tags, YAMLError } from "yaml";
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, Parser, parseDocument } from "yaml";
import type { Path, Problem, ProblemAt } from "./file-problem.ts";
import { inOrder } from "./file-problem.ts";

/** What a text says, and how its places are named. */
export interface Text {
  readonly value: unknown;
  readonly problemAt: ProblemAt;
  /** Keys that are there twice, of which the last counts. */
  readonly problems: readonly Problem[];
}

/** More than any file of ours has by far, and much less than the stack of the process that reads it. */
const DEEPEST = 100;
const TOO_DEEP = "not YAML: this is nested too deeply";
const NO_ANCHOR =
  "not YAML: an alias (*) has to name an anchor (&) above it; a text that begins with * has to be in quotes";
const NO_KEY = "not YAML: expected a word before the colon";
const NO_COLON = 'not YAML: expected "key: value"; a colon, or the blank behind it, is missing';

/**
 * What somebody has done wrong, by the code or the beginning of the message that says what the parser met instead. Of
 * errors on one line, the first of these has brought the others about.
 */
const PLAINLY: readonly (readonly [met: string, sentence: string])[] = [
  ["BAD_ALIAS", NO_ANCHOR],
  [
    "BAD_DQ_ESCAPE",
    'not YAML: a \\ in a text in " begins an escape: write \\\\, or use \' in place of "',
  ],
  ["Implicit map keys", NO_COLON],
  ["MULTILINE_IMPLICIT_KEY", NO_COLON],
  ["NON_STRING_KEY", NO_KEY],
  ["MULTIPLE_DOCS", "not YAML: a second document begins here: a file has one"],
  ["TAB_AS_INDENT", "not YAML: a line begins with a tab: use blanks"],
  [
    "TAG_RESOLVE_FAILED",
    "not YAML: a word that begins with ! is a tag, and means nothing here: put it in quotes",
  ],
  ["BAD_SCALAR_START", "not YAML: a text that begins with this character has to be in quotes"],
  ["Block scalar header", "not YAML: a text that begins with | or > has to be in quotes"],
  [
    "BLOCK_AS_IMPLICIT_KEY",
    'not YAML: a second key on one line: begin a new line with it, or write { key: value, key: value }; a text with ": " in it has to be in quotes',
  ],
  [
    "BLOCK_IN_FLOW",
    'not YAML: a second key without a comma before it; a text with ": " in it has to be in quotes',
  ],
  [
    "Unexpected scalar at node end",
    "not YAML: the value has ended before this; a comma or quotes are missing",
  ],
  [
    "All mapping items",
    "not YAML: this key does not begin in the column of those that it belongs to",
  ],
  ["Flow map", "not YAML: a { is not closed by a }, or a line between them is not indented"],
  ["Flow sequence", "not YAML: a [ is not closed by a ], or a line between them is not indented"],
  ['Missing closing "', 'not YAML: a text that begins with " does not end with it'],
  ["Missing closing '", "not YAML: a text that begins with ' does not end with it"],
];

/** The parser's message ends with a part of the text behind a colon. */
const withoutText = (message: string): string => message.replace(/(?<=\S): .*$/s, "");

function rankOf({ code, message }: YAMLError): number {
  const rank = PLAINLY.findIndex(([met]) => met === code || message.startsWith(met));
  return rank === -1 ? PLAINLY.length : rank;
}

function messageOf(error: YAMLError): string {
  const [, plain] = PLAINLY[rankOf(error)] ?? [];
  return plain ?? `not YAML: ${withoutText(error.message)}`;
}

function firstOfEachLine(problems: readonly Problem[]): readonly Problem[] {
  const lines = new Set<number>();
  return problems.filter(({ line }) => !lines.has(line) && lines.add(line));
}

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);

const keyText = (key: unknown): string => (isScalar(key) ? String(key.value) : "");

/** What a map or a list has under a key; of a map, the key names the place better than the value does. */
function childOf(parent: unknown, key: PropertyKey): Pick<Pair, "key" | "value"> | undefined {
  if (isSeq(parent)) {
    const item = parent.items[Number(key)];
    return { key: item, value: item };
  }
  if (!isMap(parent)) return undefined;
  return parent.items.findLast((pair) => keyText(pair.key) === String(key));
}

function offsetOf({ contents }: Document, path: Path): number {
  let offset = startOf(contents) ?? 0;
  let at: unknown = contents;
  for (const key of path) {
    const child = childOf(at, key);
    if (child === undefined) break;
    offset = startOf(child.key) ?? offset;
    at = child.value;
  }
  return offset;
}

function partsOf(token: CST.Token): readonly (CST.Token | null | undefined)[] {
  if (token.type === "document") return [token.value];
  return "items" in token ? token.items.flatMap(({ key, value }) => [key, value]) : [];
}

/** Says where a text is nested more deeply than DEEPEST; undefined: nowhere. Beyond, not even an error is thrown: Node ends. */
function tooDeep(text: string): Problem | undefined {
  const lines = new LineCounter();
  let level: readonly CST.Token[] = [...new Parser(lines.addNewLine).parse(text)];
  for (let depth = 0; depth <= DEEPEST; depth++) {
    level = level.flatMap(partsOf).filter((token) => token !== null && token !== undefined);
  }
  const [first] = level;
  return first && { ...placeOf(lines, first.offset), path: "", message: TOO_DEEP };
}

/** Something that the parser takes and we do not. */
interface Finding {
  readonly path: Path;
  readonly offset: number | undefined;
  readonly message: string;
  /** What the text says cannot be told. */
  readonly isFatal: boolean;
}

const finding = (node: unknown, path: Path, message: string, isFatal = true): Finding => ({
  ...{ path, offset: startOf(node), message, isFatal },
});

const TWICE = "this key is there for the second time";

/** In the order of the text. `anchors`: those that have been seen. */
function* findings(node: unknown, path: Path, anchors: Set<string>): Generator<Finding> {
  if (isAlias(node)) {
    if (!anchors.has(node.source)) yield finding(node, path, NO_ANCHOR);
    return;
  }
  if (isNode(node) && node.anchor !== undefined) anchors.add(node.anchor);
  if (isMap(node)) yield* findingsInMap(node.items, path, anchors);
  if (!isSeq(node)) return;
  for (const [i, item] of node.items.entries()) yield* findings(item, [...path, i], anchors);
}

function* findingsInMap(
  pairs: readonly Pair[],
  path: Path,
  anchors: Set<string>,
): Generator<Finding> {
  const seen = new Set<string>();
  for (const { key, value } of pairs) {
    const word = keyText(key);
    const below = [...path, word];
    if (seen.has(word)) yield finding(key, below, TWICE, false);
    seen.add(word);
    yield* findings(key, path, anchors);
    yield* findings(value, below, anchors);
  }
}

/** Without those that make other things than maps, lists and words of explicit tags. */
const plainTags = (tags: Tags): Tags =>
  tags.filter((tag) => typeof tag === "string" || tag.default !== false);

type YamlVersion = "1.1" | "1.2";

function read(text: string, version: YamlVersion): Text | readonly Problem[] {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    ...{ version, lineCounter: lines, prettyErrors: false, uniqueKeys: false },
    ...{ stringKeys: true, resolveKnownTags: false, customTags: plainTags },
  });
  const problemAtOffset = (offset: number, path: Path, message: string): Problem => ({
    ...placeOf(lines, offset),
    ...{ path: path.map(String).join("."), message },
  });
  const problemAt: ProblemAt = (path, message) =>
    problemAtOffset(offsetOf(document, path), path, message);
  const errors = [...document.errors, ...document.warnings].sort((a, b) => rankOf(a) - rankOf(b));
  if (errors.length > 0) {
    const problems = errors.map((error) => problemAtOffset(error.pos[0], [], messageOf(error)));
    return inOrder(firstOfEachLine(problems));
  }
  const found = [...findings(document.contents, [], new Set())];
  const problems = found.map(({ path, offset, message }) =>
    offset === undefined ? problemAt(path, message) : problemAtOffset(offset, path, message),
  );
  return found.some(({ isFatal }) => isFatal)
    ? problems
    : { value: document.toJS() ?? {}, problemAt, problems };
}

function placeOf(lines: LineCounter, offset: number): Pick<Problem, "line" | "column"> {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** The text as YAML, or why it is none. Never throws. */
export function readYaml(text: string, version: YamlVersion): Text | readonly Problem[] {
  const deep = tooDeep(text);
  if (deep !== undefined) return [deep];
  try {
    return read(text, version);
  } catch (error) {
    // It does not say where: too many aliases, or a merge of something that is no map.
    const message = error instanceof Error ? withoutText(error.message) : String(error);
    return [{ line: 1, column: 1, path: "", message: `not YAML: ${message}` }];
  }
}
