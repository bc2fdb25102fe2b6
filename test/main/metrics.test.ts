// Where a daemon serves its metrics: as its file says, from its start on and after each SIGHUP, and if it can.
import assert from "node:assert/strict";
import { test } from "node:test";
import { runProgram } from "../support/command.ts";
import { metricsIn } from "../support/metrics.ts";
import { needsRoot } from "../support/namespace.ts";
import { until } from "../support/until.ts";
import { RouterProcess } from "./router-process.ts";

const PORT = 9786;
const WITH_METRICS = `metrics: {listen: "127.0.0.1:${PORT}"}\n`;

/** What is answered in the namespace of a router, or why nothing is. */
async function fetched({ namespace }: RouterProcess): Promise<string> {
  const url = `http://127.0.0.1:${PORT}/metrics`;
  const script = `fetch("${url}").then((a)=>a.text(),(e)=>e.cause.code).then(console.log)`;
  const words = ["netns", "exec", namespace.name, process.execPath, "-e", script];
  return (await runProgram("ip", words)).out;
}

const sentences = (router: RouterProcess): readonly string[] =>
  router
    .logged()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line).msg);

test(
  "metrics are served where the file says; a daemon that cannot do so starts all the same, and says why",
  needsRoot,
  async (t) => {
    const router = new RouterProcess(t);
    router.namespace.ip("link set lo up");
    const file = router.file("r.yaml", 'metrics: {listen: "192.0.2.1:9786"}\n');
    assert.equal((await router.start("--config", file)).code, 0);
    const cannot =
      "Metrics are not served on 192.0.2.1:9786: no interface has this address. It is tried again and again.";
    await until("the log says so", () => sentences(router).includes(cannot));
    const shown = await router.at("show", "metrics");
    assert.equal(metricsIn(shown.out).get("hpim_build_info")?.values.size, 1);

    router.file("r.yaml", WITH_METRICS);
    process.kill(await router.pid(), "SIGHUP");
    const are = `Metrics are served on 127.0.0.1:${PORT}.`;
    await until("the log says so", () => sentences(router).includes(are));
    const loaded = metricsIn(await fetched(router)).get("hpim_configuration_last_load_successful");
    assert.deepEqual([...(loaded?.values ?? [])], [["", 1]]);

    router.file("r.yaml", "metrics: {listen: nowhere}\n");
    process.kill(await router.pid(), "SIGHUP");
    await until("it is refused", async () =>
      (await fetched(router)).includes("\nhpim_configuration_last_load_successful 0\n"),
    );

    router.file("r.yaml", "{}\n");
    const { out } = await router.at("config", "load", file);
    assert.equal(out, `${file} is in force.\n`);
    assert.equal(await fetched(router), "ECONNREFUSED\n");

    const other = router.file("other.yaml", 'metrics: {listen: "192.0.2.1:9786"}\n');
    const answer = await router.at("config", "load", other);
    assert.equal(answer.code, 0);
    assert.ok(answer.out.endsWith(`\n${cannot}\n`), answer.out);
  },
);
