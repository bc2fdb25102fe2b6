// hpim-dm send and receive, as the command line describes them.
import type { Command } from "commander";
import { SMALLEST_DATED_BYTES } from "../traffic/packet.ts";
import { examples } from "./examples.ts";
import { positive } from "./numbers.ts";
import {
  deviceOption,
  hops,
  multicast,
  packets,
  payload,
  portOption,
  sourceOption,
  spanOption,
  summaryOption,
} from "./traffic-arguments.ts";

function addSend(program: Command): void {
  program
    .command("send")
    .summary("send numbered packets to a group, from this machine")
    .description(
      'send numbered packets to a group, from this machine, for "hpim-dm receive" elsewhere; it needs no daemon',
    )
    .argument("<group>", "such as 239.1.2.3", multicast)
    .addOption(portOption())
    .option("--rate <number>", "packets a second", positive, 10)
    .option(
      "--size <bytes>",
      `payload of a packet, at least ${SMALLEST_DATED_BYTES}`,
      payload(SMALLEST_DATED_BYTES),
      100,
    )
    .option("--count <number>", "end after so many packets", packets)
    .addOption(spanOption())
    .addOption(deviceOption("where they leave; without, where the routes say"))
    .addOption(sourceOption("the address of this machine that they are sent from"))
    .option("--ttl <hops>", "TTL of a packet; each router takes one", hops, 64)
    .addOption(summaryOption())
    .addHelpText(
      "after",
      examples(
        ["hpim-dm send 239.1.2.3 --interface eth0", "10 packets a second until Ctrl-C"],
        ["hpim-dm send 239.1.2.3 --rate 1000 --size 1316 --for 1min", "a minute of video"],
      ),
    )
    .action(async (group, options) => (await import("./send.ts")).send(group, options));
}

function addReceive(program: Command): void {
  program
    .command("receive")
    .summary("join a group on this machine, and say what comes of it")
    .description(
      'join a group on this machine, and say what comes of "hpim-dm send": rate, loss, duplicates, order, delay and ' +
        "jitter. It needs no daemon. It ends with 1 if nothing came.",
    )
    .argument("<group>", "such as 239.1.2.3", multicast)
    .addOption(sourceOption("join the group of this source only (IGMPv3)"))
    .addOption(deviceOption("where to join; without, where the routes say"))
    .addOption(portOption())
    .option("--count <number>", "end after so many packets", packets)
    .addOption(spanOption())
    .addOption(summaryOption())
    .addHelpText(
      "after",
      examples(
        ["hpim-dm receive 239.1.2.3 --interface eth0", "until Ctrl-C"],
        ["hpim-dm receive 239.1.2.3 --count 1 --for 10s && echo it comes", "in a script"],
      ),
    )
    .action(async (group, options) => (await import("./receive.ts")).receive(group, options));
}

/** Adds the commands that send and receive test packets. */
export function addTrafficCommands(program: Command): void {
  addSend(program);
  addReceive(program);
}
