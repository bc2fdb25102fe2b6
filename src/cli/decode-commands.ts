// hpim-dm decode, as the command line describes it.
import type { Command } from "commander";
import { Option } from "commander";
import type { WrittenKey } from "./decode/written-key.ts";
import { writtenKey } from "./decode/written-key.ts";
import { examples } from "./examples.ts";

/** An option that may be given several times. */
const keys = (flags: string, description: string): Option =>
  new Option(flags, description)
    .default([], "none")
    .argParser((text, before: readonly WrittenKey[]) => [...before, writtenKey(text)]);

/** Adds the command that shows captures. */
export function addDecodeCommand(program: Command): void {
  program
    .command("decode")
    .summary("show the messages of HPIM-DM in a capture")
    .description(
      "show the messages of HPIM-DM in a capture (pcap or pcapng), also one that is malformed; to whom an Ack belongs, " +
        "what nobody acknowledged and, with keys, whether signatures are right. It asks no daemon.",
    )
    .argument("<file>", 'what tcpdump or Wireshark has written; "-": the standard input')
    .addOption(
      keys(
        "--key <identifier:algorithm:secret>",
        "a key to check signatures with; may be repeated; the secret shows in the list of processes",
      ),
    )
    .addOption(
      keys("--key-file <identifier:algorithm:file>", "the same, with the secret in a file"),
    )
    .option("--json", "as JSON, for programs: an object a line")
    .addHelpText(
      "after",
      examples(
        ["hpim-dm decode link.pcap", "what was said"],
        ["hpim-dm decode link.pcap --key-file 7:sha256:/root/eth0", "and who has the key"],
        ["tcpdump -Uni eth0 -w - proto 103 | hpim-dm decode -", "while it is said"],
      ),
    )
    .action(async (file, options) => (await import("./decode/decode.ts")).decode(file, options));
}
