// Loses messages on the real kernel: nftables of the receivers drop them, after captures have seen them.
import { formatAddress } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import { execInNode } from "../../src/lab/exec.ts";
import type { Lab } from "../../src/lab/lab.ts";
import { endsOf } from "../../src/topology/topology.ts";
import type { Loss } from "./loss.ts";

/** The low half of byte 4 (protocol.md §2.1). */
const TYPES: Readonly<Record<Loss["kind"], number>> = {
  hello: 0,
  sync: 1,
  iamUpstream: 2,
  iamNoLongerUpstream: 3,
  interest: 4,
  noInterest: 5,
  ack: 6,
};
/** More messages than a scenario sends: nftables counts up to here. */
const MANY = 1_000_000;

async function nft(lab: Lab, router: string, commands: readonly string[]): Promise<void> {
  const { code, stderr } = await execInNode(lab, router, ["nft", commands.join("; ")]);
  if (code !== 0) throw new Error(`nft (package nftables) in ${router}: ${stderr.trim()}`);
}

/**
 * Loses these messages until what it returns is called. `number`: how many losses there are already; what is lost by one
 * of those does not count here.
 */
export async function loseOnKernel(
  lab: Lab,
  loss: Loss,
  number: number,
): Promise<() => Promise<void>> {
  const { from, link, kind, skip = 0, count = MANY - skip } = loss;
  const ends = endsOf(lab.topology, link).filter(({ isRouter }) => isRouter);
  const { address } = known(
    ends.find(({ node }) => node === from),
    `${from} is on link ${link}`,
  );
  const isOfKind = `ip saddr ${formatAddress(address)} ip protocol 103 @th,36,4 ${TYPES[kind]}`;
  const isDue = `numgen inc mod ${MANY} ${skip}-${skip + count - 1}`;
  const receivers = ends.filter(({ node }) => node !== from);
  const table = `ip loss${number}`;
  const chain = `{ type filter hook prerouting priority raw + ${number}; }`;
  await Promise.all(
    receivers.map((receiver) =>
      nft(lab, receiver.node, [
        `add table ${table}`,
        `add chain ${table} arriving ${chain}`,
        `add rule ${table} arriving iifname ${receiver.interface} ${isOfKind} ${isDue} drop`,
      ]),
    ),
  );
  return async () => {
    const routers = [...new Set(receivers.map(({ node }) => node))];
    await Promise.all(routers.map((router) => nft(lab, router, [`delete table ${table}`])));
  };
}
