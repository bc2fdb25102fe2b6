// What strangers send, on the real kernel: raw frames onto the link between two daemons (§2.1-2.3, P6).
import { test } from "node:test";
import { runHostileCases } from "../hostile/battlefield.ts";
import { HOSTILE_CASES } from "../hostile/cases.ts";
import { labField } from "../hostile/lab-field.ts";
import { needsRoot } from "../support/namespace.ts";

test(
  "P6 on the real kernel: every hostile packet is counted by its reason, told once a minute, and changes nothing",
  needsRoot,
  async (context) => runHostileCases(await labField(context), HOSTILE_CASES),
);
