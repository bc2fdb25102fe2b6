// The text of a configuration file, ours or the Python router's: a configuration, or problems with their lines.
import { stringify } from "yaml";
import type { Loaded } from "../../../src/daemon/load-configuration.ts";
import { loadConfiguration } from "../../../src/daemon/load-configuration.ts";
import type { Target, Verdict } from "../../../tools/fuzz/target.ts";
import { SLOW_TEXT } from "../../../tools/fuzz/target.ts";
import { inputOf, textOf } from "../../../tools/fuzz/vary-text.ts";
import { fingerprint } from "../../support/fingerprint.ts";
import { configurationTexts, varyConfiguration } from "../configuration-texts.ts";
import { expectSame, magnitude } from "../expect.ts";
import { expectProblems, kindOfProblems } from "../problems.ts";

/** What is the same of two readings of one configuration. */
const essence = (loaded: Loaded): unknown =>
  loaded.kind === "problems"
    ? loaded
    : [fingerprint(loaded.configuration), loaded.lacking.map(({ path }) => path)];

function execute(input: Uint8Array): Verdict {
  const text = textOf(input);
  const loaded = loadConfiguration(text);
  if (loaded.kind === "problems") {
    expectProblems(text, loaded.problems);
    return { accepted: false, kind: kindOfProblems(loaded.problems) };
  }
  expectProblems(text, loaded.lacking, loaded.remarks);
  const again = loadConfiguration(stringify(loaded.document));
  expectSame(essence(again), essence(loaded), "what is read can be written");
  const { interfaces } = loaded.configuration;
  const sections = Object.keys(loaded.document).join();
  const counts = [interfaces.size, loaded.remarks.length, loaded.lacking.length].map(magnitude);
  return { accepted: true, kind: `${sections} ${counts.join()}` };
}

/** Some are read once more as they are written. */
export const target: Target = {
  ...SLOW_TEXT,
  name: "configuration",
  seeds: () => configurationTexts().map(inputOf),
  vary: varyConfiguration,
  execute,
};
