// What keeps an interface from running what is configured on it, as a sentence.
import type { Port } from "./port.ts";
import { refusalSentence } from "./sentences.ts";

/** What keeps an interface from running what is configured on it; null: nothing does. */
export function problemOf({ link, refusal }: Readonly<Port>): string | null {
  if (refusal !== null) return refusalSentence(refusal, link.name);
  if (!link.up) return `${link.name} is down.`;
  return link.addresses.length === 0 ? `${link.name} has no IPv4 address.` : null;
}
