// Every option of the Python router that is taken, as it is typed, against a real daemon.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { test } from "node:test";
import {
  LOG_DIR_VARIABLE,
  RUNTIME_DIR_VARIABLE,
  STATE_DIR_VARIABLE,
} from "../../src/cli/directories.ts";
import { OLD_OPTIONS } from "../../src/cli/old-options.ts";
import { type Outcome, runProgram } from "../support/command.ts";
import { needsRoot } from "../support/namespace.ts";
import { RouterProcess } from "./router-process.ts";

const environmentOf = ({ runtime, state, log }: RouterProcess): NodeJS.ProcessEnv => ({
  ...process.env,
  [RUNTIME_DIR_VARIABLE]: runtime,
  [STATE_DIR_VARIABLE]: state,
  [LOG_DIR_VARIABLE]: log,
});

const run = (router: RouterProcess, words: readonly string[]): Promise<Outcome> =>
  runProgram("ip", router.words(...words), environmentOf(router));

/** The first line that a command prints, which then is ended. */
async function firstLine(router: RouterProcess, words: readonly string[]): Promise<string> {
  const child = spawn("ip", router.words(...words), {
    env: environmentOf(router),
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    child.kill();
    return line;
  }
  return assert.fail(`${words.join(" ")} printed nothing`);
}

/** What is typed, in this order, and what is printed. FILE is a configuration file. */
const STEPS: readonly (readonly [typed: string, printed: RegExp])[] = [
  ["-start", /^hpim-dm runs \(process \d+\); its log is /],
  ["-ai r0", /^HPIM-DM is enabled on r0\.$/m],
  ["-aiigmp r0", /^IGMP is enabled on r0\.$/m],
  ["-li", /^r0 .*10\.9\.0\.1.*Querier/m],
  ["-ln", /neighbors/],
  ["-lsn", /r0/],
  ["-lns", /neighbor/i],
  ["-ls", /groups[\s\S]*trees/],
  ["-mr", /no .*entries/],
  ["-instances", /^hpim-dm \d\S* +1 +\d+ /m],
  ["-fid", /off/],
  ["-hfs", /off/],
  ["-get_config", /r0:[\s\S]*floodInitialData: false/],
  ["--flood_initial_data", /on/],
  ["-lsec", /^sha3_512 +64/m],
  ["-aisec r0 7 sha256 swordfish", /^Key 7 signs on r0;/],
  ["-risec r0 7", /^Key 7 is gone\. Nothing is signed on r0/],
  ["-ri r0", /^HPIM-DM is disabled on r0\.$/m],
  ["-riigmp r0", /^IGMP is disabled on r0\.$/m],
  ["--add_interface *", /enabled on r1, and starts when it can[\s\S]*enabled on r0\./],
  ["--remove_interface=*", /disabled on r1[\s\S]*disabled on r0/],
  ["-4 -ai r1", /enabled on r1/],
  ["-config FILE", /./],
  ["--list_interfaces", /^r0 .*Querier/m],
  ["-restart", /^hpim-dm runs/m],
  ["--list_interfaces --ipv4", /^r0 .*Querier/m],
  ["-stop", /^hpim-dm has ended\.$/m],
  ["--config FILE", /^hpim-dm runs/],
  ["--version", /^hpim-dm \d/],
  ["-h", /Usage: hpim-dm/],
];

test("the options of the Python router do what they did", needsRoot, async (t) => {
  const router = new RouterProcess(t);
  router.addInterface();
  const file = router.file("router.yaml", "interfaces: {r0: {igmp: true}}\n");
  for (const [typed, printed] of STEPS) {
    const { code, out, err } = await run(router, typed.replace("FILE", file).split(" "));
    assert.equal(code, 0, `${typed}: ${err}`);
    assert.match(out, printed, typed);
  }
  assert.match(await firstLine(router, ["-v"]), /^\d{4}-\d\d-\d\dT\S+ {2}info /);
  const typed = STEPS.flatMap(([line]) => line.split(/[ =]/));
  for (const { short, standing } of OLD_OPTIONS) {
    if (!("commands" in standing) || short === "-v") continue;
    assert.ok(typed.includes(short), `${short} is tried`);
  }
});

test("those that are not taken say why, and change nothing", needsRoot, async (t) => {
  const router = new RouterProcess(t);
  for (const { short, values, standing, note } of OLD_OPTIONS) {
    if (standing.kind !== "not taken") continue;
    const { code, out, err } = await run(router, [short, ...values]);
    assert.deepEqual([code, out, err], [1, "", `hpim-dm: ${short} is not taken: ${note}.\n`]);
  }
});
