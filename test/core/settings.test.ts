// The defaults (§16).
import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_INTERFACE_SETTINGS, DEFAULT_ROUTER_SETTINGS } from "../../src/core/settings.ts";

test("§16: the defaults of an interface", () => {
  assert.deepEqual(DEFAULT_INTERFACE_SETTINGS, {
    helloPeriod: 10_000,
    triggeredHelloDelay: 100,
    syncRetransmissionTime: 3000,
    syncHoldTime: 12_000,
    retransmissionTime: 3000,
    ackFailureThreshold: 3,
    holdForwarding: true,
    holdForwardingTime: 2000,
    treesPerSync: null,
    neighborLimit: 64,
  });
});

test("§16: the defaults of a router", () => {
  assert.deepEqual(DEFAULT_ROUTER_SETTINGS, {
    sourceActiveTime: 210_000,
    floodInitialData: true,
    initialFloodTime: 15_000,
    preferences: new Map(),
    treesPerNeighborLimit: 65_536,
    treeLimit: 100_000,
    dataEntryLimit: 4096,
    sequenceNumberLimit: 2 ** 32 - 1,
    windowLimit: 1_024,
  });
});
