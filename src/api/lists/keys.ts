// The list of keys (protocol.md §3): never with a secret.
import { z } from "zod";
import { ALGORITHM_NAMES } from "../algorithms.ts";
import { apiVersion, uint } from "./fields.ts";

const row = z.object({
  interface: z.string(),
  identifier: uint,
  algorithm: z.enum(ALGORITHM_NAMES),
  /** It signs what is sent; every key is accepted. */
  signs: z.boolean(),
  /** Its algorithm is for routers that know no other. */
  weak: z.boolean(),
});

/** Every key of every interface, the oldest first; also of configured interfaces that are not there. */
export const keysSchema = z.object({ version: apiVersion, keys: z.array(row) });
/** Answer of GET /v1/keys. */
export type KeysAnswer = z.output<typeof keysSchema>;
/** One of its rows. */
export type KeyRow = z.output<typeof row>;
