// What a router remembers, saved and restored (docs/architecture.md, "Memory").
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Millis, millis } from "../../src/base/units.ts";
import type { RouterEvent } from "../../src/core/events.ts";
import type { RouterMemory } from "../../src/core/memory.ts";
import { Router } from "../../src/core/router.ts";
import { PlayedRouter } from "../support/played-router.ts";
import { ON_SOURCE_LINK } from "../support/played-tree.ts";

interface Saved {
  readonly memory: RouterMemory;
  /** As it was when it was saved. */
  readonly copy: RouterMemory;
}

/** Has every event of the router handled, too, by one that was restored from what it remembered just before. */
function accompany({ router }: PlayedRouter): readonly Saved[] {
  const handle = router.handle.bind(router);
  const saved: Saved[] = [];
  let last: Millis = millis(0);
  router.handle = (event: RouterEvent, now: Millis) => {
    const memory = router.save(last);
    const copy = structuredClone(memory);
    saved.push({ memory, copy });
    const restored = new Router(memory);
    const actions = handle(event, now);
    assert.deepEqual(restored.handle(event, millis(now - last)), actions);
    assert.deepEqual(restored.save(millis(now - last)), router.save(now));
    last = now;
    return actions;
  };
  return saved;
}

function live(played: PlayedRouter): void {
  played.run(1234);
  played.interface(1);
  played.interface(2);
  played.interface(3, { protocol: null });
  played.interface(4, { up: false });
  played.run(50);
  played.listener(3);
  played.route(20, 1, "10.0.1.1");
  played.missing(1);
  played.run(1000);
  const upstream = played.neighbor(1, 1, "11/10");
  const rival = played.neighbor(2, 1);
  played.listener(2);
  played.run(100);
  rival.upstream("11/10");
  assert.equal(played.why(2).forwarding, "forwards: holding");
  played.run(500);
  upstream.noLongerUpstream();
  rival.noLongerUpstream();
  rival.upstream("11/40");
  played.neighbor(1, 2, "11/40");
  played.run(300);
  played.wrong(2);
  played.run(100);
  rival.interest();
  played.run(700);
  played.interface(1, ON_SOURCE_LINK);
  played.route(0, 1);
  played.missing(1);
  played.run(300_000);
  played.listener(2, false);
  upstream.goodbye();
  played.run(400_000);
}

test("a router that is restored does what the saved one does, by a clock that began when it was saved", () => {
  const played = new PlayedRouter({ treesPerNeighborLimit: 1, dataEntryLimit: 1 });
  const saved = accompany(played);
  live(played);
  const memories = saved.map(({ memory }) => memory);
  const trees = memories.flatMap((memory) => [...memory.trees.values()]);
  const at = trees.flatMap(({ memory }) => [...memory.values()]);
  assert.ok(trees.some(({ standIn }) => standIn !== null && standIn.floodSince < 0));
  assert.ok(
    trees.some(({ sourceActiveSince }) => sourceActiveSince !== null && sourceActiveSince < 0),
  );
  assert.ok(at.some(({ holdSince }) => holdSince !== null && holdSince < 0));
  assert.ok(at.some(({ arrival }) => arrival !== null && arrival.since < 0));
});

test("what was saved does not change with the router", () => {
  const played = new PlayedRouter();
  const saved = accompany(played);
  live(played);
  assert.ok(saved.length > 100);
  for (const { memory, copy } of saved) assert.deepEqual(memory, copy);
});
