// Each captured router is replaced by the core, which hears what that heard: it must send what that sent, but for what
// differences.ts lists.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { type Address, ip } from "../../src/base/address.ts";
import { VECTORS } from "../support/pcap.ts";
import { type Captured, framesOfSituations, reaches, type Said, saidFrom } from "./captured.ts";
import { compareSaid, lastInterests } from "./compare.ts";
import { DEVIATIONS } from "./differences.ts";
import { LIVES, type Life } from "./lives.ts";
import { ALGORITHMS, type PlannedRouter } from "./networks.ts";
import { type Outcome, replay } from "./replay.ts";
import { takenBy } from "./schedule.ts";

/** A router in a life, and what came of it. */
interface Replayed extends Outcome {
  readonly plan: PlannedRouter;
  /** What the captured router sent. */
  readonly captured: readonly Said[];
  /** How many captured messages reached it. */
  readonly reached: number;
}

const FRAMES: ReadonlyMap<Life, readonly Captured[]> = new Map(
  LIVES.map((life) => [life, framesOfSituations(life.situations)]),
);

function replayed(life: Life, plan: PlannedRouter): Replayed {
  const frames = FRAMES.get(life) ?? [];
  const taken = takenBy(life, frames, plan);
  return {
    ...replay(life, frames, plan),
    plan,
    captured: saidFrom(frames, plan.addresses),
    reached: plan.addresses.flatMap((on) => taken.filter((frame) => reaches(frame, on))).length,
  };
}

/** Parts of a life that are compared by themselves: its situations; of d1, its links. */
function partsOf(
  life: Life,
): readonly { readonly name: string; readonly isIn: (said: Said) => boolean }[] {
  if (life.situations[0] === "d1") {
    return ALGORITHMS.map((algorithm, i) => {
      const link: Address = ip(`10.20.${i + 1}.0`);
      return { name: `d1 ${algorithm}`, isIn: (said) => said.link === link };
    });
  }
  return life.situations.map((situation) => ({
    name: situation,
    isIn: (said) => said.situation === situation,
  }));
}

const expectedAt = (place: string): readonly string[] =>
  DEVIATIONS.flatMap(({ lines }) => lines[place] ?? []);

const places: string[] = [];

for (const life of LIVES) {
  for (const plan of life.routers) {
    let outcome: Replayed | undefined;
    const outcomeOf = (): Replayed => {
      outcome ??= replayed(life, plan);
      return outcome;
    };
    test(`§18 ${life.situations.join()} ${plan.name}: the core hears all that the captured router heard`, () => {
      const { heard, unheard, reached } = outcomeOf();
      assert.deepEqual({ heard, unheard }, { heard: reached, unheard: 0 });
    });
    for (const { name, isIn } of partsOf(life)) {
      const place = `${name} ${plan.name}`;
      places.push(place);
      test(`§18 ${place}: the core sends what the captured router sent`, () => {
        const captured = outcomeOf().captured.filter(isIn);
        const ours = outcomeOf().said.filter(isIn);
        assert.ok(captured.length > 0);
        assert.deepEqual([...compareSaid(captured, ours)].sort(), [...expectedAt(place)].sort());
        const last = lastInterests(ours);
        for (const [to, interest] of lastInterests(captured)) assert.equal(last.get(to), interest);
      });
    }
  }
}

test("§18: each difference is at a router of a situation, and has its row or section", () => {
  const protocol = readFileSync(new URL("../../docs/protocol.md", VECTORS), "utf8");
  const comparison = protocol.slice(protocol.indexOf("\n## 18 "));
  for (const { row, lines } of DEVIATIONS) {
    for (const place of Object.keys(lines)) assert.ok(places.includes(place), place);
    if (row === null) continue;
    const found = row.startsWith("§")
      ? [`\n## ${row.slice(1)} `, `\n${row.slice(1)} `].some((start) => protocol.includes(start))
      : comparison.includes(`\n| ${row} |`);
    assert.ok(found, row);
  }
});

test("every captured message is compared: each was sent by one router of one life", () => {
  let messages = 0;
  let compared = 0;
  for (const life of LIVES) {
    const frames = FRAMES.get(life) ?? [];
    messages += frames.filter(({ content }) => content.kind === "message").length;
    for (const { addresses } of life.routers) compared += saidFrom(frames, addresses).length;
  }
  assert.equal(compared, messages);
  const situations = LIVES.flatMap((life) => life.situations);
  for (const file of readdirSync(VECTORS).filter((name) => name.endsWith(".pcap"))) {
    assert.equal(
      situations.filter((situation) => file.startsWith(`${situation}_`)).length,
      1,
      file,
    );
  }
});
