// hpim-dm interface, igmp and set, without the settings: what changes a running daemon, as the command line describes it.
import type { Command } from "commander";
import { runtimeDir } from "./directories.ts";
import { examples } from "./examples.ts";
import { EVERY_INTERFACE, interfaceNameOrAll } from "./interface-argument.ts";

/** The command whose subcommands are settings (setting-commands.ts). */
export const SET = "set";

function addProtocol(
  program: Command,
  name: "interface" | "igmp",
  protocol: "hpim" | "igmp",
  title: string,
): void {
  const group = program.command(name).description(`enable or disable ${title} on an interface`);
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
        '"hpim-dm show settings" lists what is in force. What is not here (preferences, routingTable, allow, ' +
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

/** Adds the commands that change a running daemon. */
export function addChangeCommands(program: Command): void {
  addProtocol(program, "interface", "hpim", "HPIM-DM");
  addProtocol(program, "igmp", "igmp", "IGMP");
  addSet(program);
}
