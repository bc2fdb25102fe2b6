// The part of the control API that says why: GET of the explanation of a tree, and of what is wrong with the machine.
import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { doctorSchema, explanationSchema } from "../api/diagnosis.ts";
import { FILTERS } from "../api/lists/filters.ts";
import { errorSchema } from "../api/responses.ts";
import { type Address, ip, isMulticast, parseAddress } from "../base/address.ts";
import type { InterfaceIndex } from "../base/units.ts";
import type { TreeId } from "../core/messages.ts";
import { answer, JSON_TYPE } from "./api-answer.ts";
import { doctorFindings, interfacesWithVif } from "./diagnosis/doctor.ts";
import { explain } from "./diagnosis/explain.ts";
import type { Look } from "./diagnosis/look.ts";
import type { EngineReading } from "./engine-view.ts";
import { lateBody } from "./late-body.ts";
import { documentOf } from "./lists/document.ts";
import { sliced } from "./slices.ts";
import type { Surroundings } from "./surroundings.ts";

/** For so long a doctor listens for packets that cannot be routed. */
const LISTEN_MS = 1000;
const TOO_LOW_TTL = 1;
/** Each looks at packets with sockets of its own. */
const MOST_AT_ONCE = 8;
const IPV4_BYTES = 4;

const address = (expected: string, accepts: (address: Address) => boolean) => {
  const error = ({ input }: { readonly input?: unknown }): string =>
    `${input === undefined ? "It is missing" : `${input} is refused`}: expected ${expected}.`;
  const isValid = (text: string): boolean => {
    const parsed = parseAddress(text);
    return parsed?.length === IPV4_BYTES && accepts(parsed);
  };
  return z.string({ error }).refine(isValid, { error }).describe(expected);
};

/** The tree of a query that keeps to its schema. */
const treeOf = (query: { readonly source: string; readonly group: string }): TreeId => ({
  source: ip(query.source),
  group: ip(query.group),
});

const explainRoute = createRoute({
  method: "get",
  path: "/v1/explain",
  request: {
    query: z.strictObject({
      source: address(
        "source=ADDRESS, of a source, such as 10.1.1.100",
        (one) => !isMulticast(one),
      ),
      group: address("group=ADDRESS, of a group, such as 239.1.2.3", isMulticast),
      interface: z.string().optional().describe(FILTERS.interface.expected),
    }),
  },
  responses: {
    200: answer(explanationSchema, "Why the tree is as it is on this router."),
    400: answer(errorSchema, "Source or group are missing, or make no sense."),
    404: answer(errorSchema, "There is no such interface."),
    500: answer(errorSchema, "A call of the kernel failed."),
    503: answer(errorSchema, "Too many explanations are being made."),
  },
});

const doctorRoute = createRoute({
  method: "get",
  path: "/v1/doctor",
  responses: {
    200: answer(doctorSchema, "What is wrong with the machine and its neighbors."),
    500: answer(errorSchema, "A call of the kernel failed."),
    503: answer(errorSchema, "Too many explanations are being made."),
  },
});

const BUSY = { error: "Too many explanations are being made: ask again in a second." };

/** Has not too many looks at data packets under way at once: of one too many, null. */
function bounded(): <T>(look: () => Promise<T>) => Promise<T> | null {
  let underWay = 0;
  return (look) => {
    if (underWay >= MOST_AT_ONCE) return null;
    underWay++;
    return look().finally(() => {
      underWay--;
    });
  };
}

const indexOf = (engine: EngineReading, name: string): InterfaceIndex | undefined =>
  engine.ports().find(({ link }) => link.name === name)?.index;

/** Adds what explains. */
export function addDiagnosisRoutes(
  app: OpenAPIHono,
  engine: EngineReading,
  { readText, observe }: Surroundings,
): void {
  const look: Look = { engine, readText };
  const looking = bounded();
  // The types know answers that are made whole.
  const late = async (context: Context, body: Promise<string | ReadableStream<Uint8Array>>) =>
    context.body(await lateBody(body), 200, JSON_TYPE) as never;
  app.openapi(explainRoute, async (context) => {
    const { interface: name, ...tree } = context.req.valid("query");
    const only = name === undefined ? null : indexOf(engine, name);
    if (only === undefined) return context.json({ error: `There is no interface ${name}.` }, 404);
    const question = { tree: treeOf(tree), interface: only };
    const explained = looking(() => explain(look, question, observe));
    if (explained === null) return context.json(BUSY, 503);
    return late(context, explained.then(JSON.stringify));
  });
  app.openapi(doctorRoute, async (context) => {
    const wanted = { interfaces: interfacesWithVif(look), tree: null, maxTtl: TOO_LOW_TTL };
    const observed = looking(() => observe(wanted, LISTEN_MS));
    if (observed === null) return context.json(BUSY, 503);
    const answered = observed.then((flows) =>
      sliced(documentOf({ findings: doctorFindings(look, flows) })),
    );
    return late(context, answered);
  });
}
