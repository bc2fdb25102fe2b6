// What captures hold.

/** A frame that was captured. */
export interface CapturedFrame {
  /** In its file, from 1, as tcpdump and Wireshark count. */
  readonly number: number;
  /** When, in nanoseconds of unix time; what is finer is cut off. Null: the file does not say. */
  readonly nanos: bigint | null;
  /** What the frame begins with: a number of the registry of link types (LINKTYPE_..., tcpdump.org/linktypes.html). */
  readonly linkType: number;
  /** How many bytes it had on the link: more than `bytes`, if it was cut when it was captured. */
  readonly originalBytes: number;
  /** Not a copy: a view of what was read. */
  readonly bytes: Uint8Array;
}
