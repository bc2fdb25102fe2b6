// What a diagnosis looks at, and what it makes: findings.
import type { Finding, FindingKind } from "../../api/diagnosis.ts";
import type { InterfaceIndex } from "../../base/units.ts";
import type { EngineReading } from "../engine-view.ts";
import type { Surroundings } from "../surroundings.ts";

/** A daemon and its machine, as a diagnosis looks at them. */
export interface Look {
  readonly engine: EngineReading;
  readonly readText: Surroundings["readText"];
}

/** A finding about an interface, or about none (null). `mend`: null if nothing needs to be mended. */
export const finding = (
  kind: FindingKind,
  { engine }: Pick<Look, "engine">,
  about: InterfaceIndex | null,
  { sentence, mend }: { readonly sentence: string; readonly mend: string | null },
): Finding => ({
  kind,
  interface: about === null ? null : engine.nameOf(about),
  sentence,
  mend,
});
