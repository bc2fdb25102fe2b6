// Entries and VIFs: no entry names an interface that has none, and none that is about to lose it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import type { InterfaceIndex } from "../../src/base/units.ts";
import { interfaceIndex } from "../../src/base/units.ts";
import { ForwardingTable } from "../../src/daemon/forwarding-table.ts";
import { FailureReporter } from "../../src/daemon/host-calls.ts";
import type { DaemonNotice } from "../../src/daemon/notices.ts";
import { MemoryHost } from "./memory-host.ts";

const [A, B, C] = [interfaceIndex(1), interfaceIndex(2), interfaceIndex(3)];
const TREE = { source: ip("10.0.1.9"), group: ip("239.1.1.1") };

interface Rig {
  readonly host: MemoryHost;
  readonly table: ForwardingTable;
  readonly notices: DaemonNotice[];
  readonly open: (...indexes: readonly InterfaceIndex[]) => void;
  readonly close: (index: InterfaceIndex) => void;
  /** "incoming > outgoing", or undefined. */
  readonly installed: () => string | undefined;
}

function rig(): Rig {
  const host = new MemoryHost();
  const notices: DaemonNotice[] = [];
  const table = new ForwardingTable(host, new FailureReporter((notice) => notices.push(notice)));
  return {
    ...{ host, table, notices },
    open: (...indexes) => {
      for (const index of indexes) {
        host.startInterface(index);
        table.open(index);
      }
    },
    close: (index) => {
      table.close(index);
      host.stopInterface(index);
    },
    installed: () => {
      const entry = host.entries.get(TREE.source + TREE.group);
      return entry && `${entry.incoming} > ${entry.outgoing.join()}`;
    },
  };
}

test("an output without a VIF is left out until it has one", () => {
  const { table, open, installed } = rig();
  open(A, B);
  table.set(TREE, { incoming: A, outgoing: [B, C] });
  assert.equal(installed(), "1 > 2");
  open(C);
  assert.equal(installed(), "1 > 2,3");
});

test("an entry waits for the VIF of its input", () => {
  const { table, open, installed } = rig();
  open(B);
  table.set(TREE, { incoming: A, outgoing: [B] });
  assert.equal(installed(), undefined);
  open(A);
  assert.equal(installed(), "1 > 2");
});

test("before a VIF is given back, outputs lose it and an entry that comes in by it goes", () => {
  const { table, open, close, installed } = rig();
  open(A, B, C);
  table.set(TREE, { incoming: A, outgoing: [B, C] });
  close(B);
  assert.equal(installed(), "1 > 3");
  close(A);
  assert.equal(installed(), undefined);
});

test("an entry that is as it should be is not written again", () => {
  const { host, table, open } = rig();
  open(A, B);
  for (let i = 0; i < 2; i++) table.set(TREE, { incoming: A, outgoing: [B] });
  assert.equal(host.calls.filter((call) => call.startsWith("writeEntry")).length, 1);
});

test("an entry that could not be written is written the next time, and the failure is reported once", () => {
  const { host, table, open, installed, notices } = rig();
  open(A, B);
  host.failing.set("writeEntry", "ENOBUFS");
  for (let i = 0; i < 2; i++) table.set(TREE, { incoming: A, outgoing: [B] });
  assert.equal(notices.length, 1);
  host.failing.clear();
  table.set(TREE, { incoming: A, outgoing: [B] });
  assert.equal(installed(), "1 > 2");
});
