// The list of keys, without their secrets.
import { ALGORITHMS } from "../../api/algorithms.ts";
import type { KeyRow } from "../../api/lists/keys.ts";
import { configurationOf, configuredNames } from "../configuration.ts";
import type { EngineReading } from "../engine-view.ts";
import { signingKey } from "../security.ts";
import type { Filter, List } from "./list.ts";
import { wantsInterface } from "./list.ts";

function* rows(engine: EngineReading, filter: Filter): Generator<KeyRow> {
  const present = engine.ports().map(({ link }) => link.name);
  for (const name of configuredNames(engine.configuration, present)) {
    if (!wantsInterface(filter, name)) continue;
    const { security } = configurationOf(engine.configuration, name);
    const signing = signingKey(security);
    for (const key of security.keys) {
      const { identifier, algorithm } = key;
      const { isWeak: weak } = ALGORITHMS[algorithm];
      yield { interface: name, identifier, algorithm, signs: key === signing, weak };
    }
  }
}

/** The list of keys. */
export const listKeys: List<"keys"> = (engine, filter) => ({ keys: rows(engine, filter) });
