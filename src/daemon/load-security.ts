// The keys of an interface, from its section in the configuration file.
import type { KeySection, SecuritySection } from "../api/security-section.ts";
import { REDACTED } from "../api/security-section.ts";
import { Secret } from "./secret.ts";
import type { SecretFiles, SecretReading } from "./secret-files.ts";
import type { Key, Security } from "./security.ts";

/** Where in the section something is wrong: keys from its top. */
type Place = readonly (string | number)[];

/** The keys that there are, and what is wrong with the others. */
export interface SecurityReading {
  readonly security: Security;
  readonly problems: readonly (readonly [Place, string])[];
  /** Of secrets that are redacted, and so not here. */
  readonly lacking: readonly (readonly [Place, string])[];
}

const LACKING = `is not here but hidden, as in what "config show" prints: write the secret, or name a secretFile`;

function secretOf({ secret, secretFile }: KeySection, files: SecretFiles): SecretReading {
  if (secretFile !== undefined) return files.of(secretFile);
  const made = Secret.of(new TextEncoder().encode(secret));
  return made === null ? { problem: "is empty" } : { secret: made };
}

/** Reads the section `security` of an interface, and the files that it names. */
export function readSecurity(section: SecuritySection, files: SecretFiles): SecurityReading {
  const keys: Key[] = [];
  const problems: (readonly [Place, string])[] = [];
  const lacking: (readonly [Place, string])[] = [];
  for (const [i, key] of (section.keys ?? []).entries()) {
    const { identifier, algorithm } = key;
    if (key.secret === REDACTED) {
      lacking.push([["keys", i, "secret"], LACKING]);
      continue;
    }
    const reading = secretOf(key, files);
    if ("secret" in reading) keys.push({ identifier, algorithm, secret: reading.secret });
    else problems.push([["keys", i, "secretFile"], reading.problem]);
  }
  const { sendWith = null, acceptLegacyRetransmissions = false } = section;
  const security = { keys, sendWith, acceptsLegacyRetransmissions: acceptLegacyRetransmissions };
  return { security, problems, lacking };
}
