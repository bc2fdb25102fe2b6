// Messages that a scenario has lost: on the way to each receiver, after they were seen on the link.
import type { Message } from "../../src/core/messages.ts";

/** Which messages are lost. */
export interface Loss {
  /** Router that sends them. */
  readonly from: string;
  readonly link: string;
  readonly kind: Message["kind"];
  /** So many more arrive before the first is lost. */
  readonly skip?: number;
  /** So many are lost, then no more; all unless told. */
  readonly count?: number;
}

/** Whether the message that comes as the `number`th of its kind, from 0, is one of the lost. */
export const isLost = ({ skip = 0, count = Infinity }: Loss, number: number): boolean =>
  skip <= number && number < skip + count;
