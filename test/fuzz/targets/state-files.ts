// The files of the state directory that a daemon reads when it starts: what commands changed, laid over a configuration,
// and the last BootTime of an interface (§4). Whatever is in them, it starts, or says what to do.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HostError } from "../../../src/daemon/host.ts";
import { RunningConfiguration } from "../../../src/daemon/running-configuration.ts";
import { readBootTime } from "../../../src/linux/boot-time-file.ts";
import type { Target, Verdict } from "../../../tools/fuzz/target.ts";
import { SLOW_TEXT } from "../../../tools/fuzz/target.ts";
import { inputOf } from "../../../tools/fuzz/vary-text.ts";
import { configurationTexts, varyConfiguration } from "../configuration-texts.ts";
import { passingDirectory } from "../passing-directory.ts";

const FILE = "interfaces: { eth0: { hpim: true } }";
const LARGEST_BOOT_TIME = 2 ** 32 - 1;
const NAME = "eth0";

function bootTimeText(directory: string): string {
  try {
    const value = readBootTime(directory, NAME);
    assert.ok(Number.isInteger(value) && value >= 0 && value <= LARGEST_BOOT_TIME, `${value}`);
    return "a BootTime";
  } catch (error) {
    assert.ok(error instanceof HostError && error.errno === "EBADMSG", String(error));
    return "none";
  }
}

function running(directory: string): RunningConfiguration {
  const made = RunningConfiguration.of(directory, { file: "/etc/hpim-dm.yaml", text: FILE });
  assert.ok(made instanceof RunningConfiguration);
  return made;
}

function changesVerdict(directory: string, input: Uint8Array): Verdict {
  const made = running(directory);
  const alone = made.configuration;
  const said = made.takeUpKept();
  const aside = join(directory, "changes.yaml.damaged");
  if (said !== null) {
    assert.equal(made.configuration, alone, "what is damaged changes nothing");
    assert.ok(readFileSync(aside).equals(input), "it is kept for its owner");
    const about = said.replace(/^.*?(?=their file|with the)/s, "").replaceAll(/[\d"/].*$/gs, "");
    return { accepted: false, kind: about };
  }
  assert.ok(!existsSync(aside), "what is in force stays where it is");
  return { accepted: true, kind: Object.keys(made.document).join() };
}

/** The same input is both files. */
function execute(input: Uint8Array): Verdict {
  const directory = passingDirectory();
  for (const name of readdirSync(directory)) rmSync(join(directory, name));
  for (const name of ["changes.yaml", `boot-time.${NAME}`]) {
    writeFileSync(join(directory, name), input);
  }
  const boot = bootTimeText(directory);
  const { accepted, kind } = changesVerdict(directory, input);
  return { accepted: accepted || boot !== "none", kind: `${boot}; ${kind}` };
}

/** What YAML a daemon writes, and numbers. */
export const target: Target = {
  ...SLOW_TEXT,
  name: "state-files",
  share: 0.1,
  seeds: () => ["1700000000\n", "0\n", "4294967295\n", ...configurationTexts()].map(inputOf),
  vary: varyConfiguration,
  execute,
};
