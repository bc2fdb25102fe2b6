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
  /** The bound on groups was met: a report was not taken (P7). */
  | { readonly kind: "groupLimit"; readonly interface: InterfaceIndex };
