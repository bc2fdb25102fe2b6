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

/**
 * What is typed, in this order, what is printed, and the exit code; what is refused is printed as an error. FILE, LEGACY
 * and BAD are configuration files.
 */
const STEPS: readonly (readonly [typed: string, printed: RegExp, code?: 1 | 2])[] = [
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
  ["-fid", /^floodInitialData is off\.$/m],
  ["-hfs", /^holdForwarding is off\.$/m],
  ["-lsec", /^sha256 +32$[\s\S]*^blake2s +32$/m],
  ["-aisec r0 7 sha256 swordfish", /^Key 7 signs on r0; /],
  ["-aisec r0 8 md5 sword-fish", /^Key 8 signs on r0; .* weak/],
  ["-aisec r0 9 shake_128 swordfish", /'shake_128' is invalid/, 2],
  ["-aisec r0 9 md5 ", /secret: expected the secret, a text of at least one character\./, 1],
  ["-risec r0 9", /^hpim-dm: r0 has no key 9 /m, 1],
  ["-risec r0 8", /^Key 8 is gone\. Key 7 signs on r0; /],
  ["-get_config", /r0:[\s\S]*secret: <redacted>/],
  ["-restart", /^hpim-dm runs/m],
  ["-risec r0 7", /^Key 7 is gone\. Nothing is signed on r0, /],
  ["-get_config", /^hpim:\n {2}floodInitialData: false\n {2}holdForwarding: false\n[\s\S]*r0:/],
  ["--flood_initial_data", /^floodInitialData is on\.$/m],
  ["-ri r0", /^HPIM-DM is disabled on r0\.$/m],
  ["-riigmp r0", /^IGMP is disabled on r0\.$/m],
  ["--add_interface *", /enabled on r1, and starts when it can[\s\S]*enabled on r0\./],
  ["--remove_interface=*", /disabled on r1[\s\S]*disabled on r0/],
  ["-4 -ai r1", /enabled on r1/],
  ["-config BAD", /^hpim-dm: .*bad\.yaml:1:8: hpim\.helo: /, 1],
  [
    "-config LEGACY",
    /legacy\.yaml is in force[\s\S]*:1:\d+: HPIM-DM\S*HELLO_PERIOD: had no effect/,
  ],
  ["-config FILE", /router\.yaml is in force/],
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
  const legacy = "HPIM-DM: {DefaultTimers: {HELLO_PERIOD: 5}}\n";
  const files = new Map([
    ["FILE", router.file("router.yaml", "interfaces: {r0: {igmp: true}}\n")],
    ["LEGACY", router.file("legacy.yaml", legacy)],
    ["BAD", router.file("bad.yaml", "hpim: {helo: 5}\n")],
  ]);
  for (const [typed, printed, wanted = 0] of STEPS) {
    const words = typed.split(" ").map((word) => files.get(word) ?? word);
    const { code, out, err } = await run(router, words);
    assert.equal(code, wanted, `${typed}: ${err}`);
    assert.match(code === 0 ? out : err, printed, typed);
    assert.doesNotMatch(out + err, /sword/, typed);
    const isWarned = /^hpim-dm: .* shows in the list of processes/.test(err);
    assert.equal(isWarned, typed.startsWith("-aisec") && code !== 2, typed);
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
