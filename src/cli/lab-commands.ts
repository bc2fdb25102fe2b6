// hpim-dm lab, as the command line describes it.
import type { Command } from "commander";
import { SMALLEST_PAYLOAD_BYTES } from "../traffic/packet.ts";
import { positive } from "./numbers.ts";
import { hops, multicast, packets, payload } from "./traffic-arguments.ts";

function addLabTraffic(lab: Command): void {
  lab
    .command("send")
    .description("send numbered packets from a host to a group")
    .argument("<node>", "name of a host, as the topology file has it")
    .argument("<group>", "such as 239.1.2.3", multicast)
    .requiredOption("--rate <number>", "packets a second", positive)
    .requiredOption("--count <number>", "packets in all", packets)
    .option(
      "--size <bytes>",
      `payload of a packet, at least ${SMALLEST_PAYLOAD_BYTES}`,
      payload(SMALLEST_PAYLOAD_BYTES),
      100,
    )
    .option("--ttl <hops>", "TTL of a packet", hops, 12)
    .option("--name <lab>", "which lab, if several are up")
    .action(async (node, group, options) =>
      (await import("./lab.ts")).labSend(node, group, options),
    );
  lab
    .command("receive")
    .description("join a group and count what comes")
    .argument("<node>", "name of a host, as the topology file has it")
    .argument("<group>", "such as 239.1.2.3", multicast)
    .option("--count <number>", "end after so many packets", packets)
    .option("--name <lab>", "which lab, if several are up")
    .action(async (node, group, options) =>
      (await import("./lab.ts")).labReceive(node, group, options),
    );
}

/** Adds the commands that make labs and use them. */
export function addLabCommands(program: Command): void {
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
    .argument("<node>", "name of a router or host, as the topology file has it")
    .argument("<command...>", "behind --")
    .option("--name <lab>", "which lab, if several are up")
    .action(async (node, command, options) =>
      (await import("./lab.ts")).labExec(node, command, options),
    );
  addLabTraffic(lab);
}
