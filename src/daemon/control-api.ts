// The control API: what it answers, described by the schemas of its answers (GET /v1/openapi.json).
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import {
  doneSchema,
  errorSchema,
  groupsSchema,
  interfacesSchema,
  mrouteSchema,
  neighborsSchema,
  treesSchema,
  versionSchema,
} from "../api/responses.ts";
import { answer, outcomes } from "./api-answer.ts";
import type { Protocol } from "./configuration.ts";
import type { DaemonFiles } from "./configuration-routes.ts";
import { addConfigurationRoutes } from "./configuration-routes.ts";
import type { Changeable } from "./control-changes.ts";
import { set, switchOff, switchOn } from "./control-changes.ts";
import {
  groupsAnswer,
  interfacesAnswer,
  mrouteAnswer,
  neighborsAnswer,
  treesAnswer,
} from "./views.ts";

/** The daemon that the control API controls. */
export interface Controlled extends Changeable {
  /** Name and version, as in "hpim-dm 1.0.0". */
  readonly program: string;
  readonly files: DaemonFiles;
  /** Asks the daemon to end once the answer has left. */
  readonly stop: () => void;
}

const list = <Schema extends z.ZodType>(path: string, schema: Schema, description: string) =>
  createRoute({
    method: "get",
    path,
    responses: {
      200: answer(schema, description),
      500: answer(errorSchema, "A call of the kernel failed."),
    },
  });

const change = <Method extends "put" | "delete">(method: Method, protocol: Protocol) =>
  createRoute({
    method,
    path: `/v1/interfaces/{name}/${protocol}`,
    request: { params: z.object({ name: z.string() }) },
    responses: outcomes,
  });

const settingRoute = createRoute({
  method: "post",
  path: "/v1/settings/{setting}/{wish}",
  request: {
    params: z.object({
      setting: z.enum(["floodInitialData", "holdForwarding"]),
      wish: z.enum(["on", "off", "toggle"]),
    }),
  },
  responses: outcomes,
});

const stopRoute = createRoute({
  method: "post",
  path: "/v1/stop",
  responses: { 200: answer(doneSchema, "The daemon says goodbye and ends.") },
});

function addLists(app: OpenAPIHono, { engine, program }: Controlled): void {
  app.openapi(list("/v1/interfaces", interfacesSchema, "Every interface."), (context) =>
    context.json(interfacesAnswer(engine.view()), 200),
  );
  app.openapi(list("/v1/neighbors", neighborsSchema, "Every HPIM-DM neighbor."), (context) =>
    context.json(neighborsAnswer(engine.view()), 200),
  );
  app.openapi(list("/v1/trees", treesSchema, "Every tree, and why it is so."), (context) =>
    context.json(treesAnswer(engine.view()), 200),
  );
  app.openapi(list("/v1/groups", groupsSchema, "Every group with members."), (context) =>
    context.json(groupsAnswer(engine.view()), 200),
  );
  app.openapi(list("/v1/mroute", mrouteSchema, "The kernel's entries."), (context) =>
    context.json(
      mrouteAnswer(engine.readEntries(), (index) => engine.nameOf(index)),
      200,
    ),
  );
  app.openapi(list("/v1/version", versionSchema, "Who answers."), (context) =>
    context.json({ version: 1 as const, program, pid: process.pid }, 200),
  );
}

function addChanges(app: OpenAPIHono, daemon: Changeable, protocol: Protocol): void {
  app.openapi(change("put", protocol), (context) => {
    const { status, sentence } = switchOn(daemon, context.req.valid("param").name, protocol);
    if (status !== 200) return context.json({ error: sentence }, status);
    return context.json({ version: 1 as const, message: sentence }, 200);
  });
  app.openapi(change("delete", protocol), (context) => {
    const { status, sentence } = switchOff(daemon, context.req.valid("param").name, protocol);
    if (status !== 200) return context.json({ error: sentence }, status);
    return context.json({ version: 1 as const, message: sentence }, 200);
  });
}

function addSettings(app: OpenAPIHono, daemon: Changeable): void {
  app.openapi(settingRoute, (context) => {
    const { setting, wish } = context.req.valid("param");
    const { status, sentence } = set(daemon, setting, wish);
    if (status !== 200) return context.json({ error: sentence }, status);
    return context.json({ version: 1 as const, message: sentence }, 200);
  });
}

/** The control API of a daemon, ready to be served. */
export function controlApi(daemon: Controlled): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook: (result, context) => {
      if (result.success) return undefined;
      const [issue] = result.error.issues;
      return context.json({ error: `${issue?.path.join(".")}: ${issue?.message}.` }, 400);
    },
  });
  addLists(app, daemon);
  addChanges(app, daemon, "hpim");
  addChanges(app, daemon, "igmp");
  addSettings(app, daemon);
  addConfigurationRoutes(app, daemon, daemon.files);
  app.openapi(stopRoute, (context) => {
    daemon.stop();
    return context.json({ version: 1 as const, message: "The daemon ends." }, 200);
  });
  app.doc("/v1/openapi.json", {
    openapi: "3.0.0",
    info: { title: "hpim-dm control API", version: "1" },
  });
  app.notFound((context) =>
    context.json({ error: `There is no ${context.req.method} ${context.req.path}.` }, 404),
  );
  app.onError((error, context) => context.json({ error: `${error.message}.` }, 500));
  return app;
}
