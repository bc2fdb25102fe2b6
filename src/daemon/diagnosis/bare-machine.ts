// What keeps a daemon from running on a machine on which none answers.
import type { Finding, FindingKind } from "../../api/diagnosis.ts";
import type { CapabilitySet } from "../../base/capabilities.ts";
import { capabilityNames, ROUTING_CAPABILITIES } from "../../base/capabilities.ts";
import type { Surroundings } from "../surroundings.ts";
import { forwardingOff, reversePathFilterOfAll } from "./machine-settings.ts";

/** A machine, as whoever would start a daemon sees it. */
export interface BareMachine extends Pick<Surroundings, "readText"> {
  /** Rights of whoever asks. */
  readonly effective: CapabilitySet;
  /** Processes that may have hold of multicast routing, in words. */
  readonly others: readonly string[];
  /** Release of the kernel (uname -r). */
  readonly kernel: string;
}

const found = (kind: FindingKind, sentence: string, mend: string): Finding => ({
  ...{ kind, interface: null, sentence, mend },
});

function rights({ effective }: BareMachine): readonly Finding[] {
  const missing = capabilityNames(ROUTING_CAPABILITIES & ~effective);
  if (missing.length === 0) return [];
  const sentence = `You may not start a daemon here: ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} missing.`;
  return [found("no-rights", sentence, "Run hpim-dm as root, or as a service.")];
}

const otherDaemons = ({ others }: BareMachine): readonly Finding[] =>
  others.map((other) =>
    found(
      "other-daemon",
      `Something else may have hold of multicast routing: ${other}.`,
      "Stop it (pimd, smcroute, mrouted or another hpim-dm): the kernel has one multicast table for one daemon.",
    ),
  );

/** Options without which the kernel routes no multicast, or does not tell what arrives on wrong interfaces. */
const OPTIONS = ["CONFIG_IP_MULTICAST", "CONFIG_IP_MROUTE", "CONFIG_IP_PIMSM_V2"] as const;

function kernelOptions({ readText, kernel }: BareMachine): readonly Finding[] {
  const configuration = readText(`/boot/config-${kernel}`);
  const hasTable = readText("/proc/net/ip_mr_vif") !== null;
  const missing =
    configuration === null
      ? OPTIONS.filter((option) => option === "CONFIG_IP_MROUTE" && !hasTable)
      : OPTIONS.filter((option) => !configuration.includes(`\n${option}=y`));
  return missing.map((option) =>
    found(
      "kernel-option",
      `This kernel, ${kernel}, was built without ${option}.`,
      "Use a kernel of a distribution, or build it with this option.",
    ),
  );
}

/** What was found; `runtimeDirectory`: where no daemon answers. */
export const bareMachineFindings = (
  machine: BareMachine,
  runtimeDirectory: string,
): readonly Finding[] => [
  found(
    "no-daemon",
    `No daemon answers in ${runtimeDirectory}.`,
    'Start one with "hpim-dm start"; "hpim-dm log" or the journal says how the last one ended.',
  ),
  ...rights(machine),
  ...otherDaemons(machine),
  ...kernelOptions(machine),
  ...forwardingOff(machine),
  ...reversePathFilterOfAll(machine),
];
