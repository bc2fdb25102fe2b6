// The list of groups with members (RFC 2236 §7), or that are joined by configuration.
import { z } from "zod";
import { apiVersion, seconds } from "./fields.ts";

const row = z.object({
  interface: z.string(),
  group: z.string(),
  state: z.enum([
    "NoMembersPresent",
    "MembersPresent",
    "Version1MembersPresent",
    "CheckingMembership",
  ]),
  /** null: no host is a member. */
  lastReporter: z.string().nullable(),
  /** Until the membership ends unless it is reported again; null: no host is a member. */
  expiresInSeconds: seconds.nullable(),
  /** It is wanted whoever reports, of these sources; null: of every one. */
  static: z.object({ sources: z.array(z.string()).nullable() }).nullable(),
});

/** Every group with members, or that is joined by configuration. */
export const groupsSchema = z.object({ version: apiVersion, groups: z.array(row) });
/** Answer of GET /v1/groups. */
export type GroupsAnswer = z.output<typeof groupsSchema>;
