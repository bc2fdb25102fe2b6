// Metrics over TCP, for Prometheus, which cannot ask on the control socket. Whoever can reach the port gets metrics and
// nothing else, and can hold up nothing: connections are few, short, and taken no faster than they are read from.
import type { Server } from "node:http";
import type { Socket } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import type { ListenAddress } from "../../api/listen-address.ts";
import { formatListenAddress } from "../../api/listen-address.ts";
import { throwUncaught } from "../bug.ts";
import { sliced } from "../slices.ts";
import { CONTENT_TYPE } from "./exposition.ts";
import type { Metrics } from "./metrics.ts";

/** Times in milliseconds. */
export interface ListenerTimes {
  /** A request has to be here so soon after its connection. */
  readonly requestWithin: number;
  /** A connection is for one answer, which has to be taken in this time. */
  readonly lifetime: number;
  /** An address where nobody can listen is tried again. */
  readonly retry: number;
}

const TIMES: ListenerTimes = { requestWithin: 5_000, lifetime: 30_000, retry: 10_000 };
/** Of more, the newest are closed at once. */
const CONNECTIONS = 16;
const HEADER_BYTES = 4_096;
/** How exactly it is looked whether a request is late: a part of the time that it has. */
const LOOKS = 5;

/** How it is said what becomes of the listening. */
export interface ListenerLog {
  info(sentence: string): void;
  warn(sentence: string): void;
}

function metricsApp(metrics: Metrics): Hono {
  const app = new Hono();
  app.get("/metrics", async (context) => {
    // Hono would make the whole body, and leave it unread and open.
    if (context.req.method === "HEAD") return context.body(null, 501);
    return context.body(await sliced(metrics()), 200, { "content-type": CONTENT_TYPE });
  });
  app.onError((error, context) => {
    throwUncaught(error);
    return context.body(null, 500);
  });
  app.notFound((context) => context.text("There is nothing here but GET /metrics.\n", 404));
  return app;
}

/** Nobody who is connected keeps the daemon from ending. */
function boundLifetime(socket: Socket, lifetime: number): void {
  socket.unref();
  const end = setTimeout(() => socket.destroy(), lifetime).unref();
  socket.once("close", () => clearTimeout(end));
}

const ADVICE: Readonly<Record<string, string>> = {
  EACCES: "choose a port above 1023",
  EADDRINUSE: "another program listens there",
  EADDRNOTAVAIL: "no interface has this address",
};

/** Why nobody can listen on an address. */
const problemWith = (
  address: ListenAddress,
  { code = "", message }: NodeJS.ErrnoException,
): string =>
  `Metrics are not served on ${formatListenAddress(address)}: ${ADVICE[code] ?? message}. It is tried again and again.`;

const isSame = (a: ListenAddress | null, b: ListenAddress | null): boolean =>
  a?.host === b?.host && a?.port === b?.port;

/** Serves metrics on the address that is configured, if any. */
export class MetricsListener {
  readonly #metrics: Metrics;
  readonly #log: ListenerLog;
  readonly #times: ListenerTimes;
  #address: ListenAddress | null = null;
  #server: Server | null = null;
  #problem: string | null = null;
  #retry: NodeJS.Timeout | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(metrics: Metrics, log: ListenerLog, times: ListenerTimes = TIMES) {
    this.#metrics = metrics;
    this.#log = log;
    this.#times = times;
  }

  /**
   * From now on metrics are served on `address` and nowhere else; null: nowhere. Where they are served already, nobody is
   * disturbed. Returns a sentence, which the log has too, if it cannot be: it is tried again.
   */
  follow(address: ListenAddress | null): Promise<string | null> {
    return this.#inTurn(async () => {
      if (isSame(address, this.#address)) return this.#problem;
      this.#end();
      this.#address = address;
      this.#problem = await this.#begin();
      if (this.#problem !== null) this.#log.warn(this.#problem);
      return this.#problem;
    });
  }

  /** Nothing is served any more. */
  async close(): Promise<void> {
    await this.follow(null);
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#last.then(act);
    this.#last = done;
    return done;
  }

  #end(): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    this.#problem = null;
    // Answers under way end in their time.
    this.#server?.close();
    this.#server = null;
  }

  #newServer(): Server {
    const { requestWithin, lifetime } = this.#times;
    const { fetch } = metricsApp(this.#metrics);
    const serverOptions = {
      headersTimeout: requestWithin,
      requestTimeout: requestWithin,
      connectionsCheckingInterval: requestWithin / LOOKS,
      maxHeaderSize: HEADER_BYTES,
    };
    const server = createAdaptorServer({ fetch, serverOptions }) as Server;
    server.maxConnections = CONNECTIONS;
    // Else what is sent behind a request would be answered, too.
    server.maxRequestsPerSocket = 1;
    server.on("dropRequest", (_, socket) => socket.destroy());
    server.prependListener("request", (_, response) => response.setHeader("connection", "close"));
    server.on("connection", (socket) => boundLifetime(socket, lifetime));
    return server;
  }

  /** Returns what is wrong. */
  async #begin(): Promise<string | null> {
    if (this.#address === null) return null;
    const address = this.#address;
    const server = this.#newServer();
    const error = await new Promise<Error | null>((resolve) => {
      // Also later: a connection that cannot be accepted is the client's loss only.
      server.on("error", resolve);
      server.listen(address, () => resolve(null));
    });
    if (error !== null) {
      const again = (): Promise<void> => this.#inTurn(() => this.#tryAgain());
      this.#retry = setTimeout(again, this.#times.retry).unref();
      return problemWith(address, error);
    }
    this.#server = server;
    this.#log.info(`Metrics are served on ${formatListenAddress(address)}.`);
    return null;
  }

  async #tryAgain(): Promise<void> {
    if (this.#retry !== null) this.#problem = await this.#begin();
  }
}
