// The part of the control API that changes one thing: a protocol or a group on an interface, a setting, a key.
import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute, z } from "@hono/zod-openapi";
import { newKeySchema, sendKeySchema, settingWishSchema } from "../api/change-requests.ts";
import { keyIdentifier } from "../api/security-section.ts";
import { outcomes, reply } from "./api-answer.ts";
import type { Changeable } from "./carry-out.ts";
import type { Protocol } from "./configuration.ts";
import { switchOff, switchOn } from "./control-changes.ts";
import { join, leave } from "./control-joins.ts";
import { addKey, removeKey, sendWith } from "./control-keys.ts";
import { set } from "./control-settings.ts";

const named = z.object({ name: z.string() });
const ofKey = named.extend({ identifier: z.string().transform(Number).pipe(keyIdentifier) });

/** A body of JSON that keeps to `schema`. */
const body = <Schema extends z.ZodType>(schema: Schema) =>
  ({ body: { required: true, content: { "application/json": { schema } } } }) as const;

const protocolRoute = <Method extends "put" | "delete">(method: Method, protocol: Protocol) =>
  createRoute({
    method,
    path: `/v1/interfaces/{name}/${protocol}`,
    request: { params: named },
    responses: outcomes,
  });

const settingRoute = createRoute({
  method: "put",
  path: "/v1/settings/{setting}",
  request: { params: z.object({ setting: z.string() }), ...body(settingWishSchema) },
  responses: outcomes,
});

/** A group, of one source or of every one. */
const joinRoute = <Method extends "put" | "delete">(method: Method) =>
  createRoute({
    method,
    path: "/v1/interfaces/{name}/joins/{group}",
    request: {
      params: named.extend({ group: z.string() }),
      query: z.object({ source: z.string().optional() }),
    },
    responses: outcomes,
  });

const addKeyRoute = createRoute({
  method: "put",
  path: "/v1/interfaces/{name}/keys/{identifier}",
  request: { params: ofKey, ...body(newKeySchema) },
  responses: outcomes,
});

const removeKeyRoute = createRoute({
  method: "delete",
  path: "/v1/interfaces/{name}/keys/{identifier}",
  request: { params: ofKey },
  responses: outcomes,
});

const sendKeyRoute = createRoute({
  method: "put",
  path: "/v1/interfaces/{name}/send-key",
  request: { params: named, ...body(sendKeySchema) },
  responses: outcomes,
});

function addProtocolRoutes(app: OpenAPIHono, daemon: Changeable, protocol: Protocol): void {
  app.openapi(protocolRoute("put", protocol), (context) =>
    reply(context, switchOn(daemon, context.req.valid("param").name, protocol)),
  );
  app.openapi(protocolRoute("delete", protocol), (context) =>
    reply(context, switchOff(daemon, context.req.valid("param").name, protocol)),
  );
}

function addKeyRoutes(app: OpenAPIHono, daemon: Changeable): void {
  app.openapi(addKeyRoute, (context) => {
    const { name, identifier } = context.req.valid("param");
    return reply(context, addKey(daemon, name, { identifier, ...context.req.valid("json") }));
  });
  app.openapi(removeKeyRoute, (context) => {
    const { name, identifier } = context.req.valid("param");
    return reply(context, removeKey(daemon, name, identifier));
  });
  app.openapi(sendKeyRoute, (context) => {
    const { name } = context.req.valid("param");
    return reply(context, sendWith(daemon, name, context.req.valid("json").identifier));
  });
}

function addJoinRoutes(app: OpenAPIHono, daemon: Changeable): void {
  for (const [method, act] of [
    ["put", join],
    ["delete", leave],
  ] as const) {
    app.openapi(joinRoute(method), (context) => {
      const { name, group } = context.req.valid("param");
      const { source = null } = context.req.valid("query");
      return reply(context, act(daemon, name, { group, source }));
    });
  }
}

/** Adds these routes to the control API of a daemon. */
export function addChangeRoutes(app: OpenAPIHono, daemon: Changeable): void {
  addProtocolRoutes(app, daemon, "hpim");
  addProtocolRoutes(app, daemon, "igmp");
  addJoinRoutes(app, daemon);
  addKeyRoutes(app, daemon);
  app.openapi(settingRoute, (context) => {
    const { setting } = context.req.valid("param");
    return reply(context, set(daemon, { setting, ...context.req.valid("json") }));
  });
}
