// Groups that the control API joins and leaves on an interface, whether or not any host reports them (protocol.md §12).
import { valueIn } from "../api/configuration-document.ts";
import type { Join } from "../api/join-section.ts";
import { formatJoin, joinableGroup, joinableSource, parseJoin } from "../api/join-section.ts";
import type { ConfigurationPath } from "../api/settings.ts";
import { formatAddress } from "../base/address.ts";
import { allowsGroup, allowsTree } from "../base/tree-filter.ts";
import type { Changeable, Outcome } from "./carry-out.ts";
import { carryOut, outcome, refusedForProblems } from "./carry-out.ts";
import { configurationOf } from "./configuration.ts";
import { notEnabled, refusedName, unlessThere } from "./control-changes.ts";

/** What is to be joined or left, in words. */
export interface WantedJoin {
  readonly group: string;
  /** null: every source. */
  readonly source: string | null;
}

const pathOf = (name: string): ConfigurationPath => ["interfaces", name, "igmp", "join"];

function parsed({ group: groupText, source: sourceText }: WantedJoin): Join | Outcome {
  const group = joinableGroup(groupText);
  const source = sourceText === null ? { address: null } : joinableSource(sourceText);
  if (typeof group === "string") return outcome(400, group);
  if (typeof source === "string") return outcome(400, source);
  return { group: group.address, source: source.address };
}

const isSame = (a: Join, b: Join): boolean => a.group === b.group && a.source === b.source;

function joinsOf({ running }: Changeable, name: string, { group }: Join): readonly Join[] {
  const { joins } = configurationOf(running.configuration, name);
  return joins.filter((one) => one.group === group);
}

/** What holds of a group now: a sentence. */
function saySources(daemon: Changeable, name: string, wanted: Join): string {
  const group = formatAddress(wanted.group);
  const joins = joinsOf(daemon, name, wanted);
  if (joins.length === 0) return `${group} is not joined on ${name}.`;
  const sources = joins.flatMap(({ source }) => (source === null ? [] : [formatAddress(source)]));
  const whose = sources.length < joins.length ? "every source" : `${sources.join(", ")} only`;
  return `${group} is joined on ${name}, of ${whose}.`;
}

function notAllowed({ running }: Changeable, name: string, { group, source }: Join): boolean {
  const { filter } = configurationOf(running.configuration, name);
  return !(source === null ? allowsGroup(filter, group) : allowsTree(filter, source, group));
}

function propose(
  { engine, running }: Changeable,
  name: string,
  change: (items: readonly unknown[]) => readonly unknown[],
): Outcome | null {
  const path = pathOf(name);
  const before = valueIn(running.document, path);
  const value = change(Array.isArray(before) ? before : []);
  const judgement = { ofProblems: refusedForProblems };
  return carryOut({ engine, running }, () => running.propose({ path, value }), judgement);
}

/** Joins a group on the interface called `name`, which runs IGMP. If it is refused, nothing has changed. */
export function join(daemon: Changeable, name: string, words: WantedJoin): Outcome {
  const badName = refusedName(name);
  if (badName !== null) return badName;
  const wanted = parsed(words);
  if ("status" in wanted) return wanted;
  if (configurationOf(daemon.running.configuration, name).igmp === null) {
    return notEnabled(name, "igmp");
  }
  if (notAllowed(daemon, name, wanted)) {
    return outcome(
      409,
      `${name} does not allow that: see its lists "allow" and "deny" ("hpim-dm show interfaces"), which the configuration file has.`,
    );
  }
  const isThere = joinsOf(daemon, name, wanted).some((other) => isSame(other, wanted));
  const refused = isThere ? null : propose(daemon, name, (items) => [...items, formatJoin(wanted)]);
  return refused ?? outcome(200, `${saySources(daemon, name, wanted)}${unlessThere(daemon, name)}`);
}

/** Leaves a group again. What hosts report of it is not concerned. */
export function leave(daemon: Changeable, name: string, words: WantedJoin): Outcome {
  const badName = refusedName(name);
  if (badName !== null) return badName;
  const wanted = parsed(words);
  if ("status" in wanted) return wanted;
  if (!joinsOf(daemon, name, wanted).some((other) => isSame(other, wanted))) {
    const holds = saySources(daemon, name, wanted);
    return outcome(
      404,
      `There is nothing to leave: ${holds} Sources are left one by one; what hosts report they leave themselves.`,
    );
  }
  const isOther = (item: unknown): boolean => {
    const other = parseJoin(item);
    return other === undefined || !isSame(other, wanted);
  };
  const refused = propose(daemon, name, (items) => items.filter(isOther));
  return refused ?? outcome(200, saySources(daemon, name, wanted));
}
