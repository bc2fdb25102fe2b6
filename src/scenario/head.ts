// The head of a scenario file, as zod checks it: what the scenario is called, the network that it begins in, settings.
import { isNode, LineCounter, parseDocument, stringify } from "yaml";
import { z } from "zod";
import { formatDuration, parseDuration } from "../api/duration.ts";
import type { Millis } from "../base/units.ts";
import { formatTopology, parseTopology } from "../topology/parse.ts";
import type { Topology } from "../topology/topology.ts";

/** Sections of the configuration file, as it has them: "hpim", "igmp", "security" of every interface. */
export type SettingsDocument = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What a scenario begins with. */
export interface Head {
  readonly title: string;
  /** Name of another scenario that is played first, with the head of that one. */
  readonly continues: string | null;
  /** Name of a file of topologies/, or the network itself; null where another scenario is continued. */
  readonly topology: string | Topology | null;
  readonly settings: SettingsDocument;
  /** In their place where time cannot jump; null: the same. */
  readonly quickSettings: SettingsDocument | null;
  /** Of all that is random on the simulator. */
  readonly seed: number;
  /** How long a frame takes on these links, on the simulator. */
  readonly latencies: ReadonlyMap<string, Millis>;
  /** Why it runs on the simulator alone; null: it does not. */
  readonly simulatorOnly: string | null;
}

/** Something wrong with a scenario file. */
export interface ScenarioProblem {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** What a head turned out to be. */
export type ParsedHead =
  | { readonly kind: "head"; readonly head: Head }
  | { readonly kind: "problems"; readonly problems: readonly ScenarioProblem[] };

/** A head's first line stands below the "---" that begins the file. */
const FIRST_LINE = 2;

const text = z.string().min(1);
const settings = z.record(z.string(), z.record(z.string(), z.unknown()));
const latency = z.unknown().transform((value, context): Millis => {
  const span = parseDuration(value);
  if (span !== undefined) return span;
  context.issues.push({ code: "custom", message: "expected a time such as 20ms", input: value });
  return z.NEVER;
});

const schema = z.strictObject({
  title: text,
  continues: text.optional(),
  topology: z.union([text, z.record(z.string(), z.unknown())]).optional(),
  settings: settings.optional(),
  quickSettings: settings.optional(),
  seed: z.int().min(1).optional(),
  latencies: z.record(z.string(), latency).optional(),
  simulatorOnly: text.optional(),
});
type Written = z.output<typeof schema>;

const BEGINS_SOMEWHERE = "expected either topology or continues";
const HAS_NO_OTHER = "a scenario that continues another one has the head of that one";

function misfitOf({ title: _, continues, topology, ...others }: Written): string | undefined {
  if ((continues === undefined) === (topology === undefined)) return BEGINS_SOMEWHERE;
  return continues !== undefined && Object.keys(others).length > 0 ? HAS_NO_OTHER : undefined;
}

function topologyOf(
  written: Written["topology"],
): string | Topology | null | { readonly problem: string } {
  if (written === undefined) return null;
  if (typeof written === "string") return written;
  const parsed = parseTopology(stringify(written));
  if (parsed.kind === "topology") return parsed.topology;
  const problems = parsed.problems.map(({ path, message }) => `${path}: ${message}`);
  return { problem: problems.join("; ") };
}

const withDefaults = (written: Written, topology: Head["topology"]): Head => ({
  title: written.title,
  continues: written.continues ?? null,
  topology,
  settings: written.settings ?? {},
  quickSettings: written.quickSettings ?? null,
  seed: written.seed ?? 1,
  latencies: new Map(Object.entries(written.latencies ?? {})),
  simulatorOnly: written.simulatorOnly ?? null,
});

/** The head that `yaml` writes, or all that is wrong with it. */
export function parseHead(yaml: string): ParsedHead {
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number): number => lines.linePos(offset).line + FIRST_LINE - 1;
  const problem = (path: readonly PropertyKey[], message: string): ScenarioProblem => {
    const node = path.length === 0 ? undefined : document.getIn(path.map(String), true);
    const line = isNode(node) && node.range ? lineAt(node.range[0]) : FIRST_LINE;
    const place = path.map(String).join(".");
    return { line, message: place === "" ? message : `${place}: ${message}` };
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ message, pos }) => ({ line: lineAt(pos[0]), message }));
    return { kind: "problems", problems };
  }
  const checked = schema.safeParse(document.toJS());
  if (!checked.success) {
    const problems = checked.error.issues.map(({ path, message }) => problem(path, message));
    return { kind: "problems", problems };
  }
  const misfit = misfitOf(checked.data);
  if (misfit !== undefined) return { kind: "problems", problems: [problem([], misfit)] };
  const topology = topologyOf(checked.data.topology);
  if (topology !== null && typeof topology === "object" && "problem" in topology) {
    return { kind: "problems", problems: [problem(["topology"], topology.problem)] };
  }
  return { kind: "head", head: withDefaults(checked.data, topology) };
}

/** YAML that `parseHead` reads as this head. */
export function formatHead(head: Head): string {
  const { topology, latencies, seed } = head;
  const isWhole = topology !== null && typeof topology !== "string";
  const written = {
    title: head.title,
    continues: head.continues ?? undefined,
    topology: isWhole ? parseDocument(formatTopology(topology)).toJS() : (topology ?? undefined),
    settings: Object.keys(head.settings).length === 0 ? undefined : head.settings,
    quickSettings: head.quickSettings ?? undefined,
    seed: seed === 1 ? undefined : seed,
    latencies:
      latencies.size === 0
        ? undefined
        : Object.fromEntries([...latencies].map(([link, span]) => [link, formatDuration(span)])),
    simulatorOnly: head.simulatorOnly ?? undefined,
  };
  return stringify(written).trimEnd();
}
