// The command line: subcommands, their options, and what is loaded when one is called.
import { readFileSync } from "node:fs";
import { Command, Option } from "commander";

const PACKAGE = new URL("../../../package.json", import.meta.url);

function version(): string {
  const { name, version: number } = JSON.parse(readFileSync(PACKAGE, "utf8"));
  return `${name} ${number}`;
}

const runtimeDir = (): Option =>
  new Option("--runtime-dir <directory>", "where the control socket is").default("/run/hpim-dm");

function addStartAndStop(program: Command): void {
  program
    .command("start")
    .description("start the daemon; returns when it answers")
    .option("--config <file>", "configuration file (YAML)")
    .addOption(runtimeDir())
    .option("--state-dir <directory>", "where state and log are kept", "/var/lib/hpim-dm")
    .option("--foreground", "stay, log to the standard error output, forward signals")
    .action(async (options) => (await import("./start.ts")).start(options));
  program
    .command("stop")
    .description("stop the daemon; returns when it is gone")
    .addOption(runtimeDir())
    .action(async (options) => (await import("./stop.ts")).stop(options));
}

function addProtocol(
  program: Command,
  name: string,
  protocol: "hpim" | "igmp",
  title: string,
): void {
  const group = program.command(name).description(`switch ${title} on or off on an interface`);
  for (const [verb, method, state] of [
    ["add", "PUT", "on"],
    ["remove", "DELETE", "off"],
  ] as const) {
    group
      .command(verb)
      .argument("<interface>", "its name")
      .description(`switch ${title} ${state} on an interface, until the daemon ends`)
      .addOption(runtimeDir())
      .action(async (interfaceName, options) =>
        (await import("./switch-protocol.ts")).switchProtocol(
          method,
          protocol,
          interfaceName,
          options,
        ),
      );
  }
}

function addShow(program: Command): void {
  const show = program.command("show").description("show a list of the daemon");
  for (const [name, description] of [
    ["interfaces", "the interfaces of the machine, and what runs on each"],
    ["neighbors", "the HPIM-DM neighbors"],
    ["trees", "the trees, their state on each interface, and why"],
    ["groups", "the groups with members"],
    ["mroute", "the kernel's forwarding entries"],
  ] as const) {
    show
      .command(name)
      .description(description)
      .addOption(runtimeDir())
      .option("--json", "as JSON, for programs")
      .action(async (options) => (await import("./show.ts")).LISTS[name](options));
  }
}

/** The command line, ready to parse; it throws what commander and the subcommands throw. */
export function commandLine(): Command {
  const program = new Command("hpim-dm")
    .description("HPIM-DM multicast routing for Linux")
    .version(version())
    .showHelpAfterError('("--help" shows how to use it)')
    .exitOverride();
  addStartAndStop(program);
  addProtocol(program, "interface", "hpim", "HPIM-DM");
  addProtocol(program, "igmp", "igmp", "IGMP");
  addShow(program);
  return program;
}
