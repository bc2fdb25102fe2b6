// The control socket: <runtime directory>/control.sock, for this daemon's own user only, and for the directory's group
// if whoever made the directory gave that group rights on it.
import { chmodSync, chownSync, lstatSync, mkdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { createAdaptorServer } from "@hono/node-server";

/** The control socket cannot be had; the message says why, and what can be done. */
export class ControlSocketError extends Error {
  override readonly name = "ControlSocketError";
}

/** A control socket that is served. */
export interface ControlSocket {
  /** Whom it does not let in and what helps, in a sentence; undefined if it lets in all that it should. */
  readonly limitation: string | undefined;
  /** Ends when the answers under way have left and the socket's file is gone. */
  close(): Promise<void>;
}

const PRIVATE_DIRECTORY = 0o700;
/** Leaves a file's owner reading and writing. */
const PRIVATE_UMASK = 0o177;
const WRITABLE_BY_OTHERS = 0o022;
const GROUP_MAY_ENTER = 0o010;
const OWNER_AND_GROUP = 0o660;
/** A client that does not take its answer does not keep the daemon. */
const LAST_ANSWERS_MS = 1_000;

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: PRIVATE_DIRECTORY });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ControlSocketError(`The directory ${directory} cannot be made: ${reason}.`, {
      cause,
    });
  }
}

/** Whoever can write to the directory could put a socket of their own in our place. */
function refuseSharedDirectory(directory: string): void {
  const { uid, mode } = lstatSync(directory);
  if (uid === process.geteuid?.() && (mode & WRITABLE_BY_OTHERS) === 0) return;
  throw new ControlSocketError(
    `The directory ${directory} belongs to others, or they can write to it: choose another one with --runtime-dir.`,
  );
}

/** Whether somebody answers on the socket at `path`. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** Lets those connect who may enter the socket's directory by their group; a sentence if that cannot be done. */
function admitGroup(path: string): string | undefined {
  const directory = dirname(path);
  const { uid, gid, mode } = lstatSync(directory);
  if ((mode & GROUP_MAY_ENTER) === 0) return undefined;
  try {
    // In a directory with the bit set-group-ID it has that group already. Else we may only give it a group of our own.
    chownSync(path, uid, gid);
  } catch {
    return `The group of ${directory} cannot use the control socket: run "chmod g+s ${directory}", then start hpim-dm again.`;
  }
  chmodSync(path, OWNER_AND_GROUP);
  return undefined;
}

function closeServer(server: ReturnType<typeof createAdaptorServer>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    setTimeout(() => {
      if ("closeAllConnections" in server) server.closeAllConnections();
    }, LAST_ANSWERS_MS).unref();
  });
}

/** The path of the control socket in `directory`, which is made. Throws ControlSocketError if a daemon answers there. */
export async function claimControlSocket(directory: string): Promise<string> {
  makeDirectory(directory);
  refuseSharedDirectory(directory);
  const path = join(directory, "control.sock");
  if (await isAnswered(path)) {
    throw new ControlSocketError(
      `Another daemon answers on ${path}: stop it with "hpim-dm stop", or choose another --runtime-dir.`,
    );
  }
  // What a daemon left that was killed.
  rmSync(path, { force: true });
  return path;
}

/** Serves `fetch` on the control socket at `path`. Throws ControlSocketError if that cannot be done. */
export async function serveControlSocket(
  path: string,
  fetch: (request: Request) => Response | Promise<Response>,
): Promise<ControlSocket> {
  const server = createAdaptorServer({ fetch });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: Error) =>
      reject(new ControlSocketError(`${path} cannot be served: ${cause.message}.`, { cause })),
    );
    // The socket is made in this call: at no time can others connect.
    const umask = process.umask(PRIVATE_UMASK);
    server.listen(path, resolve);
    process.umask(umask);
  });
  return { limitation: admitGroup(path), close: () => closeServer(server) };
}
