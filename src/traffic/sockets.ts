// What sockets of senders and receivers have in common.
import { networkInterfaces } from "node:os";
import { TrafficError } from "./traffic-error.ts";

/** Whether an address, as text, is one of IPv6. */
export const isIpv6 = (address: string): boolean => address.includes(":");

/** What node:dgram calls an interface: its address, or "::%eth0". Throws TrafficError if it has none of the family of `group`. */
export function interfaceForSockets(device: string, group: string): string {
  const family = isIpv6(group) ? "IPv6" : "IPv4";
  const addresses = networkInterfaces()[device] ?? [];
  const found = addresses.find((one) => one.family === family);
  if (found === undefined) {
    throw new TrafficError(`Interface ${device} has no ${family} address, or is down.`);
  }
  return family === "IPv6" ? `::%${device}` : found.address;
}

/** The same of what may be left to the kernel's routes: undefined then. */
export const interfaceOrRoute = (device: string | null, group: string): string | undefined =>
  device === null ? undefined : interfaceForSockets(device, group);
