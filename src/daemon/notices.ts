// What a daemon reports: what the core and membership report, and what only the engine sees.
import type { InterfaceIndex } from "../base/units.ts";
import type { Notice } from "../core/notices.ts";
import type { MembershipNotice } from "../membership/notices.ts";
import type { Dropped } from "./drops.ts";
import type { Failure } from "./host.ts";

/** Why a configured protocol does not run on an interface although it is up and has an address. */
export type Refusal =
  | { readonly kind: "loopback" }
  | { readonly kind: "noMulticast" }
  /** The device of a VRF. */
  | { readonly kind: "vrf" }
  /** It is a part of another interface, which gets its packets. */
  | { readonly kind: "partOf"; readonly name: string; readonly type: string }
  /** The kernel gives no VIF for it. */
  | { readonly kind: "noVif"; readonly failure: Failure }
  /** §4: HPIM-DM does not run where its BootTime can be neither read nor stored. */
  | { readonly kind: "noBootTime"; readonly failure: Failure };

/** What else keeps it from running. */
export type Wait = { readonly kind: "down" } | { readonly kind: "noAddress" };

/** What only the engine reports. */
export type EngineNotice =
  | {
      readonly kind: "refused";
      readonly interface: InterfaceIndex;
      readonly refusal: Refusal;
    }
  /** Something was dropped, `count` times since the last such notice, the last one of `sender`. At most one a minute (P7). */
  | ({ readonly kind: "dropped"; readonly count: number } & Dropped)
  /** What is configured on the interface starts when the reason has gone. */
  | {
      readonly kind: "waits";
      readonly interface: InterfaceIndex;
      readonly why: Wait["kind"];
    }
  /** Something is configured for a name that no interface has. */
  | { readonly kind: "missing"; readonly name: string }
  /** A system call failed; it is reported again only when it has worked in between, or fails otherwise. */
  | {
      readonly kind: "callFailed";
      readonly interface: InterfaceIndex | null;
      readonly failure: Failure;
    };

/** Anything that a daemon reports. */
export type DaemonNotice = Notice | MembershipNotice | EngineNotice;
