// Reads the text of a configuration file (YAML): what it says, or all of its problems with path, line and column.
import type { Document, Node } from "yaml";
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import type { ConfigurationDocument } from "./configuration-document.ts";
import { laidOver } from "./configuration-document.ts";
import type { ConfigurationFile } from "./configuration-file.ts";
import { configurationFileSchema } from "./configuration-file.ts";
import { convertLegacy, isLegacyFile, LEGACY_YAML_VERSION } from "./legacy-file.ts";

/** Something wrong with a configuration file. */
export interface Problem {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Keys from the top, joined by dots; "" for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

type Path = readonly PropertyKey[];

type ProblemAt = (path: Path, message: string) => Problem;

/** A file that keeps to the schema, or its problems in the order of their places. */
export type FileReading =
  | {
      readonly kind: "file";
      readonly file: ConfigurationFile;
      /** The same as plain data. */
      readonly document: ConfigurationDocument;
      /** The problem `message` of what the file has at `path`, or at the nearest thing above it. */
      readonly problemAt: ProblemAt;
      /** What is to be said of a file of the Python router, in the order of its places. */
      readonly remarks: readonly Problem[];
    }
  | { readonly kind: "problems"; readonly problems: readonly Problem[] };

/** The key of `path` in the document, which names its place better than the value does; of a list, the item. */
function nodeAt(document: Document, path: Path): Node | undefined {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const last = path.at(-1);
  if (last === undefined) return undefined;
  if (isSeq(parent)) {
    const item = parent.items[Number(last)];
    return isNode(item) ? item : undefined;
  }
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(last));
  return isNode(pair?.key) ? pair.key : undefined;
}

function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const offset = nodeAt(document, path.slice(0, length))?.range?.[0];
    if (offset !== undefined) return offset;
  }
  return document.contents?.range?.[0] ?? 0;
}

/** An issue of the schema as places and messages: one for each key that is not known. */
function placed(issue: z.core.$ZodIssue): readonly (readonly [Path, string])[] {
  switch (issue.code) {
    case "unrecognized_keys": {
      const messages = issue.message.split("\n");
      return issue.keys.map((key, i) => [[...issue.path, key], messages[i] ?? ""]);
    }
    case "invalid_key":
      return issue.issues.map(({ message }) => [issue.path, message]);
    default:
      return [[issue.path, issue.message]];
  }
}

/** What the document says, or why it says nothing (an alias without an anchor, or far too many). */
function contentsOf(
  document: Document,
): { readonly value: unknown } | { readonly message: string } {
  try {
    return { value: document.toJS() ?? {} };
  } catch (error) {
    return { message: error instanceof Error ? error.message : String(error) };
  }
}

/** What a text says, and how its places are named. */
interface Text {
  readonly value: unknown;
  readonly problemAt: ProblemAt;
}

const inOrder = (problems: readonly Problem[]): readonly Problem[] =>
  [...problems].sort((a, b) => a.line - b.line || a.column - b.column);

const problemsOf = (
  issues: readonly z.core.$ZodIssue[],
  problemAt: ProblemAt,
): Extract<FileReading, { kind: "problems" }> => ({
  kind: "problems",
  problems: inOrder(issues.flatMap(placed).map(([path, message]) => problemAt(path, message))),
});

/** The text as YAML of one version, or why it is none. */
function readYaml(text: string, version: "1.1" | "1.2"): Text | readonly Problem[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { version, lineCounter: lines, prettyErrors: false });
  const problemAtOffset = (offset: number, path: Path, message: string): Problem => {
    const { line, col } = lines.linePos(offset);
    const place = { line: Math.max(1, line), column: Math.max(1, col) };
    return { ...place, path: path.map(String).join("."), message };
  };
  const problemAt: ProblemAt = (path, message) =>
    problemAtOffset(offsetOf(document, path), path, message);
  if (document.errors.length > 0) {
    return document.errors.map(({ pos, message }) => problemAtOffset(pos[0], [], message));
  }
  const read = contentsOf(document);
  return "message" in read ? [problemAt([], read.message)] : { value: read.value, problemAt };
}

function readOurs(
  { value, problemAt }: Text,
  changes: ConfigurationDocument,
  remarks: readonly Problem[],
): FileReading {
  const alone = configurationFileSchema.safeParse(value);
  if (!alone.success) return problemsOf(alone.error.issues, problemAt);
  // The schema takes nothing but a map.
  const document = laidOver(value as ConfigurationDocument, changes);
  const whole = configurationFileSchema.safeParse(document);
  if (!whole.success) return problemsOf(whole.error.issues, problemAt);
  return { kind: "file", file: whole.data, document, problemAt, remarks };
}

function readLegacy(text: string, changes: ConfigurationDocument): FileReading {
  const read = readYaml(text, LEGACY_YAML_VERSION);
  if (!("value" in read)) return { kind: "problems", problems: read };
  const { value, problemAt } = read;
  const legacy = convertLegacy(value);
  if (legacy.kind === "issues") return problemsOf(legacy.issues, problemAt);
  const { document, originOf } = legacy;
  const remarks = legacy.remarks.map(({ path, message }) => problemAt(path, message));
  const ours: Text = {
    value: document,
    problemAt: (path, message) => problemAt(originOf(path), message),
  };
  return readOurs(ours, changes, remarks);
}

/**
 * What the text of a configuration file, ours or the Python router's, says with `changes`, which keep to our schema, laid
 * over it.
 */
export function readConfigurationFile(
  text: string,
  changes: ConfigurationDocument = {},
): FileReading {
  const read = readYaml(text, "1.2");
  if (!("value" in read)) return { kind: "problems", problems: read };
  return isLegacyFile(read.value) ? readLegacy(text, changes) : readOurs(read, changes, []);
}

/** A problem as one line for people; `file` is the file's name. */
export const formatProblem = (file: string, { line, column, path, message }: Problem): string =>
  `${file}:${line}:${column}: ${path === "" ? "" : `${path}: `}${message}`;
