// An engine on a machine in memory, served on a real control socket.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { controlApi } from "../../src/daemon/control-api.ts";
import { claimControlSocket, serveControlSocket } from "../../src/daemon/control-socket.ts";
import { Engine } from "../../src/daemon/engine.ts";
import { EventStreams } from "../../src/daemon/event-streams.ts";
import { NoticeLog } from "../../src/daemon/log.ts";
import { metricsOf } from "../../src/daemon/metrics/metrics.ts";
import { MetricsListener } from "../../src/daemon/metrics/metrics-listener.ts";
import { RunningConfiguration } from "../../src/daemon/running-configuration.ts";
import { type Lifetime, whenDone } from "../support/cleanup.ts";
import { surroundingsOf } from "../support/surroundings.ts";
import { link, ObservedMachine } from "./observed-machine.ts";

/** A directory that goes when the test ends. */
export function directory(t: Lifetime): string {
  const path = mkdtempSync(join(tmpdir(), "hpt-control-"));
  whenDone(t, () => rmSync(path, { recursive: true }));
  return path;
}

/** An answer of the control API. */
export interface Answer {
  readonly status: number | undefined;
  readonly body: unknown;
}

/** A daemon that is served; unless told otherwise with eth1, which is up, eth2, which is down, and lo. */
export interface Served {
  readonly host: ObservedMachine;
  readonly engine: Engine;
  /** Of the control socket. */
  readonly path: string;
  readonly runtimeDirectory: string;
  readonly stateDirectory: string;
  /** Hear of what the engine reports. */
  readonly streams: EventStreams;
  /** Lines of the log. */
  readonly logged: readonly string[];
  readonly stops: () => number;
  readonly ask: (method: string, path: string, body?: unknown) => Promise<Answer>;
}

function ask(socketPath: string, method: string, path: string, body?: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { "content-type": "application/json" };
    const asked = request({ socketPath, method, path, headers, agent: false }, async (response) => {
      resolve({ status: response.statusCode, body: JSON.parse(await text(response)) });
    });
    asked.once("error", reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** The changes that are kept in a state directory, without their heading; "" if none ever were. */
export function changesIn(stateDirectory: string): string {
  const file = join(stateDirectory, "changes.yaml");
  return existsSync(file) ? readFileSync(file, "utf8").replaceAll(/^#.*\n/gm, "") : "";
}

/** A running configuration, of a file that has no problems. */
export function runningOf(stateDirectory: string, fileText = ""): RunningConfiguration {
  const file = fileText === "" ? null : "/etc/hpim-dm.yaml";
  const running = RunningConfiguration.of(stateDirectory, { file, text: fileText });
  assert.ok(running instanceof RunningConfiguration, JSON.stringify(running));
  return running;
}

/** Serves a daemon, configured by the file text `configuration`, until the test ends. */
export function serve(t: Lifetime, configuration = ""): Promise<Served> {
  const host = new ObservedMachine();
  const streams = new EventStreams();
  const logged: string[] = [];
  const engine = new Engine({
    ...{ host, report: (notice) => log.write(notice), seed: 1 },
    onConfigured: (configured) => log.setLevels(configured.log),
  });
  const log = new NoticeLog({
    ...{ output: { write: (line) => logged.push(line) }, streams },
    nameOf: (index) => engine.nameOf(index),
    showMessages: (take) => engine.showMessages(take),
  });
  const links = [link(1), { ...link(2), up: false }, { ...link(3), name: "lo", loopback: true }];
  engine.handle({ kind: "links", links });
  const stateDirectory = join(directory(t), "state");
  const running = runningOf(stateDirectory, configuration);
  engine.handle({ kind: "configure", configuration: running.configuration });
  return serveEngine(t, { host, engine, stateDirectory, streams, logged, running });
}

interface Serving
  extends Pick<Served, "host" | "engine" | "stateDirectory" | "streams" | "logged"> {
  readonly running: RunningConfiguration;
}

/** Serves an engine that only lists are asked of. */
export function serveLists(t: Lifetime, made: Pick<Served, "host" | "engine">): Promise<Served> {
  const stateDirectory = join(directory(t), "state");
  const running = runningOf(stateDirectory);
  const streams = new EventStreams();
  return serveEngine(t, { ...made, stateDirectory, streams, logged: [], running });
}

/** Serves an engine, as it is configured, until the test ends. */
async function serveEngine(
  t: Lifetime,
  { host, engine, stateDirectory, streams, logged, running }: Serving,
): Promise<Served> {
  let stops = 0;
  const stop = (): void => {
    stops++;
  };
  const files = { stateDirectory, logDirectory: null };
  const program = "hpim-dm test";
  const metrics = metricsOf({ engine, running, program });
  const nothing = (): void => undefined;
  const listener = new MetricsListener(metrics, { info: nothing, warn: nothing });
  t.after(() => listener.close());
  const api = controlApi({
    ...{ engine, running, program, files, metrics, listener, streams, stop },
    surroundings: surroundingsOf(),
  });
  const runtimeDirectory = join(directory(t), "run");
  const path = await claimControlSocket(runtimeDirectory);
  const socket = await serveControlSocket(path, (incoming) => api.fetch(incoming));
  t.after(() => {
    streams.end();
    return socket.close();
  });
  return {
    ...{ host, engine, path, runtimeDirectory, stateDirectory, streams, logged },
    stops: () => stops,
    ask: (method, where, body) => ask(path, method, where, body),
  };
}
