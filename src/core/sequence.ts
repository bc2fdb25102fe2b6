// BootTimes and sequence numbers of an interface (§4).
import type { BootTime, SequenceNumber } from "../base/units.ts";
import { bootTime, sequenceNumber } from "../base/units.ts";

/** InterfaceSN before the first message. */
export const NO_SN: SequenceNumber = sequenceNumber(0);

/** The BootTime to start with: the time of day, but later than any that was used before. */
export const nextBootTime = (last: BootTime, unixSeconds: number): BootTime =>
  bootTime(Math.max(unixSeconds, last + 1));

/** The next sequence number; null: the numbers of this BootTime are used up. */
export const nextSn = (sn: SequenceNumber, limit: number): SequenceNumber | null =>
  sn + 1 < limit ? sequenceNumber(sn + 1) : null;
