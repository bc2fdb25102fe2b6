// hpim-dm interface, igmp and set, without the settings: what changes a running daemon, as the command line describes it.
import type { Command } from "commander";
import { runtimeDir } from "./directories.ts";
import { examples } from "./examples.ts";
import { EVERY_INTERFACE, interfaceName, interfaceNameOrAll } from "./interface-argument.ts";

/** The command whose subcommands are settings (setting-commands.ts). */
export const SET = "set";

function addProtocol(
  group: Command,
  name: "interface" | "igmp",
  protocol: "hpim" | "igmp",
  title: string,
): void {
  for (const [verb, method, effect] of [
    ["add", "PUT", "enable"],
    ["remove", "DELETE", "disable"],
  ] as const) {
    group
      .command(verb)
      .description(`${effect} ${title} on an interface, now and at the next start`)
      .argument(
        "<interface>",
        'its name, such as eth0; "*": every interface that can',
        interfaceNameOrAll,
      )
      .addOption(runtimeDir())
      .addHelpText("after", examples([`hpim-dm ${name} ${verb} eth0`, `${effect} ${title} there`]))
      .action(async (where, options) => {
        const { switchEverywhere, switchProtocol } = await import("./switch-protocol.ts");
        if (where === EVERY_INTERFACE) await switchEverywhere(method, protocol, options);
        else await switchProtocol(method, protocol, where, options);
      });
  }
}

function addSet(program: Command): void {
  program
    .command(SET)
    .summary("change a setting of the running daemon")
    .description(
      "change a setting of the running daemon, at once and for the next start, and print what holds then. " +
        '"hpim-dm show settings" lists what is in force. What is not here (metrics, preferences, routingTable, allow, ' +
        'deny, ttlThreshold) is set in the configuration file: edit it, and "hpim-dm config load" it.',
    )
    .usage("<setting> <value> [--interface <name>]")
    .addHelpText(
      "after",
      examples(
        ["hpim-dm set hello-period 2", "on every interface without a period of its own"],
        ["hpim-dm set hello-period 500ms --interface eth0", "there alone"],
        ["hpim-dm set hello-period default --interface eth0", "as the file says"],
        ["hpim-dm set log-level debug --subsystem messages", "each message, in the log"],
      ),
    );
}

function addJoins(igmp: Command): void {
  for (const [verb, method, effect, purpose] of [
    [
      "join",
      "PUT",
      "have a group let out on an interface, whether or not a host reports it",
      "always there",
    ],
    [
      "leave",
      "DELETE",
      "no longer do so; hosts that report the group go on getting it",
      "as hosts report",
    ],
  ] as const) {
    igmp
      .command(verb)
      .description(`${effect}, now and at the next start`)
      .argument("<interface>", "its name, such as eth0; IGMP is enabled there", interfaceName)
      .argument("<group>", "such as 239.1.2.3")
      .argument("[source]", "only what this address sends, such as 10.1.1.100")
      .addOption(runtimeDir())
      .addHelpText(
        "after",
        examples(
          [`hpim-dm igmp ${verb} eth0 239.1.2.3`, purpose],
          [`hpim-dm igmp ${verb} eth0 239.1.2.3 10.1.1.100`, `${purpose}, of one source`],
        ),
      )
      .action(async (where, group, source, options) => {
        const { switchJoin } = await import("./switch-protocol.ts");
        await switchJoin(method, { name: where, group, source }, options);
      });
  }
}

/** Adds the commands that change a running daemon. */
export function addChangeCommands(program: Command): void {
  const hpim = program
    .command("interface")
    .description("enable or disable HPIM-DM on an interface");
  addProtocol(hpim, "interface", "hpim", "HPIM-DM");
  const igmp = program
    .command("igmp")
    .description("enable or disable IGMP on an interface, and join groups there");
  addProtocol(igmp, "igmp", "igmp", "IGMP");
  addJoins(igmp);
  addSet(program);
}
