// Reads the text of a configuration file: what it says, or all of its problems with path, line and column.
import type { z } from "zod";
import type { ConfigurationDocument } from "./configuration-document.ts";
import { isDocument, laidOver } from "./configuration-document.ts";
import type { ConfigurationFile } from "./configuration-file.ts";
import { configurationFileSchema } from "./configuration-file.ts";
import type { Path, Problem, ProblemAt } from "./file-problem.ts";
import { inOrder } from "./file-problem.ts";
import { convertLegacy, isLegacyFile, LEGACY_YAML_VERSION } from "./legacy-file.ts";
import type { Text } from "./read-yaml.ts";
import { readYaml } from "./read-yaml.ts";

/** What a file says as plain data, and where. */
export interface PlainReading {
  readonly document: ConfigurationDocument;
  readonly problemAt: ProblemAt;
}

/** A file that keeps to the schema, or its problems in the order of their places. */
export type FileReading =
  | (PlainReading & {
      readonly kind: "file";
      readonly file: ConfigurationFile;
      /** What is to be said of a file of the Python router, in the order of its places. */
      readonly remarks: readonly Problem[];
    })
  | {
      readonly kind: "problems";
      readonly problems: readonly Problem[];
      /** What it says all the same, not held to the schema; null: it is no YAML. */
      readonly plain: PlainReading | null;
    };

/** An issue of the schema as places and messages: one for each key that is not known. */
function placed(issue: z.core.$ZodIssue): readonly (readonly [Path, string])[] {
  if (issue.code !== "unrecognized_keys") return [[issue.path, issue.message]];
  const messages = issue.message.split("\n");
  return issue.keys.map((key, i) => [[...issue.path, key], messages[i] ?? ""]);
}

const problemsOf = (
  issues: readonly z.core.$ZodIssue[],
  problemAt: ProblemAt,
): readonly Problem[] => issues.flatMap(placed).map(([path, message]) => problemAt(path, message));

const noYaml = (problems: readonly Problem[]): FileReading => ({
  ...{ kind: "problems", problems, plain: null },
});

const withProblems = (problems: readonly Problem[], plain: PlainReading): FileReading => ({
  ...{ kind: "problems", problems: inOrder(problems), plain },
});

function readOurs(
  { value, problemAt, problems }: Text,
  changes: ConfigurationDocument,
  remarks: readonly Problem[],
): FileReading {
  const alone = configurationFileSchema.safeParse(value);
  if (!alone.success || problems.length > 0) {
    const issues = problemsOf(alone.error?.issues ?? [], problemAt);
    const document = isDocument(value) ? value : {};
    return withProblems([...problems, ...issues], { document, problemAt });
  }
  // The schema takes nothing but a map.
  const document = laidOver(value as ConfigurationDocument, changes);
  const whole = configurationFileSchema.safeParse(document);
  return whole.success
    ? { kind: "file", file: whole.data, document, problemAt, remarks }
    : withProblems(problemsOf(whole.error.issues, problemAt), { document, problemAt });
}

function readLegacy(text: string, changes: ConfigurationDocument): FileReading {
  const read = readYaml(text, LEGACY_YAML_VERSION);
  if (!("value" in read)) return noYaml(read);
  const { value, problemAt, problems } = read;
  const legacy = convertLegacy(value);
  const { document, originOf } = legacy;
  const remarks = legacy.remarks.map(({ path, message }) => problemAt(path, message));
  const ours: Text = {
    ...{ value: document, problems: [...problems, ...problemsOf(legacy.issues, problemAt)] },
    problemAt: (path, message) => problemAt(originOf(path), message),
  };
  return readOurs(ours, changes, remarks);
}

/**
 * What the text of a configuration file, ours or the Python router's, says with `changes`, which keep to our schema, laid
 * over it. Never throws.
 */
export function readConfigurationFile(
  text: string,
  changes: ConfigurationDocument = {},
): FileReading {
  const read = readYaml(text, "1.2");
  if (!("value" in read)) return noYaml(read);
  return isLegacyFile(read.value) ? readLegacy(text, changes) : readOurs(read, changes, []);
}
