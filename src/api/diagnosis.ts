// What a diagnosis answers: why a tree is as it is here (GET /v1/explain), and what is wrong with the machine (GET /v1/doctor).
import { z } from "zod";
import { apiVersion, rpc, seconds, uint } from "./lists/fields.ts";
import { mrouteSchema } from "./lists/mroute.ts";
import { neighborStateSchema } from "./lists/neighbor-state.ts";

/** What can be found; docs/diagnosis.md explains each. */
export const FINDING_KINDS = [
  "excluded-tree",
  "no-route",
  "route-without-hpim",
  "root-not-allowed",
  "next-router-silent",
  "next-router-without-tree",
  "costs-do-not-compare",
  "equal-costs",
  "upstream-is-farther",
  "source-silent",
  "arrives-elsewhere",
  "upstream-sends-nothing",
  "kernel-drops",
  "reverse-path-filter",
  "multicast-forwarding-off",
  "ttl-too-low",
  "nobody-wants-it",
  "assert-loser",
  "data-arrive-here",
  "not-allowed-here",
  "source-on-link",
  "root-interface",
  "nothing-runs",
  "interface-not-used",
  "interface-does-not-run",
  "one-way-neighbor",
  "wrong-signature",
  "entry-differs",
  "forwarding-off",
  "snooping-without-querier",
  "addresses-answered-elsewhere",
  "no-daemon",
  "no-rights",
  "other-daemon",
  "kernel-option",
] as const;

/** The kind of a finding. */
export type FindingKind = (typeof FINDING_KINDS)[number];

const finding = z.object({
  kind: z.enum(FINDING_KINDS),
  /** null: it is not about one interface. */
  interface: z.string().nullable(),
  sentence: z.string(),
  /** What mends it: a command or an advice; null: nothing needs to be mended. */
  mend: z.string().nullable(),
});
/** Something that was found. */
export type Finding = z.output<typeof finding>;

const explainedInterface = z.object({
  interface: z.string(),
  /** What it does in the tree. */
  state: z.enum(["root", "forwarding", "holding", "pruned"]),
  /** Since when. */
  seconds,
  reason: z.string(),
  /** AW, or AL, and why; null on the root. */
  assert: z.object({ winner: z.boolean(), seconds, reason: z.string() }).nullable(),
  /** DI, or NDI, and why; null on the root. */
  downstream: z.object({ interested: z.boolean(), seconds, reason: z.string() }).nullable(),
  /** What would change what it does. */
  change: z.string(),
});
/** A tree on one interface, explained. */
export type ExplainedInterface = z.output<typeof explainedInterface>;

/** Why a tree is as it is on this router. */
export const explanationSchema = z.object({
  version: apiVersion,
  source: z.string(),
  group: z.string(),
  /** Whether data of the tree go on from here: to the interface that was asked for, or to any. */
  forwarding: z.boolean(),
  /** In one sentence. */
  conclusion: z.string(),
  /** Why they do not, as far as it can be seen from here. */
  causes: z.array(finding),
  /** The route to the source; null: there is none. */
  route: z
    .object({
      interface: z.string(),
      /** null: the source's subnet is on that link. */
      gateway: z.string().nullable(),
      rpc,
      /** Who made the route. */
      protocol: z.string(),
    })
    .nullable(),
  tree: z.object({
    /** If not: nobody has offered it, and no data have come. */
    known: z.boolean(),
    state: z.enum(["ACTIVE", "UNSURE", "INACTIVE"]),
    seconds,
    reason: z.string(),
    originator: z.boolean(),
    interested: z.boolean(),
  }),
  interfaces: z.array(explainedInterface),
  /** What the neighbors have said of it. */
  neighbors: neighborStateSchema.shape.states,
  /** Packets that arrived while it was looked for them, before the kernel judged them; at most a thousand of an interface. */
  data: z.object({
    seconds,
    flows: z.array(z.object({ interface: z.string(), packets: uint, minTtl: uint, maxTtl: uint })),
  }),
  /** What the kernel has for it. */
  entry: mrouteSchema.shape.entries.element,
});
/** Answer of GET /v1/explain. */
export type ExplanationAnswer = z.output<typeof explanationSchema>;

/** What is wrong with a machine and its neighbors. */
export const doctorSchema = z.object({ version: apiVersion, findings: z.array(finding) });
/** Answer of GET /v1/doctor. */
export type DoctorAnswer = z.output<typeof doctorSchema>;
