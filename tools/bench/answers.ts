// How long whoever asks a daemon waits for the first byte of an answer, whatever is asked.
import { once } from "node:events";
import { connect } from "node:net";
import { LIST_NAMES } from "../../src/api/lists/lists.ts";
import { daemonFilesOf } from "../../src/lab/daemon-process.ts";
import type { Lab } from "../../src/lab/lab.ts";

/** A tree that nobody knows takes the longest to be explained. */
const EXPLANATION = "/v1/explain?source=10.1.1.100&group=239.255.255.255";

/** All that a daemon can be asked for without being changed. */
const PATHS: readonly string[] = [
  ...LIST_NAMES.map((name) => `/v1/${name}`),
  ...["/metrics", "/v1/version", "/v1/configuration", "/v1/openapi.json"],
  ...["/v1/events", "/v1/doctor", EXPLANATION],
];

/** Milliseconds from the question until the first byte of its answer; whoever asked is gone then. */
async function millisToFirstByte(socketPath: string, path: string): Promise<number> {
  const socket = connect(socketPath);
  await once(socket, "connect");
  const asked = performance.now();
  socket.write(`GET ${path} HTTP/1.1\r\nHost: daemon\r\nConnection: close\r\n\r\n`);
  await once(socket, "data");
  const millis = performance.now() - asked;
  socket.destroy();
  return millis;
}

/** Milliseconds until the latest first byte, of all answers of a router's daemon, one after the other. */
export async function latestFirstByte(lab: Lab, router: string): Promise<number> {
  const { socket } = daemonFilesOf(lab, router);
  let latest = 0;
  for (const path of PATHS) latest = Math.max(latest, await millisToFirstByte(socket, path));
  return latest;
}
