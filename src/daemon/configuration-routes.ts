// The part of the control API that is about the configuration as a whole, and how to start again with it.
import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import { stringify } from "yaml";
import {
  runningConfigurationSchema,
  sentFileSchema,
  startOptionsSchema,
} from "../api/configuration-messages.ts";
import { answer, outcomes, reply } from "./api-answer.ts";
import type { Loadable } from "./control-changes.ts";
import { checkFile, loadFile } from "./control-changes.ts";

/** Where a daemon has its files; `logDirectory` null: it runs in the foreground. */
export interface DaemonFiles {
  readonly stateDirectory: string;
  readonly logDirectory: string | null;
}

const sentFile = {
  body: { required: true, content: { "application/json": { schema: sentFileSchema } } },
};

const showRoute = createRoute({
  method: "get",
  path: "/v1/configuration",
  responses: {
    200: answer(runningConfigurationSchema, "The configuration that runs, its secrets redacted."),
  },
});

const loadRoute = createRoute({
  method: "put",
  path: "/v1/configuration",
  request: sentFile,
  responses: outcomes,
});

const checkRoute = createRoute({
  method: "post",
  path: "/v1/configuration/check",
  request: sentFile,
  responses: outcomes,
});

const optionsRoute = createRoute({
  method: "get",
  path: "/v1/start-options",
  responses: { 200: answer(startOptionsSchema, "What another start would need.") },
});

/** Adds these routes to the control API of a daemon. */
export function addConfigurationRoutes(
  app: OpenAPIHono,
  daemon: Loadable,
  files: DaemonFiles,
): void {
  const { running } = daemon;
  app.openapi(showRoute, (context) =>
    context.json({ version: 1 as const, text: stringify(running.shown) }, 200),
  );
  app.openapi(loadRoute, async (context) =>
    reply(context, await loadFile(daemon, context.req.valid("json"))),
  );
  app.openapi(checkRoute, (context) =>
    reply(context, checkFile(daemon, context.req.valid("json"))),
  );
  app.openapi(optionsRoute, (context) => {
    const start = { pid: process.pid, config: running.file, ...files };
    return context.json({ version: 1 as const, ...start }, 200);
  });
}
