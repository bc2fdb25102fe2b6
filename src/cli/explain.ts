// hpim-dm explain: why a tree is as it is on this router.
import type { ExplainedInterface, ExplanationAnswer } from "../api/diagnosis.ts";
import { formatRpc } from "../base/tree-text.ts";
import { ask } from "./client.ts";
import { findingLines } from "./findings.ts";
import { writeLines } from "./output.ts";
import { counted } from "./show/render.ts";
import { duration, tableLines } from "./table.ts";

/** Options of the command, as commander names them. */
export interface ExplainOptions {
  readonly interface?: string;
  readonly runtimeDir: string;
  readonly json?: boolean;
}

function routeLine({ route }: ExplanationAnswer): string {
  if (route === null) return "none to the source";
  const { interface: name, gateway, rpc, protocol } = route;
  const way = gateway === null ? "the source is on that link" : `via ${gateway}`;
  return `by ${name}, ${way}; cost ${formatRpc(rpc)} (${protocol})`;
}

function treeLine({ tree }: ExplanationAnswer): string {
  const { known, state, seconds, reason } = tree;
  if (!known) return `not known: nobody offers it, and no data have come (${reason})`;
  return `${state} for ${duration(seconds)}: ${reason}`;
}

function dataLine({ data }: ExplanationAnswer): string {
  const { seconds, flows } = data;
  const during = seconds === 1 ? "in the last second" : `in ${seconds}s`;
  if (flows.length === 0) return `no packet has arrived ${during}`;
  const seen = flows.map(({ interface: name, packets, minTtl, maxTtl }) => {
    const ttl = minTtl === maxTtl ? String(maxTtl) : `${minTtl} to ${maxTtl}`;
    return `${counted(packets, "packet")} on ${name} with TTL ${ttl}`;
  });
  return `${seen.join(", ")} ${during}`;
}

function kernelLine({ entry }: ExplanationAnswer): string {
  if (!entry.inKernel) return "no entry";
  if (entry.unresolved) return "packets wait for an entry";
  const { incoming, outgoing, packets, wrongInterface } = entry;
  const way = `${incoming ?? "?"} to ${outgoing.length === 0 ? "nowhere" : outgoing.join(" ")}`;
  const wrong = wrongInterface === 0 ? "" : `, ${wrongInterface} of them by a wrong interface`;
  return `${way}; ${counted(packets, "packet")} so far${wrong}`;
}

function* neighborLines({ neighbors }: ExplanationAnswer): Generator<string> {
  for (const { neighbor, interface: name, upstream, interest, countsAsInterested } of neighbors) {
    const counts = countsAsInterested ? ", which counts as interest for now" : "";
    const says =
      upstream === null ? `interest: ${interest}${counts}` : `offers it for ${formatRpc(upstream)}`;
    yield `${neighbor} on ${name}: ${says}`;
  }
}

/** What there would be of a tree that is not known has not been so for any time. */
const row =
  ({ known }: ExplanationAnswer["tree"]) =>
  ({ interface: name, state, seconds, reason, change }: ExplainedInterface): string[] => [
    `  ${name}`,
    state,
    known ? duration(seconds) : "-",
    `${reason}. ${change}`,
  ];

const LABEL_WIDTH = 11;
const labelled = (label: string, text: string): string => `${label.padEnd(LABEL_WIDTH)}${text}`;

function* lines(answer: ExplanationAnswer): Generator<string> {
  const { causes, forwarding } = answer;
  yield answer.conclusion;
  if (causes.length > 0) yield forwarding ? "Noticed:" : "Why:";
  for (const cause of causes) yield* findingLines(cause);
  yield "";
  yield labelled("Route", routeLine(answer));
  yield labelled("Tree", treeLine(answer));
  yield labelled("Data", dataLine(answer));
  yield labelled("Kernel", kernelLine(answer));
  let label = "Neighbors";
  for (const line of neighborLines(answer)) {
    yield labelled(label, line);
    label = "";
  }
  yield "";
  yield* tableLines(
    ["  Interface", "State", "Since", "Why, and what would change it"],
    answer.interfaces.map(row(answer.tree)),
    {
      empty: "  none that takes part in trees",
      ...(process.stdout.columns === undefined ? {} : { width: process.stdout.columns }),
    },
  );
}

/** Explains a tree. Throws CommandError if the daemon does not answer, or refuses. */
export async function explain(
  tree: { readonly source: string; readonly group: string },
  options: ExplainOptions,
): Promise<void> {
  const { runtimeDir, interface: name, json } = options;
  const query = new URLSearchParams(name === undefined ? tree : { ...tree, interface: name });
  const path = `/v1/explain?${query}`;
  const answer = await ask<ExplanationAnswer>(runtimeDir, ["GET", path]);
  return writeLines(json ? [JSON.stringify(answer)] : lines(answer));
}
