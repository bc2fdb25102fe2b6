// Keys that nothing uses yet, over the control API.
import assert from "node:assert/strict";
import { test } from "node:test";
import { keysSchema } from "../../src/api/lists/keys.ts";
import { doneSchema } from "../../src/api/responses.ts";
import { serve } from "./served-daemon.ts";

test("whoever adds a key where nothing uses it yet is told, and finds it in the list", async (t) => {
  const { ask: get } = await serve(t);
  const added = async (name: string): Promise<unknown> =>
    (
      await get("PUT", `/v1/interfaces/${name}/keys/7`, {
        ...{ algorithm: "sha256", secret: "swordfish", acceptOnly: false },
      })
    ).body;
  const sentence = /^Key 7 signs on (\w+); messages that no key of \1 has signed are dropped\. /;
  const said = async (name: string): Promise<string> => {
    const { message } = doneSchema.parse(await added(name));
    assert.match(message, sentence);
    return message.replace(sentence, "");
  };
  assert.equal(await said("eth1"), "HPIM-DM is not enabled on eth1 yet.");
  assert.match(await said("eht1"), /^There is no interface eht1 yet/);
  const { keys } = keysSchema.parse((await get("GET", "/v1/keys?interface=eht1")).body);
  assert.equal(keys.length, 1);
});
