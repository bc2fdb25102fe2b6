// What keeps an interface from running what is configured on it, as a sentence.
import type { Protocol } from "./configuration.ts";
import type { Port } from "./port.ts";
import { obstacleOf } from "./port.ts";
import { refusalSentence, waitSentence } from "./sentences.ts";

/** What keeps an interface from running `protocol`, which is configured on it; null: nothing does. */
export function problemOf(port: Readonly<Port>, protocol: Protocol): string | null {
  const obstacle = obstacleOf(port, protocol);
  if (obstacle === null) return null;
  const { name } = port.link;
  if (obstacle.kind === "down" || obstacle.kind === "noAddress") {
    return waitSentence(obstacle.kind, name);
  }
  return refusalSentence(obstacle, name);
}
