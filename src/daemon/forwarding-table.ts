// The kernel's forwarding entries that we want, and which interfaces have a VIF to name in them.
// What is written names only those: a VIF number reused would revive the old outputs of an entry (linux/mroute.h).
import type { Address } from "../base/address.ts";
import { orderedValues } from "../base/ordered.ts";
import type { InterfaceIndex } from "../base/units.ts";
import type { KernelEntry } from "../core/events.ts";
import type { TreeId } from "../core/messages.ts";
import type { Host } from "./host.ts";
import type { FailureReporter } from "./host-calls.ts";

interface Row extends TreeId {
  readonly wanted: KernelEntry;
  /** What the kernel has, as text to compare; "": nothing. */
  installed: string;
}

const keyOf = (source: Address, group: Address): string => source + group;
const names = (entry: KernelEntry, index: InterfaceIndex): boolean =>
  entry.incoming === index || entry.outgoing.includes(index);

/** The entries that we want in the kernel. */
export class ForwardingTable {
  readonly #host: Host;
  readonly #failures: FailureReporter;
  readonly #rows = new Map<string, Row>();
  readonly #open = new Set<InterfaceIndex>();

  constructor(host: Host, failures: FailureReporter) {
    this.#host = host;
    this.#failures = failures;
  }

  /** From now on the tree's entry is to be `entry`; null: none. */
  set(tree: TreeId, entry: KernelEntry | null): void {
    const key = keyOf(tree.source, tree.group);
    const before = this.#rows.get(key);
    if (entry === null) {
      this.#rows.delete(key);
      if (before !== undefined) this.#remove(before);
      return;
    }
    const { source, group } = tree;
    const row: Row = { source, group, wanted: entry, installed: before?.installed ?? "" };
    this.#rows.set(key, row);
    this.#write(row);
  }

  /** The interface has a VIF from now on: entries that wait for it are written. */
  open(index: InterfaceIndex): void {
    this.#open.add(index);
    this.#rewrite(index);
  }

  /** The interface's VIF is about to be given back: no entry names it when this returns. */
  close(index: InterfaceIndex): void {
    this.#open.delete(index);
    this.#rewrite(index);
  }

  #rewrite(index: InterfaceIndex): void {
    for (const row of orderedValues(this.#rows)) if (names(row.wanted, index)) this.#write(row);
  }

  #write(row: Row): void {
    const { source, group, wanted } = row;
    if (!this.#open.has(wanted.incoming)) {
      this.#remove(row);
      return;
    }
    const outgoing = wanted.outgoing.filter((index) => this.#open.has(index));
    const text = `${wanted.incoming} > ${outgoing.join()}`;
    if (row.installed === text) return;
    const written = this.#failures.try("entry", null, () => {
      this.#host.writeEntry(source, group, wanted.incoming, outgoing);
      return true;
    });
    if (written) row.installed = text;
  }

  #remove(row: Row): void {
    if (row.installed === "") return;
    const { source, group } = row;
    row.installed = "";
    this.#failures.try("entry", null, () => this.#host.deleteEntry(source, group));
  }
}
