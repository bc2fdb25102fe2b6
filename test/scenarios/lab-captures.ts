// Captures of the links of a lab: all that is said, and the packets of its senders.
import { known } from "../../src/base/invariant.ts";
import type { Lab } from "../../src/lab/lab.ts";
import { bridgeOf, namespaceOf, switchNamespaceOf } from "../../src/lab/names.ts";
import { endsOf, isSwitched } from "../../src/topology/topology.ts";
import { LinkCapture } from "../support/link-capture.ts";

const FILTER = "ip proto 103 or igmp or udp port 10000";

/** Where all frames of a link pass once: its switch, or one end of its cable, a router's. */
function placeOf({ name, topology }: Lab, link: string): { namespace: string; device: string } {
  if (isSwitched(topology, link)) {
    return { namespace: switchNamespaceOf(name), device: bridgeOf(link) };
  }
  const end = known(
    endsOf(topology, link).find(({ isRouter }) => isRouter),
    `link ${link} has a router`,
  );
  return { namespace: namespaceOf(name, end.node), device: end.interface };
}

/** Captures what passes on these links. */
export async function captureLinks(
  lab: Lab,
  links: readonly string[],
): Promise<ReadonlyMap<string, LinkCapture>> {
  return new Map(
    await Promise.all(
      links.map(async (link) => {
        const capture = await LinkCapture.start({ ...placeOf(lab, link), filter: FILTER });
        return [link, capture] as const;
      }),
    ),
  );
}
