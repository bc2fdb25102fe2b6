// What the control API takes to change one thing.
import { z } from "zod";
import { keyAlgorithm, keyIdentifier } from "./security-section.ts";
import { filledText, flag } from "./values.ts";

/**
 * A value for a setting: its text as in the configuration file, "toggle" or "default"; on an interface, or of a subsystem of
 * the log; or, both null, on the router.
 */
export const settingWishSchema = z.object({
  value: z.string(),
  interface: z.string().nullable(),
  subsystem: z.string().nullable().default(null),
});

/** A key that is to be added. */
export const newKeySchema = z.object({
  algorithm: keyAlgorithm,
  secret: filledText("the secret"),
  /** The key that signs goes on signing. */
  acceptOnly: flag(),
});

/** The key that is to sign; null: the newest. */
export const sendKeySchema = z.object({ identifier: keyIdentifier.nullable() });
