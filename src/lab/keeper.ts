// The way into the namespaces of a user who is not root: to the keeper of that user's labs, which is started if need be.
import { type ChildProcess, fork, spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { LabError, LabForbiddenError, messageOf } from "./lab-error.ts";

/** What a keeper tells its starter: that one listens, that the system forbids the namespaces, or that it cannot listen. */
export type KeeperNews =
  | { readonly kind: "ready" }
  | { readonly kind: "forbidden"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string };

/** A connection to the keeper, which stays as long as it lasts. */
export interface Visit {
  /** The process whose namespaces are the labs'; its children's process namespace, not its own. */
  readonly pid: number;
  /** Resolves when the keeper has seen to the end of all, if this was its last visit and no lab is up. */
  leave(): Promise<void>;
}

type Knock =
  | { readonly kind: "visit"; readonly visit: Visit }
  | { readonly kind: "absent" }
  /** Its socket is there, and it is not. */
  | { readonly kind: "killed" };

const PRIVATE_DIRECTORY = 0o700;
const KEEPER = fileURLToPath(new URL("../lab/keeper-main.js", import.meta.url));

function socketPath(): string {
  const { XDG_RUNTIME_DIR } = process.env;
  const directory = XDG_RUNTIME_DIR || join(homedir(), ".local", "state");
  return join(directory, "hpim-dm", "lab.sock");
}

const unusable = (reason: string): LabError =>
  new LabError(
    `The keeper of your labs cannot be had (${reason}): set XDG_RUNTIME_DIR to a directory of yours.`,
  );

function knock(path: string): Promise<Knock> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const closed = new Promise<void>((resolveClosed) => {
      socket.once("close", () => resolveClosed());
    });
    const leave = (): Promise<void> => {
      socket.end();
      return closed;
    };
    socket.setEncoding("utf8").once("data", (text: string) => {
      resolve({ kind: "visit", visit: { pid: Number(text), leave } });
    });
    // It was about to end.
    socket.once("end", () => resolve({ kind: "absent" }));
    socket.on("error", (cause: NodeJS.ErrnoException) => {
      if (cause.code === "ENOENT" || cause.code === "ECONNRESET") resolve({ kind: "absent" });
      else if (cause.code === "ECONNREFUSED") resolve({ kind: "killed" });
      else reject(unusable(cause.message));
    });
  });
}

/** What an administrator can forbid user namespaces with, and the value of each that allows them. */
const SWITCHES = [
  { name: "kernel.apparmor_restrict_unprivileged_userns", forbidding: "1", allowing: 0 },
  { name: "kernel.unprivileged_userns_clone", forbidding: "0", allowing: 1 },
  { name: "user.max_user_namespaces", forbidding: "0", allowing: 10_000 },
] as const;

function settingOf(name: string): string | undefined {
  try {
    return readFileSync(join("/proc/sys", name.replace(".", "/")), "utf8").trim();
  } catch {
    // This kernel has no such switch.
    return undefined;
  }
}

function forbidden(reason: string): LabForbiddenError {
  const off = SWITCHES.find(({ name, forbidding }) => settingOf(name) === forbidding);
  const [why, remedy] =
    off === undefined
      ? [reason, ""]
      : [
          `${off.name} is ${off.forbidding}`,
          `, or allow it with "sysctl -w ${off.name}=${off.allowing}"`,
        ];
  return new LabForbiddenError(
    `Without root a lab needs a user namespace, which this system does not allow (${why}): run this as root${remedy}.`,
  );
}

/** Starts a keeper, which stays until it is disconnected from. Throws LabForbiddenError or LabError if it cannot be. */
function startKeeper(path: string): Promise<ChildProcess> {
  const keeper = fork(KEEPER, [path], {
    cwd: "/",
    detached: true,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => reject(unusable(reason));
    keeper.once("error", ({ message }) => fail(message));
    keeper.once("exit", (code) => fail(`it ended with ${code}`));
    keeper.once("message", (news: KeeperNews) => {
      switch (news.kind) {
        case "ready":
          keeper.unref();
          return resolve(keeper);
        case "forbidden":
          return reject(forbidden(news.reason));
        case "failed":
          return fail(news.reason);
      }
    });
  });
}

/**
 * Does `action` while no other process does one with the same directory, which is made if need be: flock(1) holds it
 * until its input ends, as it does with this process. Throws what `action` throws, and LabError if it cannot be held.
 */
async function holding<Result>(directory: string, action: () => Promise<Result>): Promise<Result> {
  try {
    mkdirSync(directory, { recursive: true, mode: PRIVATE_DIRECTORY });
  } catch (cause) {
    throw unusable(messageOf(cause));
  }
  const lock = spawn("flock", [directory, "cat"], { stdio: "pipe" });
  const closed = new Promise<void>((resolve) => {
    lock.once("close", () => resolve());
  });
  try {
    await new Promise<void>((resolve, reject) => {
      let said = "";
      lock.stderr.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
      lock.once("error", ({ message }) => reject(unusable(message)));
      lock.once("close", () => reject(unusable(said.trim())));
      lock.stdin.on("error", () => undefined);
      // What cat(1) says again, it says while the directory is held.
      lock.stdout.once("data", () => resolve());
      lock.stdin.write("\n");
    });
    return await action();
  } finally {
    lock.stdin.end();
    await closed;
  }
}

/** Knocks, and where nobody is at home, starts a keeper; even that one may be about to end. Only for one at a time. */
async function knockOrStart(path: string): Promise<Knock> {
  const found = await knock(path);
  if (found.kind === "visit") return found;
  if (found.kind === "killed") {
    process.stderr.write("The keeper of your labs was killed, and all of them ended with it.\n");
    rmSync(path, { force: true });
  }
  const keeper = await startKeeper(path);
  try {
    return await knock(path);
  } finally {
    if (keeper.connected) keeper.disconnect();
  }
}

/**
 * Visits the keeper of this user's labs. Throws LabForbiddenError if the system does not let a user make namespaces, and
 * LabError if the keeper cannot be started or reached.
 */
export async function visitKeeper(): Promise<Visit> {
  const path = socketPath();
  let found = await knock(path);
  while (found.kind !== "visit") {
    // Another who takes the same socket for a killed keeper's would remove that of the keeper we start. A keeper removes
    // the socket's own directory when it ends: the one above stays.
    found = await holding(dirname(dirname(path)), () => knockOrStart(path));
  }
  return found.visit;
}
