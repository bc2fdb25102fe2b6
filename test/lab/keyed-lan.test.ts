// Keys, reloads, boundaries and thresholds on the real kernel and under traffic: the seven-router network, its links keyed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { needsRoot } from "../support/namespace.ts";
import { keepOut, loseFirstCopy, rollOver } from "./key-steps.ts";
import { GUESSED, type KeyedLan, keyedLan, MISPLACED, NEW, OLD } from "./keyed-lan.ts";
import {
  changeInterfaces,
  changeTimer,
  loadBadFiles,
  setBoundary,
  setThreshold,
} from "./reload-steps.ts";
import { expectAllSame, stopAll } from "./replayed.ts";
import { expectSecretsOnlyIn } from "./secrets.ts";

const SECRETS = [OLD.secret, NEW.secret, GUESSED, MISPLACED];
/** Where commands have added a key. */
const KEPT = ["R2", "R3", "R4", "R5", "R6"].map((router) => `${router}/state/changes.yaml`);

const STEPS: readonly (readonly [string, (lan: KeyedLan) => Promise<void>])[] = [
  ["§3: five routers of a LAN go over to another key, one by one: nothing is lost", rollOver],
  ["X6: an IamUpstream whose first copy is lost on a keyed LAN is understood", loseFirstCopy],
  [
    "§3: a router without the right key is kept out, is told of, harms nobody, and comes in by itself",
    keepOut,
  ],
  ["config load and SIGHUP with another timer disturb nobody", changeTimer],
  ["config load and SIGHUP with other interfaces disturb no others", changeInterfaces],
  ["a file with problems changes nothing, by config load and by SIGHUP", loadBadFiles],
  ["§2.4: a boundary stops the client behind it and nobody else, until it goes", setBoundary],
  ["§9: packets with a TTL at the threshold stay, those above it pass", setThreshold],
  [
    "§3: secrets are in the files of changes, and nowhere else",
    ({ network }) => expectSecretsOnlyIn(network, SECRETS, KEPT),
  ],
  [
    "the recordings of all daemons replay to the same, without the secrets",
    async ({ network }) => {
      await stopAll(network);
      expectAllSame(network);
    },
  ],
];

test(
  "on the real kernel, in the network of seven routers with keys",
  needsRoot,
  async (context) => {
    const lan = await keyedLan(context);
    for (const [title, step] of STEPS) {
      let isOver = false;
      await context.test(title, async () => {
        await step(lan);
        isOver = true;
      });
      assert.ok(isOver, `what comes after "${title}" needs the network as before`);
    }
  },
);
