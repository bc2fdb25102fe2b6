// The keys of an interface, from its section in the configuration file.
import type { ConfigurationDocument } from "../api/configuration-document.ts";
import { interfacesOf, valueAt } from "../api/configuration-document.ts";
import type { Problem } from "../api/file-problem.ts";
import type { PlainReading } from "../api/read-configuration-file.ts";
import type { SecuritySection } from "../api/security-section.ts";
import { REDACTED, secretFilePath } from "../api/security-section.ts";
import { Secret } from "./secret.ts";
import type { SecretFiles, SecretReading } from "./secret-files.ts";
import type { Key, Security } from "./security.ts";

const LACKING = `is not here but hidden, as in what "config show" prints: write the secret, name a secretFile, or "hpim-dm config load" this file into the daemon that has the secret`;

const ALL_ZERO = "expected a secret, and these are nothing but zero bytes";

/** A key as plain data, and where it stands. */
interface PlacedKey {
  readonly key: unknown;
  readonly path: readonly (string | number)[];
}

/** All that stands where keys do, whatever it is. */
function keysOf(document: ConfigurationDocument): readonly PlacedKey[] {
  return Object.entries(interfacesOf(document)).flatMap(([name, section]) => {
    const keys = valueAt(valueAt(section, "security"), "keys");
    const list: readonly unknown[] = Array.isArray(keys) ? keys : [];
    return list.map((key, i) => ({ key, path: ["interfaces", name, "security", "keys", i] }));
  });
}

/** The secret of a key that may be wrong otherwise; null: it has none, which is a problem of the schema. */
function secretOf(key: unknown, files: SecretFiles): SecretReading | null {
  const secret = valueAt(key, "secret");
  if (typeof secret === "string" && secret !== "") {
    const made = Secret.of(new TextEncoder().encode(secret));
    return made === null ? { problem: ALL_ZERO } : { secret: made };
  }
  const file = secretFilePath.safeParse(valueAt(key, "secretFile"));
  return file.success ? files.of(file.data) : null;
}

/** What is wrong with secrets that a file has or names, also if other things are wrong with it. Reads the files of secrets. */
export const secretProblems = (
  { document, problemAt }: PlainReading,
  files: SecretFiles,
): readonly Problem[] =>
  keysOf(document).flatMap(({ key, path }) => {
    const reading = secretOf(key, files);
    if (reading === null || "secret" in reading) return [];
    const where = valueAt(key, "secret") === undefined ? "secretFile" : "secret";
    return [problemAt([...path, where], reading.problem)];
  });

/** The secrets that are redacted: a configuration must not run before there are none. */
export const lackingSecrets = ({ document, problemAt }: PlainReading): readonly Problem[] =>
  keysOf(document)
    .filter(({ key }) => valueAt(key, "secret") === REDACTED)
    .map(({ path }) => problemAt([...path, "secret"], LACKING));

/** The keys of a section without problems; one that is redacted is left out. */
export function securityOf(section: SecuritySection, files: SecretFiles): Security {
  const { keys = [], sendWith = null, acceptLegacyRetransmissions = false } = section;
  return {
    keys: keys.flatMap((key): readonly Key[] => {
      const { identifier, algorithm } = key;
      const reading = key.secret === REDACTED ? null : secretOf(key, files);
      return reading && "secret" in reading ? [{ identifier, algorithm, ...reading }] : [];
    }),
    sendWith,
    acceptsLegacyRetransmissions: acceptLegacyRetransmissions,
  };
}
