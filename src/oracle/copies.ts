// One packet of a source on its way: how often it crosses each link, and where it arrives.
import type { Port } from "./ports.ts";
import { isEnabled } from "./ports.ts";
import type { TreeStates } from "./tree-state.ts";

/** Where a packet went. */
export interface Copies {
  readonly onLink: ReadonlyMap<string, number>;
  readonly at: ReadonlyMap<Port, number>;
}

/** Copies on a link, of one sender. `sender` null: the source. */
interface Wave {
  readonly link: string;
  readonly sender: Port | null;
  readonly count: number;
}

const add = <K>(counts: Map<K, number>, key: K, count: number): void =>
  void counts.set(key, (counts.get(key) ?? 0) + count);

/** The ports that take in what the sender sends onto the link. */
function reached(tree: TreeStates, { link, sender }: Wave): readonly Port[] {
  const onLink = tree.ports.onLink.get(link) ?? [];
  const isReached = (port: Port): boolean =>
    sender === null ? port.up : port !== sender && tree.ports.hears(port, sender);
  return onLink.filter((port) => isEnabled(port) && isReached(port));
}

/** The way of a packet where `outputs` are the ports that a packet arriving on a port is forwarded from. */
export function copiesOf(tree: TreeStates, outputs: (arrival: Port) => readonly Port[]): Copies {
  const onLink = new Map<string, number>();
  const at = new Map<Port, number>();
  let waves: readonly Wave[] = [{ link: tree.source.link, sender: null, count: 1 }];
  for (let ttl = tree.source.ttl; ttl > 0; ttl--) {
    const sent = new Map<Port, number>();
    for (const wave of waves) {
      add(onLink, wave.link, wave.count);
      for (const port of reached(tree, wave)) {
        add(at, port, wave.count);
        for (const output of outputs(port)) add(sent, output, wave.count);
      }
    }
    waves = [...sent].map(([sender, count]) => ({ link: sender.link, sender, count }));
  }
  return { onLink, at };
}
