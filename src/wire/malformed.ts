// What a decoder returns for bytes that are no message: a value to count by its reason, never a throw (§2.1).

/** What is wrong with the bytes, in words that counters are listed by. */
export type MalformedReason =
  | "too short"
  | "unknown version"
  | "unknown type"
  | "truncated security value"
  | "truncated option"
  | "option of wrong length"
  | "repeated option"
  | "no HoldTime"
  | "truncated Sync entry"
  | "not IPv4"
  | "wrong header length"
  | "wrong total length"
  | "fragment"
  | "wrong checksum"
  | "truncated source list"
  | "truncated group record";

/** Bytes that are no message. `offset`: of the first byte of the field at fault, from the start of what was decoded. */
export interface Malformed {
  readonly kind: "malformed";
  readonly reason: MalformedReason;
  readonly offset: number;
}

/** The value for bytes that are wrong in this way at this offset. */
export const malformed = (reason: MalformedReason, offset: number): Malformed => ({
  kind: "malformed",
  reason,
  offset,
});

/** Whether a decoder found its bytes malformed. */
export const isMalformed = (decoded: object | null): decoded is Malformed =>
  (decoded as { readonly kind?: unknown } | null)?.kind === "malformed";
