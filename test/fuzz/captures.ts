// Datagrams to begin with: those of the captures of test/vectors, each once.
import { readdirSync } from "node:fs";
import { decodeIpv4 } from "../../src/wire/ip.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import { ipv4Datagrams, VECTORS } from "../support/pcap.ts";

/** All IPv4 datagrams that were captured. */
export function capturedDatagrams(): readonly Uint8Array[] {
  const names = readdirSync(VECTORS).filter((name) => name.endsWith(".pcap"));
  const found = new Map<string, Uint8Array>();
  for (const { bytes } of names.sort().flatMap(ipv4Datagrams)) {
    found.set(Buffer.from(bytes).toString("latin1"), Uint8Array.from(bytes));
  }
  return [...found.values()];
}

/** Payloads of those of a protocol. */
export function capturedPayloads(protocol: number): readonly Uint8Array[] {
  return capturedDatagrams().flatMap((bytes) => {
    const packet = decodeIpv4(bytes);
    return isMalformed(packet) || packet.protocol !== protocol ? [] : [packet.payload];
  });
}
