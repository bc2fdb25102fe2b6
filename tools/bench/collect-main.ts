// A process that has the garbage of the Node process beside it collected, and ends when that is done. It runs in the same
// network namespace, and talks to the inspector that SIGUSR1 opens there: so the daemon needs no hook and no option for it.
import { randomBytes } from "node:crypto";
import { get, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

const INSPECTOR = { host: "127.0.0.1", port: 9229 };
const LOOK_EVERY_MS = 20;
/** The first may leave what only the second finds: what finalisers held. */
const COLLECTIONS = 2;
const FINAL_TEXT = 0x81;
const MASKED = 0x80;

function request(path: string, headers: Readonly<Record<string, string>>) {
  return get({ ...INSPECTOR, path, headers, agent: false });
}

/** The path of the inspector's one target; waits until the inspector is open. */
async function targetPath(): Promise<string> {
  for (;;) {
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        request("/json/list", {}).on("response", resolve).on("error", reject);
      });
      const [target] = JSON.parse(await text(response)) as { webSocketDebuggerUrl: string }[];
      if (target !== undefined) return new URL(target.webSocketDebuggerUrl).pathname;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ECONNREFUSED") throw error;
    }
    await sleep(LOOK_EVERY_MS);
  }
}

function connect(path: string): Promise<Duplex> {
  const headers = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": randomBytes(16).toString("base64"),
  };
  return new Promise((resolve, reject) => {
    request(path, headers)
      .on("upgrade", (_, stream) => resolve(stream))
      .on("response", ({ statusCode }) => reject(new Error(`the inspector answers ${statusCode}`)))
      .on("error", reject);
  });
}

/** A short text as a frame of a client (RFC 6455 §5.2); the mask is 0, and so changes nothing. */
const frameOf = (words: string): Buffer =>
  Buffer.concat([Buffer.from([FINAL_TEXT, MASKED | words.length, 0, 0, 0, 0]), Buffer.from(words)]);

const socket = await connect(await targetPath());
let answers = "";
socket.setEncoding("latin1");
for (let id = 1; id <= COLLECTIONS; id++) {
  socket.write(frameOf(JSON.stringify({ id, method: "HeapProfiler.collectGarbage" })));
  while (!answers.includes(`{"id":${id},"result"`)) {
    answers += await new Promise<string>((resolve, reject) => {
      socket.once("data", resolve).once("error", reject);
    });
    if (answers.includes('"error"')) throw new Error(answers);
  }
}
socket.destroy();
