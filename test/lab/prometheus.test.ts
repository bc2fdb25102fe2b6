// A real Prometheus on a router of the seven-router network reads the metrics of all of them, and our rules.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { parse, stringify } from "yaml";
import { formatAddress } from "../../src/base/address.ts";
import { execInNode, spawnInNode } from "../../src/lab/exec.ts";
import { LabNetwork } from "../scenarios/lab-network.ts";
import { untilSynced } from "../scenarios/scenario-network.ts";
import { whenDone } from "../support/cleanup.ts";
import { metricsIn, promtool } from "../support/metrics.ts";
import { needsRoot } from "../support/namespace.ts";
import { fromRoot } from "../support/root.ts";
import { readTopology } from "../topology/files.ts";
import { fileOf, typed } from "./operator.ts";

const TOPOLOGY = readTopology("seven-routers");
const NEIGHBORS = { R1: 3, R2: 6, R3: 5, R4: 5, R5: 5, R6: 4, R7: 2 };
const GROUP = "224.12.12.12";
/** Where Prometheus runs, and asks and is asked. */
const WATCHER = "R7";
const SERVER = "127.0.0.1:9090";

/** Where the daemon of a router serves its metrics. */
function addressOf(router: string): string {
  const [first] = TOPOLOGY.routers.get(router)?.interfaces ?? [];
  const address = first?.address ?? assert.fail(`${router} has an address`);
  return `${formatAddress(address)}:9786`;
}

/** Has the daemon of a router serve its metrics, as an operator would. */
async function serveMetrics(network: LabNetwork, router: string): Promise<void> {
  const document = parse(await typed(network, router, "config", "show"));
  const file = fileOf(network, router);
  writeFileSync(file, stringify({ ...document, metrics: { listen: addressOf(router) } }));
  assert.equal(await typed(network, router, "config", "load", file), `${file} is in force.\n`);
}

/** Prometheus with our rules on a router, until the test ends. */
async function startPrometheus(context: TestContext, { lab }: LabNetwork): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "hpt-prometheus-"));
  const configuration = join(directory, "prometheus.yml");
  const targets = Object.keys(NEIGHBORS).map(addressOf);
  writeFileSync(
    configuration,
    stringify({
      global: { scrape_interval: "500ms", evaluation_interval: "500ms" },
      rule_files: [fromRoot("packaging", "prometheus-alerts.yaml")],
      scrape_configs: [{ job_name: "hpim-dm", static_configs: [{ targets }] }],
    }),
  );
  const storage = join(directory, "data");
  mkdirSync(storage);
  const options = [`--config.file=${configuration}`, `--storage.tsdb.path=${storage}`];
  const command = ["prometheus", ...options, `--web.listen-address=${SERVER}`];
  const child = spawnInNode(lab, WATCHER, { command, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr?.on("data", (bytes) => {
    said += bytes;
  });
  const end = once(child, "close");
  whenDone(context, async () => {
    child.kill("SIGTERM");
    await end;
    rmSync(directory, { recursive: true });
  });
  child.once("error", (error) => {
    said += error.message;
  });
  await promtool(["check", "config", configuration]);
  assert.equal(child.exitCode, null, said);
}

interface Vector {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [at: number, value: string];
}

/** What Prometheus answers to a query: values by the label `by`. */
async function queried(
  { lab }: LabNetwork,
  expression: string,
  by = "instance",
): Promise<Readonly<Record<string, number>>> {
  const query = ["promtool", "query", "instant", "--format=json", `http://${SERVER}`, expression];
  const { code, stdout, stderr } = await execInNode(lab, WATCHER, query);
  assert.deepEqual([code, stderr], [0, ""], expression);
  const vectors: readonly Vector[] = JSON.parse(stdout);
  return Object.fromEntries(
    vectors.map(({ metric, value: [, value] }) => [metric[by] ?? "", Number(value)]),
  );
}

const byAddress = (values: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(values).map(([router, value]) => [addressOf(router), value]));

const everywhere = (value: number): Readonly<Record<string, number>> =>
  byAddress(Object.fromEntries(Object.keys(NEIGHBORS).map((router) => [router, value])));

test(
  "on the real kernel: Prometheus reads all seven routers, with their neighbors, trees and packets, and sees one end",
  needsRoot,
  async (context) => {
    const network = await LabNetwork.up(context, TOPOLOGY, { captured: [] });
    await network.start();
    await untilSynced(network, NEIGHBORS);
    for (const router of Object.keys(NEIGHBORS)) await serveMetrics(network, router);
    for (const host of ["Client0", "Client1"]) await network.join(host, GROUP);
    await network.send("Source", [GROUP], 20);
    await startPrometheus(context, network);
    const holds = (
      expression: string,
      expected: Readonly<Record<string, number>>,
      by?: string,
    ): Promise<void> =>
      network.until(async () =>
        assert.deepEqual(await queried(network, expression, by), expected, expression),
      );
    await holds("up", everywhere(1));
    await holds('sum by (instance) (hpim_neighbors{state="SYNCED"})', byAddress(NEIGHBORS));
    await holds('hpim_trees{state="ACTIVE"}', everywhere(1));
    await holds("hpim_kernel_entries", everywhere(1));
    await holds("hpim_kernel_entry_differences", everywhere(0));
    const flows = `(hpim_tree_packets_total{group="${GROUP}",source="10.1.1.100"} > bool 100)`;
    await holds(flows, everywhere(1));
    // Each link of the seven is let on to by one router: what goes out onto E comes from one of R2, R3 and R4.
    const onE = ["R2", "R3", "R4"].map(addressOf).join("|").replaceAll(".", "\\\\.");
    const rate = `rate(hpim_interface_packets_total{instance=~"${onE}",interface="eth1",direction="out"}[5s])`;
    await holds(`count(${rate} > 5)`, { "": 1 });
    await holds('hpim_groups{interface="eth1"} > 0', {
      [addressOf("R6")]: 1,
      [addressOf("R7")]: 1,
    });

    const text = await typed(network, "R4", "show", "metrics");
    assert.equal(metricsIn(text).get("hpim_build_info")?.values.size, 1);
    await promtool(["check", "metrics"], text);

    await network.stop("R3");
    await holds("up == 0", { [addressOf("R3")]: 0 });
    const failed = 'sum by (reason) (hpim_neighbor_failures_total{reason="goodbye"})';
    await holds(failed, { goodbye: 5 }, "reason");
    await holds('ALERTS{alertname="HpimDaemonDown"}', { [addressOf("R3")]: 1 });
  },
);
