// The command line: subcommands, their options, and what is loaded when one is called.
import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { isMulticast, parseAddress } from "../base/address.ts";
import { runtimeDir, stateDir } from "./directories.ts";

/** Test packets number themselves in four bytes. */
const MAX_SEQUENCE = 0xffff_ffff;
/** Of UDP over IPv4. */
const MAX_PAYLOAD_BYTES = 65_507;
const PACKAGE = new URL("../../../package.json", import.meta.url);

function version(): string {
  const { name, version: number } = JSON.parse(readFileSync(PACKAGE, "utf8"));
  return `${name} ${number}`;
}

function addStartAndStop(program: Command): void {
  program
    .command("start")
    .description("start the daemon; returns when it answers")
    .option("--config <file>", "configuration file (YAML)")
    .addOption(runtimeDir())
    .addOption(stateDir())
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
  const group = program.command(name).description(`enable or disable ${title} on an interface`);
  for (const [verb, method, effect] of [
    ["add", "PUT", "enable"],
    ["remove", "DELETE", "disable"],
  ] as const) {
    group
      .command(verb)
      .argument("<interface>", "its name")
      .description(`${effect} ${title} on an interface, until the daemon ends`)
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

function positive(text: string): number {
  const value = Number(text);
  if (text !== "" && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError("Expected a number above 0.");
}

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = positive(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
}

function multicast(text: string): string {
  const address = parseAddress(text);
  if (address !== undefined && isMulticast(address)) return text;
  throw new InvalidArgumentError("Expected the address of a group, such as 239.1.2.3.");
}

function addLabTraffic(lab: Command): void {
  lab
    .command("send")
    .description("send numbered packets from a host to a group")
    .argument("<node>")
    .argument("<group>", "such as 239.1.2.3", multicast)
    .requiredOption("--rate <number>", "packets a second", positive)
    .requiredOption("--count <number>", "packets in all", whole(1, MAX_SEQUENCE))
    .option("--size <bytes>", "payload of a packet", whole(1, MAX_PAYLOAD_BYTES), 100)
    .option("--ttl <hops>", "TTL of a packet", whole(1, 255), 12)
    .option("--name <lab>", "which lab, if several are up")
    .action(async (node, group, options) =>
      (await import("./lab.ts")).labSend(node, group, options),
    );
  lab
    .command("receive")
    .description("join a group and count what comes")
    .argument("<node>")
    .argument("<group>", "such as 239.1.2.3", multicast)
    .option("--count <number>", "end after so many packets", whole(1, MAX_SEQUENCE))
    .option("--name <lab>", "which lab, if several are up")
    .action(async (node, group, options) =>
      (await import("./lab.ts")).labReceive(node, group, options),
    );
}

function addLab(program: Command): void {
  const lab = program
    .command("lab")
    .description("networks of namespaces on this machine, to try things in");
  lab
    .command("up")
    .description("make the network of a topology file, with a daemon on each router")
    .argument("<file>", "a file like those in topologies/")
    .option("--name <lab>", "its name; the topology's own unless given")
    .action(async (file, options) => (await import("./lab.ts")).labUp(file, options));
  lab
    .command("down")
    .description("remove a lab and all that it made")
    .option("--name <lab>", "which lab, if several are up")
    .action(async (options) => (await import("./lab.ts")).labDown(options));
  lab
    .command("list")
    .description("the labs that are up")
    .option("--json", "as JSON, for programs")
    .action(async (options) => (await import("./lab.ts")).labList(options));
  lab
    .command("exec")
    .description("run a command in a node; hpim-dm in it asks the node's own daemon")
    .argument("<node>")
    .argument("<command...>", "behind --")
    .option("--name <lab>", "which lab, if several are up")
    .action(async (node, command, options) =>
      (await import("./lab.ts")).labExec(node, command, options),
    );
  addLabTraffic(lab);
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
  addLab(program);
  return program;
}
