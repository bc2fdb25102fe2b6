// A line of the log for people: in a terminal, and by hpim-dm log.

/** The fields of a line, of which nothing is promised. */
export interface LineFields {
  readonly time?: unknown;
  readonly level?: unknown;
  readonly subsystem?: unknown;
  readonly kind?: unknown;
  readonly interface?: unknown;
  readonly name?: unknown;
  readonly group?: unknown;
  readonly groups?: unknown;
  readonly source?: unknown;
  readonly treeSource?: unknown;
  readonly treeGroup?: unknown;
  readonly msg?: unknown;
  readonly err?: { readonly stack?: unknown };
}

/** The fields of a line of the log; undefined: it is none of ours. */
export function fieldsOfLine(line: string): LineFields | undefined {
  try {
    const fields: unknown = JSON.parse(line);
    const isObject = typeof fields === "object" && fields !== null && !Array.isArray(fields);
    return isObject && "msg" in fields ? fields : undefined;
  } catch {
    return undefined;
  }
}

const LEVEL_WIDTH = 5;

/** Its sentence; that of a bug with where it was met. */
export function sentenceOf({ msg, err }: LineFields): string {
  const stack = err?.stack;
  return typeof stack === "string" ? `${msg}\n${stack}` : String(msg);
}

/** Time, level and sentence of a line, which has no end; one that is none of ours as it is. */
export function readableLine(line: string): string {
  const fields = fieldsOfLine(line);
  if (fields === undefined) return line;
  return `${fields.time}  ${String(fields.level).padEnd(LEVEL_WIDTH)}  ${sentenceOf(fields)}`;
}
