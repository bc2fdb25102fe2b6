// Secrets taken out of a configuration document that is shown, and put back into one that was (protocol.md §3).
import type { ConfigurationDocument } from "../api/configuration-document.ts";
import {
  interfacesOf,
  isDocument,
  sectionFor,
  valueAt,
  withValue,
} from "../api/configuration-document.ts";
import { REDACTED } from "../api/security-section.ts";

/** A key, as plain data. */
export interface KeyDocument extends ConfigurationDocument {
  readonly identifier?: unknown;
  readonly algorithm?: unknown;
  readonly secret?: unknown;
}

const interfacesIn = (document: ConfigurationDocument): readonly string[] =>
  Object.keys(interfacesOf(document));

/** The keys of an interface, as plain data. */
export function keysIn(document: ConfigurationDocument, name: string): readonly KeyDocument[] {
  const keys = valueAt(valueAt(sectionFor(document, name), "security"), "keys");
  return Array.isArray(keys) ? keys.filter(isDocument) : [];
}

/** `document` with other keys of the interfaces that `keysOf` gives any for. */
function withKeys(
  document: ConfigurationDocument,
  names: readonly string[],
  keysOf: (name: string) => readonly KeyDocument[],
): ConfigurationDocument {
  return names.reduce((next, name) => {
    const keys = keysOf(name);
    return keys.length === 0
      ? next
      : withValue(next, ["interfaces", name, "security", "keys"], keys);
  }, document);
}

const isRedacted = (key: KeyDocument): boolean => key.secret === REDACTED;

/** Whether a document has secrets in it. */
export const hasSecrets = (document: ConfigurationDocument): boolean =>
  interfacesIn(document).some((name) =>
    keysIn(document, name).some((key) => "secret" in key && !isRedacted(key)),
  );

/** The document with `<redacted>` in place of each secret. */
export const redacted = (document: ConfigurationDocument): ConfigurationDocument =>
  withKeys(document, interfacesIn(document), (name) =>
    keysIn(document, name).map((key) => ("secret" in key ? { ...key, secret: REDACTED } : key)),
  );

/**
 * The changes to `document` that put the secrets of `from` in place of those that are redacted: those of the keys with the
 * same interface, identifier and algorithm. Others stay redacted.
 */
export function withSecretsOf(
  document: ConfigurationDocument,
  from: ConfigurationDocument,
): ConfigurationDocument {
  const restored = (name: string, key: KeyDocument): KeyDocument => {
    if (!isRedacted(key)) return key;
    const { identifier, algorithm } = key;
    const same = keysIn(from, name).find(
      (other) => other.identifier === identifier && other.algorithm === algorithm,
    );
    return same?.secret === undefined ? key : { ...key, secret: same.secret };
  };
  return withKeys({}, interfacesIn(document), (name) => {
    const keys = keysIn(document, name);
    return keys.some(isRedacted) ? keys.map((key) => restored(name, key)) : [];
  });
}
