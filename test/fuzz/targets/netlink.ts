// What rtnetlink sockets read: links, addresses, routes, entries and news. To begin with there is what a kernel said in a
// namespace with veths, a bridge, and routes of all sorts (corpus/netlink).
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import type { Random } from "../../../src/base/random.ts";
import { buildLinks } from "../../../src/linux/links.ts";
import type { News } from "../../../src/linux/netlink.ts";
import { noNews, noteChange } from "../../../src/linux/netlink.ts";
import type { AddressRecord, LinkRecord, RouteRecord } from "../../../src/linux/netlink-codec.ts";
import {
  decodeAddress,
  decodeLink,
  decodeRoute,
  errorOf,
  splitMessages,
} from "../../../src/linux/netlink-codec.ts";
import { diffRibs, RibBuilder } from "../../../src/linux/routes.ts";
import { happens, pick } from "../../../tools/campaign/generate.ts";
import type { Material, Target, Verdict } from "../../../tools/fuzz/target.ts";
import { QUICK } from "../../../tools/fuzz/target.ts";
import { joined, varyBytes } from "../../../tools/fuzz/vary-bytes.ts";
import { magnitude } from "../expect.ts";

const CORPUS = new URL("../../../../test/fuzz/corpus/netlink/", import.meta.url);
const HEADER_BYTES = 16;
const TYPES = [2, 3, 16, 17, 20, 21, 24, 25, 104, 105];
/** Longer ones come to the same. */
const LONGEST = 2_000;
const HOP_BYTES = 8;

function seeds(): readonly Uint8Array[] {
  return readdirSync(CORPUS).flatMap((name) => {
    const bytes = new Uint8Array(readFileSync(new URL(name, CORPUS)));
    return splitMessages(bytes).map(({ body }) => {
      const start = body.byteOffset - bytes.byteOffset - HEADER_BYTES;
      return bytes.slice(start, start + HEADER_BYTES + body.byteLength);
    });
  });
}

interface Records {
  readonly links: LinkRecord[];
  readonly addresses: AddressRecord[];
  readonly routes: RouteRecord[];
  readonly news: News;
}

/** Everything is read as everything: a type that lies harms nobody. */
function read(input: Uint8Array): Records {
  const found: Records = { links: [], addresses: [], routes: [], news: noNews() };
  for (const message of splitMessages(input)) {
    const { body } = message;
    assert.ok(Number.isInteger(errorOf(message)));
    noteChange(found.news, message);
    found.links.push(...[decodeLink(body) ?? []].flat());
    found.addresses.push(...[decodeAddress(body) ?? []].flat());
    found.routes.push(...[decodeRoute(body) ?? []].flat());
  }
  return found;
}

/** The table is what it is, and differs from none by all that is in it. */
function expectTable(routes: readonly RouteRecord[]): void {
  const builder = new RibBuilder(() => true);
  for (const route of routes) builder.add(route);
  const changes = (before: RibBuilder["rib"]) => {
    const differences = diffRibs(before, builder.rib);
    for (;;) {
      const next = differences.next();
      if (next.done === true) return next.value;
    }
  };
  assert.equal(changes(builder.rib).length, 0, "a table is the same as itself");
  assert.equal(changes(new Map()).length, builder.rib.size, "all of it is new to an empty one");
}

function shapeOf({ links, addresses, routes, news }: Records): string {
  const hops = routes.map((one) => one.hops.length);
  const [link, address, route] = [links[0], addresses[0], routes[0]];
  return [
    ...[links, addresses, routes, hops].map(({ length }) => magnitude(length)),
    ...[news.links, news.routes, news.gone.size > 0],
    ...[magnitude(link?.name.length ?? 0), link?.type, link?.master === null],
    ...[address?.address.length, address?.peer?.length],
    ...[route?.destination?.length, magnitude(Math.max(0, ...hops)), route?.counters.packets !== 0],
  ].join();
}

function execute(input: Uint8Array): Verdict {
  const found = read(input);
  const { links, addresses, routes } = found;
  for (const { hops } of routes) assert.ok(HOP_BYTES * hops.length <= input.length);
  for (const { prefixLength, address } of addresses)
    assert.ok(prefixLength <= 8 * address.length, `a prefix of ${prefixLength} bits`);
  assert.equal(buildLinks(links, addresses).length, links.length);
  expectTable(routes);
  return { accepted: links.length + addresses.length + routes.length > 0, kind: shapeOf(found) };
}

/** The input as one message with a right length, of any type. */
function asMessage(input: Uint8Array, random: Random): Uint8Array {
  const bytes = new Uint8Array(Math.max(HEADER_BYTES, input.length));
  bytes.set(input);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, true);
  if (happens(random, 50)) view.setUint16(4, pick(random, TYPES), true);
  return bytes;
}

function vary(material: Material): Uint8Array {
  const { random, input, other } = material;
  const varied = varyBytes(material);
  const what = random.below(10);
  if (what < 6) return asMessage(varied, random);
  return (what < 8 ? varied : joined(input, other)).subarray(0, LONGEST);
}

/** A message, or several. */
export const target: Target = { ...QUICK, name: "netlink", seeds, vary, execute };
