// The daemon: the engine on a real kernel, with its control socket, until it is told to stop.
import { mkdirSync } from "node:fs";
import { isatty } from "node:tty";
import type { Logger } from "pino";
import { formatProblem } from "../api/file-problem.ts";
import type { Configuration } from "../daemon/configuration.ts";
import { controlApi } from "../daemon/control-api.ts";
import type { Loadable } from "../daemon/control-changes.ts";
import { loadFile } from "../daemon/control-changes.ts";
import type { ControlSocket } from "../daemon/control-socket.ts";
import { claimControlSocket, serveControlSocket } from "../daemon/control-socket.ts";
import { Engine } from "../daemon/engine.ts";
import type { EngineOptions } from "../daemon/engine-options.ts";
import type { Log } from "../daemon/log.ts";
import { NoticeLog } from "../daemon/log.ts";
import { metricsOf } from "../daemon/metrics/metrics.ts";
import { MetricsListener } from "../daemon/metrics/metrics-listener.ts";
import { recorded } from "../daemon/recording/recorded.ts";
import type { RunningConfiguration } from "../daemon/running-configuration.ts";
import { LinuxHost } from "../linux/host.ts";
import { ServiceManager } from "../linux/service-manager.ts";
import { LINUX_SURROUNDINGS } from "../linux/surroundings.ts";
import { readConfiguration, readText, refuseWithoutSecrets } from "./configuration-source.ts";
import { openRecording } from "./recording.ts";
import { hostRefusal, refusalOf, StartupError, startupFields } from "./startup-error.ts";

/** Where a daemon finds and leaves its files. */
export interface DaemonOptions {
  /** Configuration file; undefined: nothing is configured. */
  readonly configFile: string | undefined;
  readonly runtimeDirectory: string;
  readonly stateDirectory: string;
  /** Where whoever starts us has our log; undefined: we run in the foreground. */
  readonly logDirectory: string | undefined;
  /** Forget what commands changed. */
  readonly clean: boolean;
  /** File that takes a recording of the engine; undefined: none is made. */
  readonly recordFile: string | undefined;
  /** Name and version. */
  readonly program: string;
}

function makeStateDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartupError(`The state directory ${directory} cannot be made: ${reason}.`, {
      cause,
    });
  }
}

/** What runs from now on: the file, with what commands changed. Throws StartupError. */
function takeUpChanges(running: RunningConfiguration, clean: boolean, logger: Logger): void {
  if (clean) {
    // What is kept may be all that has the secrets: a start that is refused must not forget it.
    refuseWithoutSecrets(running);
    running.forgetKept();
  }
  const remark = running.takeUpKept();
  if (remark !== null) logger.warn(startupFields(), remark);
  refuseWithoutSecrets(running);
  for (const about of running.remarks) {
    logger.warn(startupFields(), formatProblem(running.file ?? "", about));
  }
}

interface Parts {
  readonly engine: Engine;
  readonly host: LinuxHost;
  readonly log: NoticeLog;
}

function openEngine(
  { routingTable }: Configuration,
  { stateDirectory, recordFile, program }: DaemonOptions,
  { output, streams, own }: Log,
): Parts {
  const file = recordFile === undefined ? null : openRecording(recordFile, own);
  try {
    const host = new LinuxHost({
      stateDirectory,
      routingTable,
      onEvent: (event) => engine.handle(event),
    });
    const seed = Math.floor(Math.random() * 2 ** 32);
    const parts: EngineOptions = {
      ...{ host, report: (notice) => log.write(notice), seed },
      onConfigured: (configuration) => log.setLevels(configuration.log),
    };
    const about = { program, time: new Date().toISOString() };
    const engine = new Engine(
      file === null ? parts : recorded(parts, about, (line) => file.write(line)),
    );
    const log = new NoticeLog({
      ...{ output, streams, nameOf: (index) => engine.nameOf(index) },
      showMessages: (take) => engine.showMessages(take),
    });
    return { engine, host, log };
  } catch (error) {
    throw hostRefusal(error);
  }
}

const STANDARD_ERROR = 2;
const STOP_SIGNALS = ["SIGTERM", "SIGINT"] as const;

/** The first of these signals and a request by the control API; later ones change nothing. */
function stopRequest(): { readonly requested: Promise<void>; readonly request: () => void } {
  let request = (): void => undefined;
  const requested = new Promise<void>((resolve) => {
    request = resolve;
  });
  for (const signal of STOP_SIGNALS) process.on(signal, request);
  return { requested, request };
}

/** What there is to be said of something, and how loudly. */
type Remark = readonly [level: "info" | "warn" | "error", sentence: string];

/** Has the daemon run its configuration file as it is now, as "config load" does. Returns what became of it. */
async function reload(daemon: Loadable): Promise<Remark> {
  const { file } = daemon.running;
  if (file === null) {
    return ["warn", "SIGHUP changes nothing: the daemon was started without a configuration file."];
  }
  try {
    const { status, sentence } = await loadFile(daemon, { file, text: readText(file) });
    if (status === 200) return ["info", sentence];
    return ["error", status === 422 ? `Nothing has changed:\n${sentence}` : sentence];
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    daemon.running.refusedLoad();
    return ["error", `Nothing has changed. ${refusalOf(error)}`];
  }
}

/** The service manager that started this process. */
const serviceManager = (logger: Logger): ServiceManager =>
  new ServiceManager(process.env, ({ message }) => logger.warn(`Cannot report: ${message}.`));

/** The same, told to the log and to the service manager. */
async function reloadFile(
  daemon: Loadable,
  manager: ServiceManager,
  logger: Logger,
): Promise<void> {
  manager.reloading();
  const [level, sentence] = await reload(daemon);
  logger[level](sentence);
  manager.ready(sentence);
}

/** SIGHUP: run the file as it is now; but if the log goes to a terminal, that has gone. */
function onHangup(stop: () => void, goOn: () => void): void {
  process.on("SIGHUP", isatty(STANDARD_ERROR) ? stop : goOn);
}

/** By then the daemon has met its neighbors. */
const REHEARSES_AFTER_MS = 1_000;

/** Loads what is needed for it only now. */
const rehearseNow = async (): Promise<void> => (await import("./rehearsal.ts")).rehearse();

/** Runs a daemon until it is told to stop. Throws StartupError or ControlSocketError if it cannot come up. */
export async function runDaemon(options: DaemonOptions, daemonLog: Log): Promise<void> {
  const { own: logger, streams } = daemonLog;
  const running = readConfiguration(options.configFile, options.stateDirectory);
  makeStateDirectory(options.stateDirectory);
  const path = await claimControlSocket(options.runtimeDirectory);
  const { engine, host, log } = openEngine(running.configuration, options, daemonLog);
  const { requested, request } = stopRequest();
  const manager = serviceManager(logger);
  const metrics = metricsOf({ engine, running, program: options.program });
  const listener = new MetricsListener(metrics, logger);
  let control: ControlSocket | undefined;
  try {
    const { program, stateDirectory, logDirectory = null } = options;
    // Only now are we sure that no other daemon uses these files.
    takeUpChanges(running, options.clean, logger);
    onHangup(request, () => void reloadFile({ engine, running, listener }, manager, logger));
    const files = { stateDirectory, logDirectory };
    const api = controlApi({
      ...{ engine, running, program, files, metrics, listener, streams, stop: request },
      surroundings: LINUX_SURROUNDINGS,
    });
    control = await serveControlSocket(path, (incoming) => api.fetch(incoming));
    if (control.limitation !== undefined) logger.warn(startupFields(), control.limitation);
    logger.info(`${program} runs as process ${process.pid}.`);
    if (host.limitation !== undefined) logger.warn(host.limitation);
    if (options.recordFile !== undefined) logger.info(`It is recorded in ${options.recordFile}.`);
    engine.handle({ kind: "configure", configuration: running.configuration });
    host.start();
    await listener.follow(running.configuration.metrics.listen);
    manager.ready(`${program} runs.`);
    setTimeout(rehearseNow, REHEARSES_AFTER_MS).unref();
    await requested;
    manager.stopping();
    engine.stop();
  } catch (error) {
    throw hostRefusal(error);
  } finally {
    manager.close();
    host.close();
    log.endInterval();
    await listener.close();
    streams.end();
    await control?.close();
    logger.info("The daemon has ended.");
  }
}
