// Routing protocols by the names of routes in the kernel (linux/rtnetlink.h: rtm_protocol).

/** Numbers by name. */
export const ROUTE_PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ["kernel", 2],
  ["boot", 3],
  ["static", 4],
  ["zebra", 11],
  ["bird", 12],
  ["bgp", 186],
  ["isis", 187],
  ["ospf", 188],
  ["rip", 189],
]);

const NAMES: ReadonlyMap<number, string> = new Map(
  [...ROUTE_PROTOCOLS].map(([name, number]) => [number, name]),
);

/** The name of a routing protocol; of one without a name, its number. */
export const routeProtocolName = (number: number): string => NAMES.get(number) ?? String(number);
