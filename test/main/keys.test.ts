// Where the secret of a key comes from, and who gets to see it: the command on a real terminal, and a real daemon.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { parse } from "yaml";
import { valueIn } from "../../src/api/configuration-document.ts";
import { COMMAND } from "../support/command.ts";
import { needsRoot } from "../support/namespace.ts";
import { until } from "../support/until.ts";
import { RouterProcess } from "./router-process.ts";

/** A command that runs: what is typed into it, and all that it has written. */
interface Running {
  readonly pid: number;
  readonly type: (text: string) => void;
  readonly shown: () => string;
  readonly code: Promise<number | null>;
}

function running(t: TestContext, program: string, words: readonly string[]): Running {
  const child = spawn(program, words, { stdio: "pipe" });
  t.after(() => child.kill("SIGKILL"));
  let shown = "";
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding("utf8").on("data", (text: string) => {
      shown += text;
    });
  }
  return {
    pid: child.pid ?? 0,
    type: (text) => child.stdin.write(text),
    shown: () => shown,
    code: new Promise((resolve) => child.once("close", resolve)),
  };
}

/** A daemon with HPIM-DM on r0. */
async function routerOnR0(t: TestContext): Promise<RouterProcess> {
  const router = new RouterProcess(t);
  router.addInterface();
  assert.equal((await router.start()).code, 0);
  assert.equal((await router.at("interface", "add", "r0")).code, 0);
  return router;
}

const adding = ({ runtime }: RouterProcess, identifier: number): readonly string[] => [
  ...[COMMAND, "key", "add", "r0", `${identifier}`, "sha256", "--runtime-dir", runtime],
];

/** The secrets of the keys on r0, as they are kept. */
function keptSecrets({ state }: RouterProcess): readonly unknown[] {
  const file = join(state, "changes.yaml");
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const keys = valueIn(parse(readFileSync(file, "utf8")), ["interfaces", "r0", "security", "keys"]);
  return (keys as readonly { readonly secret: unknown }[]).map(({ secret }) => secret);
}

const isListed = (pid: number, word: string): boolean =>
  readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(word);

test(
  "the secret of a key comes from a file, the standard input or the command line",
  needsRoot,
  async (t) => {
    const router = await routerOnR0(t);
    const file = router.file("secret", "sword fish\r\n");
    const added = await router.at("key", "add", "r0", "1", "sha256", "--secret-file", file);
    assert.deepEqual([added.code, added.err], [0, ""]);
    assert.match(added.out, /^Key 1 signs on r0; /);

    const piped = running(t, "sh", [
      "-c",
      'printf "%s\\n" "sword fish" | "$0" "$@"',
      process.execPath,
      ...adding(router, 2),
    ]);
    assert.equal(await piped.code, 0, piped.shown());

    // While the daemon does not answer, the command can be looked at.
    const daemon = await router.pid();
    process.kill(daemon, "SIGSTOP");
    const typed = running(t, process.execPath, [...adding(router, 3), "--secret", "sword fish"]);
    try {
      await until("it warns", () => typed.shown().includes("list of processes"));
      assert.equal(isListed(typed.pid, "fish"), false);
    } finally {
      process.kill(daemon, "SIGCONT");
    }
    assert.equal(await typed.code, 0, typed.shown());

    assert.deepEqual(keptSecrets(router), ["sword fish", "sword fish", "sword fish"]);
    const list = (await router.at("key", "list")).out;
    assert.equal(list, (await router.at("show", "keys")).out);
    for (const text of [list, (await router.at("config", "show")).out, router.logged()]) {
      assert.doesNotMatch(text, /fish/);
    }
    for (const [text, sentence] of [
      ["", /^hpim-dm: The secret in .*secret is empty\.\n$/],
      ["\n", /^hpim-dm: The secret in .*secret is empty\.\n$/],
      [null, /^hpim-dm: \/nonexistent cannot be read: ENOENT.*\.\n$/],
    ] as const) {
      const from = text === null ? "/nonexistent" : router.file("secret", text);
      const refused = await router.at("key", "add", "r0", "4", "md5", "--secret-file", from);
      assert.deepEqual([refused.code, refused.out], [1, ""]);
      assert.match(refused.err, sentence);
    }
  },
);

test("a secret that is typed is asked for twice, and not shown", needsRoot, async (t) => {
  const router = await routerOnR0(t);
  const command = [process.execPath, ...adding(router, 1)].join(" ");
  /** Types each text once it is asked for. */
  const typing = async (...texts: readonly string[]): Promise<readonly [number | null, string]> => {
    const terminal = running(t, "script", ["-qec", command, "/dev/null"]);
    for (const [i, text] of texts.entries()) {
      const prompt = i === 0 ? "Secret: " : "Again: ";
      await until(prompt, () => terminal.shown().endsWith(prompt));
      terminal.type(text);
    }
    const code = await terminal.code;
    assert.doesNotMatch(terminal.shown(), /fish/);
    return [code, terminal.shown().replaceAll("\r", "")];
  };
  const refused = (sentence: string): string => `Secret: \nhpim-dm: ${sentence}\n`;
  assert.deepEqual(await typing("sword\u0003"), [1, refused("No key was added.")]);
  assert.deepEqual(await typing("\r"), [1, refused("The secret is empty.")]);
  assert.deepEqual(await typing("swordfish\r", "sword-fish\r"), [
    1,
    "Secret: \nAgain: \nhpim-dm: The two are not the same: no key was added.\n",
  ]);
  const [code, shown] = await typing("sword fisch\u007f\u007f\bsh\r", "sword fish\r");
  assert.equal(code, 0);
  assert.match(shown, /^Secret: \nAgain: \nKey 1 signs on r0; /);
  assert.deepEqual(keptSecrets(router), ["sword fish"]);
});
