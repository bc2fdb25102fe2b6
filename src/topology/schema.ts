// The shape of a topology file, as zod checks it. What names refer to is checked in check.ts.
import { z } from "zod";
import { type Address, type Prefix, parseAddress, parsePrefix } from "../base/address.ts";
import type { RouterInterface } from "./topology.ts";

/** A topology file whose shape is right, with defaults filled in. */
export interface TopologyFile {
  readonly name: string;
  readonly igmpVersion: 2 | 3;
  readonly links: Readonly<Record<string, { subnet: Prefix; snooping: boolean }>>;
  readonly routers: Readonly<Record<string, RouterEntry>>;
  readonly hosts: Readonly<Record<string, { link: string; address: Address }>>;
  readonly flows: readonly { source: string; group: Address; receivers: string[] }[];
}

/** A router of the file. */
export interface RouterEntry {
  readonly interfaces: Readonly<Record<string, Omit<RouterInterface, "name">>>;
  readonly routes: readonly { to: Prefix; via: Address | Address[]; metric: number }[];
}

// 9 characters and "-eth10" fill the 15 of a Linux device name; a dash would make namespace names ambiguous.
const nodeName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9]{0,8}$/, "a node's name is a letter and up to 8 letters or digits");
const linkName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9]{0,8}$/, "a link's name is a letter and up to 8 letters or digits");
const interfaceName = z
  .string()
  .regex(/^eth(0|[1-9]\d?)$/, "an interface is named eth0, eth1, ... eth99");

const address: z.ZodType<Address, string> = z.string().transform((text, context) => {
  const parsed = parseAddress(text);
  if (parsed !== undefined) return parsed;
  context.addIssue({ code: "custom", message: `"${text}" is not an address` });
  return z.NEVER;
});

const prefix: z.ZodType<Prefix, string> = z.string().transform((text, context) => {
  const parsed = parsePrefix(text);
  if (parsed !== undefined && parseAddress(text.split("/")[0] ?? "") === parsed.address)
    return parsed;
  context.addIssue({ code: "custom", message: `"${text}" is not a subnet such as 10.1.1.0/24` });
  return z.NEVER;
});

const cost = z.number().int().min(1).max(65535);

const routerInterface = z.strictObject({
  link: linkName,
  address,
  cost: cost.default(10),
  up: z.boolean().default(true),
  hpim: z.boolean().default(true),
  igmp: z.boolean().default(true),
});

const route = z.strictObject({
  to: prefix,
  via: z.union([address, z.array(address).min(1)]),
  metric: z.number().int().min(1).max(0xffff_ffff),
});

const router = z.strictObject({
  interfaces: z.record(interfaceName, routerInterface),
  routes: z.array(route).default([]),
});

const host = z.strictObject({ link: linkName, address });

const link = z.strictObject({ subnet: prefix, snooping: z.boolean().default(false) });

const flow = z.strictObject({
  source: nodeName,
  group: address,
  receivers: z.array(nodeName).default([]),
});

const topologyFile: z.ZodType<TopologyFile> = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, "a name is lower-case letters, digits and dashes"),
  igmpVersion: z.literal([2, 3]).default(3),
  links: z.record(linkName, link, { error: "expected a map of links by name" }),
  routers: z.record(nodeName, router).default({}),
  hosts: z.record(nodeName, host).default({}),
  flows: z.array(flow).default([]),
});

/** Where in the file: keys and indexes from the top. */
export type Path = readonly (string | number)[];
/** What is wrong at a path. */
export interface Complaint {
  readonly path: Path;
  readonly message: string;
}

const pathOf = (keys: readonly PropertyKey[]): Path =>
  keys.map((key) => (typeof key === "number" ? key : String(key)));

function complaintsOf(issue: z.core.$ZodIssue): readonly Complaint[] {
  const path = pathOf(issue.path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: `"${key}" is not known here`,
      }));
    case "invalid_key":
      return issue.issues.map(({ message }) => ({ path, message }));
    case "invalid_union": {
      const inner = issue.errors.flat().find(({ code }) => code === "custom");
      return [{ path, message: inner?.message ?? issue.message }];
    }
    default:
      return [{ path, message: issue.message }];
  }
}

/** `value` as a topology file, or all that is wrong with its shape. */
export function checkShape(
  value: unknown,
): { readonly file: TopologyFile } | { readonly complaints: readonly Complaint[] } {
  const result = topologyFile.safeParse(value);
  return result.success
    ? { file: result.data }
    : { complaints: result.error.issues.flatMap(complaintsOf) };
}
