// A secret that shows itself to nobody: it is kept where neither the log, nor an error, nor a copy of what holds it gets
// at it, and it leaves only as the HMAC of something else (§3).
import type { KeyObject } from "node:crypto";
import { createHmac, createSecretKey } from "node:crypto";
import { inspect } from "node:util";
import { REDACTED } from "../api/security-section.ts";

/** Bytes that only the two ends of a link know. */
export class Secret {
  static {
    Object.defineProperty(Secret.prototype, inspect.custom, { value: () => REDACTED });
  }

  readonly #key: KeyObject;

  private constructor(key: KeyObject) {
    this.#key = key;
  }

  /**
   * A secret of these bytes, which are copied; null: there are none, or they are all zero, which HMAC (RFC 2104 §2) takes
   * for none. An empty secret is no security (§3, §18).
   */
  static of(bytes: Uint8Array): Secret | null {
    return bytes.every((byte) => byte === 0) ? null : new Secret(createSecretKey(bytes));
  }

  /** HMAC (RFC 2104) of `bytes` under this secret. `hash`: as node:crypto names it. */
  hmac(hash: string, bytes: Uint8Array): Uint8Array {
    return createHmac(hash, this.#key).update(bytes).digest();
  }

  toJSON(): string {
    return REDACTED;
  }

  toString(): string {
    return REDACTED;
  }
}
