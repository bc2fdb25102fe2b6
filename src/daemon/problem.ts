// What keeps an interface from running what is configured on it, as a sentence.
import type { Port } from "./port.ts";
import { obstacleOf } from "./port.ts";
import { refusalSentence, waitSentence } from "./sentences.ts";

/** What keeps an interface from running what is configured on it; null: nothing does. */
export function problemOf(port: Readonly<Port>): string | null {
  const obstacle = obstacleOf(port);
  if (obstacle === null) return null;
  const { name } = port.link;
  if (obstacle.kind === "down" || obstacle.kind === "noAddress") {
    return waitSentence(obstacle.kind, name);
  }
  return refusalSentence(obstacle, name);
}
