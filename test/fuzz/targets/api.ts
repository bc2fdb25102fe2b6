// Requests to the control API: each gets one of the answers that the API's own description has for it, in JSON; what is
// refused, or only asked, changes nothing. Every input begins with the same configuration.
import { Random } from "../../../src/base/random.ts";
import type { Target, Verdict } from "../../../tools/fuzz/target.ts";
import { SLOW_TEXT } from "../../../tools/fuzz/target.ts";
import { inputOf, textOf } from "../../../tools/fuzz/vary-text.ts";
import { anyRequest, requestOf, textOfRequest, varyRequest } from "../api-requests.ts";
import { ApiUnderFire } from "../api-under-fire.ts";

let api: ApiUnderFire | undefined;

async function execute(input: Uint8Array): Promise<Verdict> {
  api ??= await ApiUnderFire.open();
  const request = requestOf(textOf(input));
  return request === null ? { accepted: false, kind: "no request" } : api.judge(request);
}

const SEEDS = 200;

function seeds(): readonly Uint8Array[] {
  const random = new Random(1);
  return Array.from({ length: SEEDS }, () => inputOf(textOfRequest(anyRequest(random))));
}

/** A request is written as JSON. */
export const target: Target = {
  ...SLOW_TEXT,
  ...{ name: "api", seeds, execute },
  vary: (material) => inputOf(textOfRequest(varyRequest(material))),
};
