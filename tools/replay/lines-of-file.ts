// The whole lines of a file, read part by part: a recording may be larger than memory.
import { closeSync, openSync, readSync } from "node:fs";

const PART_BYTES = 2 ** 20;
const LINE_END = 0x0a;

/** The lines, without their ends; `onRest` is called if the last one has no end, and so is not among them. Throws what node:fs throws. */
export function* linesOfFile(path: string, onRest: () => void): Generator<string> {
  const fd = openSync(path, "r");
  try {
    const part = Buffer.alloc(PART_BYTES);
    let rest: Buffer = Buffer.alloc(0);
    for (let count = readSync(fd, part); count > 0; count = readSync(fd, part)) {
      const bytes = Buffer.concat([rest, part.subarray(0, count)]);
      let from = 0;
      for (let end = bytes.indexOf(LINE_END); end !== -1; end = bytes.indexOf(LINE_END, from)) {
        yield bytes.toString("utf8", from, end);
        from = end + 1;
      }
      rest = bytes.subarray(from);
    }
    if (rest.length > 0) onRest();
  } finally {
    closeSync(fd);
  }
}
