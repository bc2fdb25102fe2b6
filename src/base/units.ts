// Branded units, so that a number of one kind cannot be passed where another is meant.

declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

/** Milliseconds of a monotonic clock, or a span of them. */
export type Millis = Branded<number, "Millis">;
/** Sequence number of an interface (§4), u32. */
export type SequenceNumber = Branded<number, "SequenceNumber">;
/** BootTime of an interface (§4), seconds of unix time, u32. */
export type BootTime = Branded<number, "BootTime">;
/** The kernel's number of a network interface, from 1. */
export type InterfaceIndex = Branded<number, "InterfaceIndex">;
/** Number of a virtual interface of the kernel's multicast routing table, 0 to 31. */
export type VifIndex = Branded<number, "VifIndex">;

/** A span or instant of `n` milliseconds. */
export const millis = (n: number): Millis => n as Millis;
/** A span of `n` seconds, in milliseconds. */
export const seconds = (n: number): Millis => (n * 1000) as Millis;
/** The instant `span` after `instant`. */
export const after = (instant: Millis, span: Millis): Millis => (instant + span) as Millis;
/** The instant `span` after `instant`; null if that is null. */
export const afterOrNull = (instant: Millis | null, span: Millis): Millis | null =>
  instant === null ? null : after(instant, span);
/** `n` as a sequence number. */
export const sequenceNumber = (n: number): SequenceNumber => n as SequenceNumber;
/** `n` as a BootTime. */
export const bootTime = (n: number): BootTime => n as BootTime;
/** `n` as an interface index. */
export const interfaceIndex = (n: number): InterfaceIndex => n as InterfaceIndex;
/** `n` as a VIF index. */
export const vifIndex = (n: number): VifIndex => n as VifIndex;
