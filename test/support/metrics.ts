// Metrics, read again (text exposition format 0.0.4), and promtool(1), which knows all of its rules.
import assert from "node:assert/strict";
import { run } from "../../src/lab/run.ts";

/** A metric with all of its values, by labels as they are written: `{interface="eth1"}`, "" without. */
export interface Metric {
  readonly type: string;
  readonly help: string;
  readonly values: ReadonlyMap<string, number>;
}

const HEAD = /^# HELP (\S+) (.+)\n# TYPE (\S+) (\S+)$/;
const LINE = /^(\w+?)((?<=_)(?:bucket|sum|count))?(\{.*\})? (\S+)$/;

/** The metrics of a text, by name; those of a histogram by "bucket{...}", "sum" and "count". Fails where it is none. */
export function metricsIn(text: string): ReadonlyMap<string, Metric> {
  assert.ok(text.endsWith("\n"));
  const [nothing, ...families] = `\n${text}`.split(/\n(?=# HELP )/);
  assert.equal(nothing, "");
  const metrics = families.map((family) => {
    const [help = "", type = "", ...lines] = family.trimEnd().split("\n");
    const [, name = "", about = "", again, kind = ""] = HEAD.exec(`${help}\n${type}`) ?? [];
    assert.equal(again, name, family);
    const values = lines.map((line) => {
      const [, of = "", part = "", labels = "", value = ""] = LINE.exec(line) ?? [];
      assert.equal(of, kind === "histogram" ? `${name}_` : name, line);
      return [part + labels, value === "+Inf" ? Number.POSITIVE_INFINITY : Number(value)] as const;
    });
    assert.equal(new Map(values).size, values.length, `${name} has each value once`);
    return [name, { type: kind, help: about, values: new Map(values) }] as const;
  });
  assert.equal(new Map(metrics).size, metrics.length, "each name comes once");
  return new Map(metrics);
}

/** The value of a metric. Fails if it is not there. */
export function valueIn(metrics: ReadonlyMap<string, Metric>, name: string, labels = ""): number {
  const value = metrics.get(name)?.values.get(labels);
  return value ?? assert.fail(`there is no ${name}${labels}`);
}

/** Runs promtool with these words, with `input` on its standard input, and fails if it finds a fault. */
export async function promtool(words: readonly string[], input = ""): Promise<void> {
  const { code, stdout, stderr } = await run(["promtool", ...words], input);
  assert.deepEqual([code, stderr], [0, ""], stdout);
}
