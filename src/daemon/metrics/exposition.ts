// Metrics as Prometheus reads them (text exposition format 0.0.4), a line at a time and in pieces, so that they are never
// all in memory and can be sent in slices (../slices.ts). Libraries keep every value a second time, and make one text of it.

/** Names and values of labels, in the order in which they are written. */
export type Labels = Readonly<Record<string, string>>;

/** A value. `part`: of a histogram, what it is of it. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
  readonly part?: "bucket" | "sum" | "count";
}

/** Values of one name, each made when it is taken; undefined: none is here, and whoever takes them may rest. */
export interface Family {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  /** A line without backslashes. */
  readonly help: string;
  readonly samples: Iterable<Sample | undefined>;
}

/** Families, each made when it is taken; undefined: whoever takes them may rest. */
export type Families = Iterable<Family | undefined>;

/** The content type of what `expositionOf` writes. */
export const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** A sample. */
export const sample = (labels: Labels, value: number): Sample => ({ labels, value });

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", '"': '\\"', "\n": "\\n" };

const escaped = (text: string): string =>
  text.replaceAll(/["\\\n]/g, (character) => ESCAPES[character] ?? character);

const numberText = (value: number): string =>
  value === Number.POSITIVE_INFINITY ? "+Inf" : String(value);

function lineOf(name: string, { labels, value, part }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  const inBraces = pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
  return `${name}${part === undefined ? "" : `_${part}`}${inBraces} ${numberText(value)}\n`;
}

/** The text, in pieces of a line or two; "" where there was nothing. */
export function* expositionOf(families: Families): Generator<string> {
  for (const family of families) {
    if (family === undefined) {
      yield "";
      continue;
    }
    const { name, type, help, samples } = family;
    yield `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
    for (const one of samples) yield one === undefined ? "" : lineOf(name, one);
  }
}
