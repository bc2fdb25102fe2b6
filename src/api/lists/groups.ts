// The list of groups with members (RFC 2236 §7).
import { z } from "zod";
import { apiVersion, seconds } from "./fields.ts";

const row = z.object({
  interface: z.string(),
  group: z.string(),
  state: z.enum(["MembersPresent", "Version1MembersPresent", "CheckingMembership"]),
  lastReporter: z.string(),
  /** Until the membership ends unless it is reported again. */
  expiresInSeconds: seconds,
});

/** Every group with members. */
export const groupsSchema = z.object({ version: apiVersion, groups: z.array(row) });
/** Answer of GET /v1/groups. */
export type GroupsAnswer = z.output<typeof groupsSchema>;
