// Reads the text of a configuration file (YAML): what it says, or all of its problems with path and line.
import type { Document, Node } from "yaml";
import { isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import type { ConfigurationDocument } from "./configuration-document.ts";
import { overlay } from "./configuration-document.ts";
import type { ConfigurationFile } from "./configuration-file.ts";
import { configurationFileSchema } from "./configuration-file.ts";

/** Something wrong with a configuration file. */
export interface Problem {
  /** From 1. */
  readonly line: number;
  /** Keys from the top, joined by dots; "" for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

type Path = readonly PropertyKey[];

/** A file that keeps to the schema, or its problems in the order of their lines. */
export type FileReading =
  | {
      readonly kind: "file";
      readonly file: ConfigurationFile;
      /** The same as plain data. */
      readonly document: ConfigurationDocument;
      /** The problem `message` of what the file has at `path`, or at the nearest thing above it. */
      readonly problemAt: (path: Path, message: string) => Problem;
    }
  | { readonly kind: "problems"; readonly problems: readonly Problem[] };

/** The key of `path` in the document, which names its line better than the value does. */
function keyAt(document: Document, path: Path): Node | undefined {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const last = path.at(-1);
  if (last === undefined || !isMap(parent)) return undefined;
  const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(last));
  return isNode(pair?.key) ? pair.key : undefined;
}

function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const offset = keyAt(document, path.slice(0, length))?.range?.[0];
    if (offset !== undefined) return offset;
  }
  return document.contents?.range?.[0] ?? 0;
}

/** An issue of the schema as places and messages: one for each key that is not known. */
function placed(issue: z.core.$ZodIssue): readonly (readonly [Path, string])[] {
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => [[...issue.path, key], `unknown setting; ${issue.message}`]);
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

/** What the text of a configuration file says with `changes`, which keep to the schema too, laid over it. */
export function readConfigurationFile(
  text: string,
  changes: ConfigurationDocument = {},
): FileReading {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number): number => Math.max(1, lines.linePos(offset).line);
  const problemAt = (path: Path, message: string): Problem => ({
    line: lineAt(offsetOf(document, path)),
    path: path.map(String).join("."),
    message,
  });
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ pos, message }) => ({
      ...{ line: lineAt(pos[0]), path: "", message },
    }));
    return { kind: "problems", problems };
  }
  const read = contentsOf(document);
  if ("message" in read) return { kind: "problems", problems: [problemAt([], read.message)] };
  const parsed = configurationFileSchema.safeParse(read.value);
  if (parsed.success) {
    // The schema takes nothing but a map, and of two documents that keep to it the one laid over the other keeps to it.
    const whole = overlay(read.value as ConfigurationDocument, changes);
    const file = configurationFileSchema.parse(whole);
    return { kind: "file", file, document: whole, problemAt };
  }
  const problems = parsed.error.issues
    .flatMap(placed)
    .map(([path, message]) => problemAt(path, message))
    .sort((a, b) => a.line - b.line);
  return { kind: "problems", problems };
}

/** A problem as one line for people; `file` is the file's name. */
export const formatProblem = (file: string, { line, path, message }: Problem): string =>
  `${file}:${line}: ${path === "" ? "" : `${path}: `}${message}`;
