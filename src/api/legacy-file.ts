// The Python router's configuration file (hpim-dm 1.5.1) made one of ours. The result is not yet held to our schema:
// `originOf` says where in the old file a problem of it comes from.
import type { z } from "zod";
import type { ConfigurationDocument } from "./configuration-document.ts";
import { isDocument, valueIn, withValue } from "./configuration-document.ts";
import type { LegacyPath, Piece } from "./legacy-pieces.ts";
import { piecesOf } from "./legacy-pieces.ts";
import type { LegacyFile } from "./legacy-schema.ts";
import { LEGACY_SECTIONS, legacyFileSchema } from "./legacy-schema.ts";

/** The version of YAML that 1.5.1 reads: in it, yes and on are true, and 010 is 8. */
export const LEGACY_YAML_VERSION = "1.1";

/** Something to be told of what the old file has at `path`: a sentence without its subject. */
export interface LegacyRemark {
  readonly path: LegacyPath;
  readonly message: string;
}

/** An old file in our format. */
export interface LegacyReading {
  /** What is wrong with its sections and types; the rest says what is left without that. */
  readonly issues: readonly z.core.$ZodIssue[];
  readonly document: ConfigurationDocument;
  /** In the order of the file. */
  readonly remarks: readonly LegacyRemark[];
  /** What in the old file the document's `path` comes from; [] is the file as a whole. */
  readonly originOf: (path: readonly PropertyKey[]) => LegacyPath;
}

const written = (path: readonly PropertyKey[]): string => JSON.stringify(path.map(String));

/** All paths of a document, in its order. */
function* pathsOf(value: unknown, above: LegacyPath = []): Generator<string> {
  if (!isDocument(value)) return;
  for (const [key, below] of Object.entries(value)) {
    const path = [...above, key];
    yield written(path);
    yield* pathsOf(below, path);
  }
}

function remarksOf(value: unknown, pieces: readonly Piece[]): readonly LegacyRemark[] {
  const ranks = new Map([...pathsOf(value)].map((path, index) => [path, index]));
  const rank = ({ path }: LegacyRemark): number => ranks.get(written(path)) ?? 0;
  return pieces
    .filter((piece) => piece.kind === "remark")
    .map(({ from, message }) => ({ path: from, message }))
    .sort((a, b) => rank(a) - rank(b));
}

function originsOf(pieces: readonly Piece[]): (path: readonly PropertyKey[]) => LegacyPath {
  const origins = new Map<string, LegacyPath>();
  for (const piece of pieces) {
    if (piece.kind === "remark" || origins.has(written(piece.to))) continue;
    origins.set(written(piece.to), piece.from);
  }
  return (path) => {
    for (let length = path.length; length > 0; length--) {
      const from = origins.get(written(path.slice(0, length)));
      if (from !== undefined) return from;
    }
    return [];
  };
}

/** Whether a document is one of the Python router's: it has one of that one's sections at its top. */
export const isLegacyFile = (value: unknown): boolean =>
  isDocument(value) && LEGACY_SECTIONS.some((key) => Object.hasOwn(value, key));

/** Where the things stand that an issue is about; of one that is missing, what it is missing in. */
function placesOf(issue: z.core.$ZodIssue, value: ConfigurationDocument): readonly LegacyPath[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => [...path, key]);
  return [valueIn(value, path) === undefined ? path.slice(0, -1) : path];
}

/** What is right about a file. */
function soundPart(value: unknown): LegacyFile {
  let rest = isDocument(value) ? value : {};
  let parsed = legacyFileSchema.safeParse(rest);
  while (!parsed.success) {
    const before = rest;
    rest = parsed.error.issues
      .flatMap((issue) => placesOf(issue, before))
      .reduce<ConfigurationDocument>(
        (whole, [top, ...below]) =>
          top === undefined ? {} : withValue(whole, [top, ...below], undefined),
        rest,
      );
    parsed = legacyFileSchema.safeParse(rest);
  }
  return parsed.data;
}

/** The Python router's file, read as YAML of LEGACY_YAML_VERSION, in our format. */
export function convertLegacy(value: unknown): LegacyReading {
  const { data, error } = legacyFileSchema.safeParse(value);
  const pieces = [...piecesOf(data ?? soundPart(value))];
  const document = pieces
    .filter((piece) => piece.kind === "value")
    .reduce<ConfigurationDocument>((whole, piece) => withValue(whole, piece.to, piece.value), {});
  return {
    ...{ issues: error?.issues ?? [], document },
    ...{ remarks: remarksOf(value, pieces), originOf: originsOf(pieces) },
  };
}
