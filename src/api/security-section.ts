// The section `security` of an interface in the configuration file: its keys (protocol.md §3, §18).
import { z } from "zod";
import { ALGORITHM_NAMES } from "./algorithms.ts";
import { count, filledText, flag, listOf, oneOf, section, textOf } from "./values.ts";

/** What stands in place of a secret where a configuration is shown. */
export const REDACTED = "<redacted>";

/** Numbers of keys: SecurityIdentifier is a u16. */
export const keyIdentifier = count(0, 0xffff);

/** Names of algorithms. */
export const keyAlgorithm = oneOf(ALGORITHM_NAMES);

/** In place of an identifier: the key that was added last. */
export const NEWEST = "newest";

/** Which key signs: its identifier, or null, the newest. */
export const sendKey = z
  .unknown()
  .transform((input, context): number | null => {
    const identifier = keyIdentifier.safeParse(input);
    if (identifier.success) return identifier.data;
    if (input === NEWEST) return null;
    const message = `expected the identifier of a key, or ${NEWEST}`;
    context.issues.push({ code: "custom", message, input });
    return z.NEVER;
  })
  .meta({ type: ["integer", "string"], description: `identifier of a key, or ${NEWEST}` });

const absolutePath = textOf(
  (text) => (/^\/[^\0]*$/.test(text) ? text : undefined),
  "the absolute path of a file that holds the secret and nothing else",
);

const key = section({
  identifier: keyIdentifier,
  algorithm: keyAlgorithm,
  secret: filledText("the secret").exactOptional(),
  secretFile: absolutePath.exactOptional(),
}).superRefine(({ secret, secretFile }, context) => {
  if ((secret === undefined) === (secretFile === undefined)) {
    context.addIssue({ code: "custom", message: "expected either secret or secretFile" });
  }
});

/** The keys of an interface, the oldest first, and how they are used. */
export const securitySection = section({
  keys: listOf(key, "keys").exactOptional(),
  sendWith: sendKey.exactOptional(),
  acceptLegacyRetransmissions: flag().exactOptional(),
}).superRefine(({ keys = [], sendWith = null }, context) => {
  const identifiers = keys.map(({ identifier }) => identifier);
  for (const [i, identifier] of identifiers.entries()) {
    if (identifiers.indexOf(identifier) === i) continue;
    const path = ["keys", i, "identifier"];
    context.addIssue({ code: "custom", path, message: `there is another key ${identifier}` });
  }
  if (sendWith !== null && !identifiers.includes(sendWith)) {
    const message = `there is no key ${sendWith}`;
    context.addIssue({ code: "custom", path: ["sendWith"], message });
  }
});

/** The section as values. */
export type SecuritySection = z.output<typeof securitySection>;
/** One key of it. */
export type KeySection = z.output<typeof key>;
