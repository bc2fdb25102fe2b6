// The list of trees: state and reason of each, and of each on every interface (protocol.md §9, §10).
import { z } from "zod";
import { apiVersion, rpc, seconds } from "./fields.ts";

const offer = z.object({ neighbor: z.string(), rpc });

const treeInterface = z.object({
  interface: z.string(),
  role: z.enum(["root", "non-root"]),
  /** Best upstream neighbor. */
  bun: offer.nullable(),
  /** What the neighbors here have been told that we offer. */
  advertised: rpc.nullable(),
  /** What the best upstream neighbor has been told of our interest. */
  told: z.object({ neighbor: z.string(), interested: z.boolean() }).nullable(),
  /** null on the root. */
  nonRoot: z
    .object({
      assert: z.object({
        /** AW, or AL. */
        winner: z.boolean(),
        /** The AW, we or the best upstream neighbor; null: nobody that we know of, or we, where HPIM-DM does not run. */
        winnerAddress: z.string().nullable(),
        reason: z.string(),
      }),
      /** DI, or NDI. */
      downstream: z.object({ interested: z.boolean(), reason: z.string() }),
      forwarding: z.object({
        state: z.enum(["forwarding", "holding", "pruned"]),
        reason: z.string(),
      }),
    })
    .nullable(),
});

const row = z.object({
  source: z.string(),
  group: z.string(),
  state: z.enum(["ACTIVE", "UNSURE", "INACTIVE"]),
  reason: z.string(),
  rpc: rpc.nullable(),
  originator: z.boolean(),
  root: z.string().nullable(),
  /** Some interface forwards. */
  interested: z.boolean(),
  /** Until the source counts as silent; null: we do not watch it. */
  sourceExpiresInSeconds: seconds.nullable(),
  /** What the kernel was last given. */
  entry: z
    .object({
      kind: z.enum(["tree", "flood", "blocking"]),
      incoming: z.string(),
      outgoing: z.array(z.string()),
    })
    .nullable(),
  interfaces: z.array(treeInterface),
});

/** Every tree, with the reasons of its state. */
export const treesSchema = z.object({ version: apiVersion, trees: z.array(row) });
/** Answer of GET /v1/trees. */
export type TreesAnswer = z.output<typeof treesSchema>;
/** One of its rows. */
export type TreeRow = z.output<typeof row>;
/** A tree on one interface. */
export type TreeInterface = z.output<typeof treeInterface>;
