// Fields that the answers of the control API have in common. Addresses are text, IPv4 in the usual form; names are those
// of interfaces; times are seconds from or to the moment at which the row was made.
import { z } from "zod";
import { API_VERSION } from "../version.ts";

/** The version of the API, in every answer. */
export const apiVersion = z.literal(API_VERSION);
/** A span of time. */
export const seconds = z.number().min(0);
/** A count, or a number of the protocol. */
export const uint = z.int().min(0);
/** A root path cost (protocol.md §1). */
export const rpc = z.object({ preference: uint, metric: uint });
