// The section `security` of an interface in the configuration file: its keys (protocol.md §3, §18).

import type { z } from "zod";
import { ABSOLUTE_PATH } from "./absolute-path.ts";
import { ALGORITHM_NAMES } from "./algorithms.ts";
import { valueAt } from "./configuration-document.ts";
import { HIGHEST_IDENTIFIER, NEWEST } from "./key-identifier.ts";
import {
  ALSO_IF_WRONG,
  count,
  filledText,
  flag,
  listOf,
  madeOf,
  oneOf,
  section,
  textOf,
} from "./values.ts";

/** What stands in place of a secret where a configuration is shown. */
export const REDACTED = "<redacted>";

/** Numbers of keys. */
export const keyIdentifier = count(0, HIGHEST_IDENTIFIER);

/** Names of algorithms. */
export const keyAlgorithm = oneOf(ALGORITHM_NAMES);

/** Which key signs: its identifier, or null, the newest. */
const sendKey = madeOf<number | null>(
  (input) => (input === NEWEST ? null : keyIdentifier.safeParse(input).data),
  `the identifier of a key, or ${NEWEST}`,
  { anyOf: [{ type: "integer", minimum: 0, maximum: HIGHEST_IDENTIFIER }, { const: NEWEST }] },
);

/** Where a file with a secret is. */
export const secretFilePath = textOf(
  (text) => (ABSOLUTE_PATH.test(text) ? text : undefined),
  "the absolute path of a file that holds the secret and nothing else",
  ABSOLUTE_PATH,
);

function problemOfSecrets(hasSecret: boolean, hasFile: boolean): string | null {
  if (hasSecret && hasFile) return "expected either secret or secretFile, not both";
  return hasSecret || hasFile ? null : "missing; expected secret or secretFile";
}

const keySection = section(
  {
    identifier: keyIdentifier,
    algorithm: keyAlgorithm,
    secret: filledText("the secret").exactOptional(),
    secretFile: secretFilePath.exactOptional(),
  },
  "a map with identifier, algorithm, and secret or secretFile",
)
  .superRefine((key, context) => {
    const message = problemOfSecrets("secret" in key, "secretFile" in key);
    if (message !== null) context.addIssue({ code: "custom", message });
  }, ALSO_IF_WRONG)
  .meta({ oneOf: [{ required: ["secret"] }, { required: ["secretFile"] }] });

/** The identifiers of keys that may be wrong, by their places in the list; null: one that is not known. */
function identifiersOf(keys: unknown = []): readonly (number | null)[] {
  if (!Array.isArray(keys)) return [null];
  return keys.map((key) => {
    const identifier = valueAt(key, "identifier");
    return typeof identifier === "number" ? identifier : null;
  });
}

/** The keys of an interface, the oldest first, and how they are used. */
export const securitySection = section({
  keys: listOf(keySection, "keys").exactOptional(),
  sendWith: sendKey.exactOptional(),
  acceptLegacyRetransmissions: flag().exactOptional(),
}).superRefine(({ keys, sendWith }, context) => {
  const identifiers = identifiersOf(keys);
  for (const [i, identifier] of identifiers.entries()) {
    if (identifier === null || identifiers.indexOf(identifier) === i) continue;
    const path = ["keys", i, "identifier"];
    const message = `there is another key ${identifier} on this interface`;
    context.addIssue({ code: "custom", path, message });
  }
  if (typeof sendWith !== "number" || identifiers.includes(null)) return;
  if (identifiers.includes(sendWith)) return;
  const message = `there is no key ${sendWith} on this interface`;
  context.addIssue({ code: "custom", path: ["sendWith"], message });
}, ALSO_IF_WRONG);

/** The section as values. */
export type SecuritySection = z.output<typeof securitySection>;
