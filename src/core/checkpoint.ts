// CheckpointSN (§15): up to which SN no message of ours is outstanding any more.
import type { SequenceNumber } from "../base/units.ts";
import { sequenceNumber } from "../base/units.ts";
import type { OutstandingMessages } from "./reliable.ts";

/** §15, sender: the lowest SN still outstanding minus 1, or InterfaceSN when nothing is. */
export function checkpointSn(
  outstanding: Iterable<OutstandingMessages>,
  interfaceSn: SequenceNumber,
): SequenceNumber {
  let lowest: number = interfaceSn + 1;
  for (const messages of outstanding) {
    for (const { message } of messages) lowest = Math.min(lowest, message.sn);
  }
  return sequenceNumber(lowest - 1);
}
