// The board for Grafana and the rules for Prometheus: they speak of metrics that there are, and say what they should.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";
import { metricsOf } from "../../src/daemon/metrics/metrics.ts";
import { DROP_REASONS } from "../hostile/reasons.ts";
import { Formed } from "../support/formed-network.ts";
import { type Metric, metricsIn, promtool } from "../support/metrics.ts";
import { fromRoot } from "../support/root.ts";

const RULES = fromRoot("packaging", "prometheus-alerts.yaml");
const BOARD = fromRoot("packaging", "grafana-dashboard.json");

interface Expression {
  readonly title: string;
  readonly text: string;
}

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const ofBoard = (): readonly Expression[] =>
  (JSON.parse(readFileSync(BOARD, "utf8")).panels as readonly Panel[]).flatMap(
    ({ title, targets = [] }) => targets.map(({ expr: text }) => ({ title, text })),
  );

interface Rule {
  readonly alert: string;
  readonly expr: string;
}

const ofRules = (): readonly Expression[] =>
  (parse(readFileSync(RULES, "utf8")).groups as readonly { readonly rules: readonly Rule[] }[])
    .flatMap(({ rules }) => rules)
    .map(({ alert: title, expr: text }) => ({ title, text }));

function metrics(): ReadonlyMap<string, Metric> {
  const engine = new Formed().engine("R6");
  const lastLoad = { isTaken: true, takenAtSeconds: 0 };
  const pieces = metricsOf({ engine, running: { isChanged: false, lastLoad }, program: "x 1" });
  return metricsIn([...pieces()].join(""));
}

/** The labels of a metric's values; those that values only have once something is dropped, too. */
function labelsOf(name: string, { values }: Metric): readonly string[] {
  const found = [...values.keys()].flatMap((labels) =>
    [...labels.matchAll(/(\w+)="/g)].map(([, label]) => label ?? ""),
  );
  const ofDrops = name === "hpim_drops_total" ? ["interface", "protocol", "reason"] : [];
  return ["instance", "job", "le", ...ofDrops, ...found];
}

test("every metric and label of the board and the rules is there, and every daemon has it", () => {
  const all = metrics();
  const expressions = [...ofBoard(), ...ofRules()];
  assert.ok(expressions.length > 35);
  for (const { title, text } of expressions) {
    const uses = [...text.matchAll(/\b(hpim_\w+)(?:\{([^}]*)\})?/g)];
    assert.ok(uses.length > 0 || text.startsWith("up{"), title);
    for (const [, written = "", matchers = ""] of uses) {
      const name = written.replace(/_(bucket|count|sum)$/, "");
      const metric = all.get(written) ?? all.get(name);
      assert.ok(metric, `${title}: ${written}`);
      assert.equal(written !== name, metric.type === "histogram", `${title}: ${written}`);
      for (const [, label = ""] of matchers.matchAll(/(\w+)\s*[=!]/g)) {
        assert.ok(labelsOf(name, metric).includes(label), `${title}: ${label} of ${name}`);
      }
    }
  }
});

test("counters are shown by their rates, and nothing else is", () => {
  const all = metrics();
  for (const { title, text } of [...ofBoard(), ...ofRules()]) {
    for (const [, before = "", name = ""] of text.matchAll(/(\w*\(?)\b(hpim_\w+)/g)) {
      const isRate = ["rate(", "increase("].includes(before);
      const type = all.get(name)?.type ?? "counter";
      assert.equal(isRate, type === "counter", `${title}: ${name}`);
    }
  }
});

test("the reasons for which rules look are those that there are", () => {
  const known: ReadonlySet<string> = new Set(DROP_REASONS);
  for (const { title, text } of ofRules().filter((rule) => rule.text.includes("hpim_drops"))) {
    const [, words = ""] = /reason=~"([^"]+)"/.exec(text) ?? [];
    for (const word of words.split("|")) assert.ok(known.has(word), `${title}: ${word}`);
  }
});

test("promtool takes the rules, and they say what they should", async () => {
  await promtool(["check", "rules", RULES]);
  await promtool(["test", "rules", fromRoot("test", "packaging", "alerts.yaml")]);
});
