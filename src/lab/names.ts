// Names of what a lab makes on this machine. Names of nodes have no dash, so the last dash ends the lab's name.
import { LabError } from "./lab-error.ts";

// "hpim-", 30 characters, "-" and 9 make a file name that `ip netns list` shows in one line.
const LAB_NAME = /^[a-z0-9][a-z0-9-]{0,29}$/;

/** Throws LabError unless `name` can be a lab's. */
export function checkLabName(name: string): void {
  if (LAB_NAME.test(name)) return;
  throw new LabError(
    `"${name}" cannot be a lab's name: use up to 30 lower-case letters, digits and dashes.`,
  );
}

/** The network namespace of a node. */
export const namespaceOf = (lab: string, node: string): string => `hpim-${lab}-${node}`;

/** The network namespace of all switches of a lab; no node can have its name. */
export const switchNamespaceOf = (lab: string): string => `hpim-${lab}-_switch`;

/** The bridge of a link. */
export const bridgeOf = (link: string): string => `br-${link}`;

/** The bridge's port towards a node's interface. */
export const portOf = (node: string, device: string): string => `${node}-${device}`;
