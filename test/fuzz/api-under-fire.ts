// A control API in process, on an engine that runs in memory, and what must hold of each of its answers.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { controlApi } from "../../src/daemon/control-api.ts";
import { Engine } from "../../src/daemon/engine.ts";
import { EventStreams } from "../../src/daemon/event-streams.ts";
import { metricsOf } from "../../src/daemon/metrics/metrics.ts";
import type { RunningConfiguration } from "../../src/daemon/running-configuration.ts";
import type { Verdict } from "../../tools/fuzz/target.ts";
import { link, ObservedMachine } from "../daemon/observed-machine.ts";
import { runningOf } from "../daemon/served-daemon.ts";
import { surroundingsOf } from "../support/surroundings.ts";
import type { PlainRequest } from "./api-requests.ts";
import { passingDirectory } from "./passing-directory.ts";

const FILE = "/etc/hpim-dm.yaml";
/** What runs before each request. */
const BEGINNING = `hpim: { helloPeriod: 3 }
interfaces:
  eth1:
    hpim: true
    igmp: { queryInterval: 60 }
    security: { keys: [{ identifier: 1, algorithm: sha256, secret: abc }] }
  eth2: { hpim: true }
`;
const ORIGIN = "http://localhost";
const WITHOUT_BODY = new Set(["GET", "HEAD"]);
const CHANGES = "changes.yaml";
const EVENTS = "/v1/events";
const ONLY_READS = new Set(["/v1/configuration/check", "/v1/stop"]);

/** A route, as the API describes it. */
interface Route {
  readonly template: string;
  readonly matches: RegExp;
  readonly statuses: ReadonlyMap<string, readonly number[]>;
}

type Description = Record<string, Record<string, { readonly responses: object }>>;

function routesOf(paths: Description): readonly Route[] {
  return Object.entries(paths).map(([template, methods]) => ({
    template,
    matches: new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
    statuses: new Map(
      Object.entries(methods).map(([method, { responses }]) => [
        method.toUpperCase(),
        Object.keys(responses).map(Number),
      ]),
    ),
  }));
}

/** What a change that is refused leaves as it is. */
interface Before {
  readonly running: unknown;
  readonly inEngine: unknown;
  readonly onDisk: string;
}

type Api = ReturnType<typeof controlApi>;

/** The API, the daemon behind it, and what the API says of itself. */
export class ApiUnderFire {
  readonly #api: Api;
  readonly #host: ObservedMachine;
  readonly #engine: Engine;
  readonly #running: RunningConfiguration;
  readonly #routes: readonly Route[];
  readonly #streams: EventStreams;
  #beginning: unknown;

  private constructor(made: {
    readonly api: Api;
    readonly host: ObservedMachine;
    readonly engine: Engine;
    readonly running: RunningConfiguration;
    readonly routes: readonly Route[];
    readonly streams: EventStreams;
  }) {
    this.#api = made.api;
    this.#host = made.host;
    this.#engine = made.engine;
    this.#running = made.running;
    this.#routes = made.routes;
    this.#streams = made.streams;
    this.#beginning = made.running.configuration;
  }

  /** A new one. */
  static async open(): Promise<ApiUnderFire> {
    const host = new ObservedMachine();
    const engine = new Engine({ host, report: () => undefined, seed: 1 });
    const links = [link(1), { ...link(2), up: false }, { ...link(3), name: "lo", loopback: true }];
    engine.handle({ kind: "links", links });
    const stateDirectory = passingDirectory();
    const running = runningOf(stateDirectory, BEGINNING);
    engine.handle({ kind: "configure", configuration: running.configuration });
    const files = { stateDirectory, logDirectory: null };
    const program = "fuzzed";
    const metrics = metricsOf({ engine, running, program });
    // What inputs ask for must open no port of this machine.
    const listener = { follow: async () => null };
    const streams = new EventStreams();
    const api = controlApi({
      ...{ engine, running, program, files, metrics, listener, streams, stop: () => undefined },
      surroundings: surroundingsOf(),
    });
    const described = await api.fetch(new Request(`${ORIGIN}/v1/openapi.json`));
    const { paths } = (await described.json()) as { readonly paths: Description };
    return new ApiUnderFire({ api, host, engine, running, streams, routes: routesOf(paths) });
  }

  #look(): Before {
    const directory = passingDirectory();
    const names = readdirSync(directory);
    assert.ok(
      names.every((name) => name === CHANGES),
      `left in the directory: ${names.join()}`,
    );
    const onDisk = names.length === 0 ? "" : readFileSync(join(directory, CHANGES), "utf8");
    const { configuration: running } = this.#running;
    return { running, inEngine: this.#engine.configuration, onDisk };
  }

  /** Sends a request. Throws if its answer, or what it leaves behind, is not as it should be. */
  async judge(plain: PlainRequest): Promise<Verdict> {
    const request = requestFor(plain);
    if (request === null) return { accepted: false, kind: "no request" };
    const before = this.#look();
    const response = await this.#api.fetch(request);
    const { status } = response;
    const { pathname } = new URL(request.url);
    const route = this.#expectStatus(request.method, pathname, status);
    if (status === 200 && pathname === EVENTS) {
      // It would go on without end.
      await response.body?.cancel();
      assert.ok(this.#streams.isEmpty, "who has gone is forgotten");
      return { accepted: true, kind: `${request.method} ${route} ${status}` };
    }
    const text = await response.text();
    const said = expectAnswer(request.method, status, text);
    const changes =
      status === 200 && !WITHOUT_BODY.has(request.method) && !ONLY_READS.has(pathname);
    if (!changes) assert.deepEqual(Object.values(this.#look()), Object.values(before));
    else await this.#beginAgain();
    this.#host.calls.length = 0;
    this.#host.sent.length = 0;
    return { accepted: status === 200, kind: `${request.method} ${route} ${status} ${said}` };
  }

  #expectStatus(method: string, pathname: string, status: number): string {
    assert.notEqual(status, 500, "nothing fails");
    if (method === "HEAD") {
      assert.equal(status, 501);
      return "any";
    }
    const routes = this.#routes.filter(({ matches }) => matches.test(pathname));
    const documented = routes.flatMap(({ statuses }) => statuses.get(method) ?? []);
    const isDocumented = documented.includes(status);
    assert.ok(isDocumented || isUnknown(status, documented, pathname), `${status} is documented`);
    return routes[0]?.template ?? "nowhere";
  }

  /** Also tests that what runs, whatever it is, can be replaced. */
  async #beginAgain(): Promise<void> {
    const { running, inEngine } = this.#look();
    assert.equal(running, inEngine, "what is kept is what runs");
    if (running === this.#beginning) return;
    const body = JSON.stringify({ file: FILE, text: BEGINNING });
    const headers = { "content-type": "application/json" };
    const about = { method: "PUT", headers, body };
    const answer = await this.#api.fetch(new Request(`${ORIGIN}/v1/configuration`, about));
    assert.equal(answer.status, 200, await answer.text());
    this.#beginning = this.#running.configuration;
  }
}

/** Nothing is there, which may also be so of what the description is under. */
const isUnknown = (status: number, documented: readonly number[], pathname: string): boolean =>
  (documented.length === 0 && status === 404) ||
  (pathname === "/v1/openapi.json" && status === 200);

function expectAnswer(method: string, status: number, text: string): string {
  if (method === "HEAD") {
    assert.equal(text, "");
    return "";
  }
  const answer = JSON.parse(text) as { readonly error?: unknown; readonly version?: unknown };
  if (status === 200) {
    assert.ok(answer.version === 1 || "openapi" in answer, "an answer has its version");
    return "";
  }
  assert.ok(typeof answer.error === "string" && answer.error.length > 0, "it says what is wrong");
  return answer.error.replaceAll(/[\d"/].*$/gs, "").slice(0, 30);
}

/** null: no client can send that. */
function requestFor({ method, path, type, body }: PlainRequest): Request | null {
  try {
    const headers = type === "" ? {} : { "content-type": type };
    const hasBody = body !== "" && !WITHOUT_BODY.has(method);
    return new Request(ORIGIN + path, { method, headers, ...(hasBody && { body }) });
  } catch {
    return null;
  }
}
