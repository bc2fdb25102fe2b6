// What differs between two senders: message by message, in order, stream by stream.
import { formatAddress } from "../../src/base/address.ts";
import type { Said } from "./captured.ts";
import { streamOf, words } from "./words.ts";

const isOrdinaryHello = (text: string): boolean =>
  text.startsWith("Hello") && !text.includes("HoldTime 0");

/** The messages of each stream in words. Hellos repeat with time: one of a kind counts. */
function streamsOf(said: readonly Said[]): ReadonlyMap<string, readonly string[]> {
  const streams = new Map<string, string[]>();
  for (const { link, destination, message } of said) {
    const text = words(message, destination);
    const stream = isOrdinaryHello(text) ? "ordinary Hello" : streamOf(message, destination);
    const key = `${formatAddress(link)} ${stream}`;
    const known = streams.get(key) ?? [];
    if (!isOrdinaryHello(text) || !known.includes(text)) known.push(text);
    streams.set(key, known);
  }
  return streams;
}

/** Lengths of the longest common subsequences of the ends of two lists, from (i, j) on. */
function commonLengths(a: readonly string[], b: readonly string[]): readonly (readonly number[])[] {
  const lengths = Array.from({ length: a.length + 1 }, () =>
    new Array<number>(b.length + 1).fill(0),
  );
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = lengths[i] ?? [];
      const below = lengths[i + 1] ?? [];
      row[j] = a[i] === b[j] ? 1 + (below[j + 1] ?? 0) : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}

/** "- text" for each text of `a` that `b` has not in its place, "+ text" for the contrary. */
function differencesOf(a: readonly string[], b: readonly string[]): readonly string[] {
  const lengths = commonLengths(a, b);
  const found: string[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i++;
      j++;
    } else if (
      j >= b.length ||
      (i < a.length && (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0))
    ) {
      found.push(`- ${a[i++]}`);
    } else {
      found.push(`+ ${b[j++]}`);
    }
  }
  return found;
}

/**
 * What only the captured router sent ("- link message") and what only ours did ("+ link message"), in the order of
 * streams. Ordinary Hellos are compared by kind, where both sent some.
 */
export function compareSaid(captured: readonly Said[], ours: readonly Said[]): readonly string[] {
  const theirs = streamsOf(captured);
  const own = streamsOf(ours);
  const keys = [...new Set([...theirs.keys(), ...own.keys()])].sort();
  return keys.flatMap((key) => {
    const [a = [], b = []] = [theirs.get(key), own.get(key)];
    if (key.endsWith("ordinary Hello") && (a.length === 0 || b.length === 0)) return [];
    const [link = ""] = key.split(" ");
    return differencesOf(a, b).map((line) => `${line.slice(0, 2)}${link} ${line.slice(2)}`);
  });
}

/** The last interest that was told each neighbor of each tree. */
export function lastInterests(said: readonly Said[]): ReadonlyMap<string, string> {
  const last = new Map<string, string>();
  for (const { destination, message } of said) {
    if (message.kind !== "interest" && message.kind !== "noInterest") continue;
    last.set(`${destination}${message.source}${message.group}`, message.kind);
  }
  return last;
}
