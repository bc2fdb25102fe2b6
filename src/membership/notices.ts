// What membership reports.
import type { Address } from "../base/address.ts";
import type { InterfaceIndex } from "../base/units.ts";

/** Something worth reporting. */
export type MembershipNotice =
  | {
      readonly kind: "querier";
      readonly interface: InterfaceIndex;
      readonly role: "Querier" | "NonQuerier";
      readonly querier: Address;
    }
  | {
      readonly kind: "group";
      readonly interface: InterfaceIndex;
      readonly group: Address;
      readonly members: boolean;
    }
  /** A router that speaks IGMPv1 only was heard, for the first time in 400 s (RFC 2236 §4: the warning is rate-limited). */
  | {
      readonly kind: "version1Router";
      readonly interface: InterfaceIndex;
      readonly router: Address;
    };
