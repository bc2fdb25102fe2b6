// hpim-dm interface, igmp and set: what changes a running daemon, as the command line describes it.
import type { Command } from "commander";
import { Argument, InvalidArgumentError } from "commander";
import { isInterfaceName } from "../api/interface-name.ts";
import { runtimeDir } from "./directories.ts";
import { examples } from "./examples.ts";

/** In place of an interface's name. */
const EVERY_INTERFACE = "*";

/** How `set` names the settings of the configuration file. */
const SETTINGS = {
  "flood-initial-data": {
    name: "floodInitialData",
    description: "forward at first also where nobody has said yet whether they want it",
  },
  "hold-forwarding": {
    name: "holdForwarding",
    description: "keep forwarding for a while after another router on the link took over",
  },
} as const;

function interfaceName(text: string): string {
  if (text === EVERY_INTERFACE || isInterfaceName(text)) return text;
  throw new InvalidArgumentError(
    'Expected the name of an interface, such as eth0 ("ip link" lists them), or "*" for all.',
  );
}

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
        interfaceName,
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

function addSettings(program: Command): void {
  const group = program
    .command("set")
    .description("change a setting of the running daemon, now and at the next start");
  for (const [word, { name, description }] of Object.entries(SETTINGS)) {
    group
      .command(word)
      .description(`${description}; prints what holds then`)
      .addArgument(new Argument("<state>", "what it is to be").choices(["on", "off", "toggle"]))
      .addOption(runtimeDir())
      .addHelpText("after", examples([`hpim-dm set ${word} off`, "switch it off"]))
      .action(async (state, options) => (await import("./set.ts")).set(name, state, options));
  }
}

/** Adds the commands that change a running daemon. */
export function addChangeCommands(program: Command): void {
  addProtocol(program, "interface", "hpim", "HPIM-DM");
  addProtocol(program, "igmp", "igmp", "IGMP");
  addSettings(program);
}
