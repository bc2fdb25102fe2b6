// The keeper of a user who is not root: holds a user namespace of that user's, with the network, mount and process
// namespaces that the labs are in. Whoever connects to its socket is told the process to enter them by. It ends, and all
// namespaces and processes in them with it, when nobody is connected and no lab is up; also when it is killed.
import { spawn } from "node:child_process";
import { mkdirSync, rmdirSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { dirname } from "node:path";
import type { KeeperNews } from "./keeper.ts";
import { allRecords, LAB_DIRECTORY } from "./record.ts";

// A process of its own program in the new user namespace may be entered; one that has only unshared it may not.
const NEW_NAMESPACES = [
  ...["--user", "--map-root-user", "--mount", "--propagation", "slave", "--net", "--"],
  ...["unshare", "--pid", "--fork", "--"],
];

// /run is as it was, but for what `ip netns` and labs keep there: both are our own, and gone with the namespaces.
// /tmp serves as the place to make it in. The shell stays: it is the first process, and reaps what others leave behind.
const FIRST_PROCESS = `
mount -n -t proc proc /proc
mount -n -t tmpfs -o mode=755 tmpfs /tmp
mkdir /tmp/.host
mount -n --rbind /run /tmp/.host
for entry in /run/*; do
  case "$entry" in
    /run/netns | ${LAB_DIRECTORY}) ;;
    *) ln -s ".host/\${entry#/run/}" /tmp/ ;;
  esac
done
mount -n --move /tmp /run
echo ready
cat
:`;

const PRIVATE_DIRECTORY = 0o700;
const [path = ""] = process.argv.slice(2);

const tell = (news: KeeperNews): void => void process.send?.(news);

// Its input ends with this process, however that ends, and then so does it.
const holder = spawn("unshare", [...NEW_NAMESPACES, "sh", "-ec", FIRST_PROCESS], { stdio: "pipe" });

/** Whether the namespaces have come to be as they should; if not, our starter has been told why. */
async function holdsNamespaces(): Promise<boolean> {
  let said = "";
  holder.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const isReady = await new Promise<boolean>((resolve) => {
    holder.stdout.once("data", () => resolve(true));
    holder.once("close", () => resolve(false));
    holder.once("error", ({ message }) => {
      said = message;
      resolve(false);
    });
  });
  if (!isReady) tell({ kind: "forbidden", reason: said.trim().split("\n").join("; ") });
  return isReady;
}

/** Who is at work in the namespaces: connections, and at first (undefined) our starter. */
const visitors = new Set<Socket | undefined>([undefined]);

// One that was half made when its maker left is of no use to anybody.
const isLabUp = (): boolean =>
  allRecords(`/proc/${holder.pid}/root${LAB_DIRECTORY}`).some(({ isComplete }) => isComplete);

function end(): void {
  server.close();
  holder.stdin.end();
}

function leave(visitor: Socket | undefined): void {
  if (!visitors.delete(visitor)) return;
  // Whoever leaves waits for our end of the connection: after the last lab, all is gone by then.
  if (visitors.size === 0 && !isLabUp()) end();
  else visitor?.end();
}

const server = createServer({ allowHalfOpen: true }, (visitor) => {
  visitors.add(visitor);
  visitor.on("error", () => leave(visitor));
  visitor.on("end", () => leave(visitor));
  visitor.resume();
  visitor.write(`${holder.pid}\n`);
});

function removeDirectory(): void {
  try {
    rmdirSync(dirname(path));
  } catch {
    // Others of this user's files are there.
  }
}

function fail({ code, message }: NodeJS.ErrnoException): void {
  // Two were started at once: the other one will do.
  tell(code === "EADDRINUSE" ? { kind: "ready" } : { kind: "failed", reason: message });
  end();
}

function serve(): void {
  holder.once("close", () => {
    server.close();
    removeDirectory();
    process.exit();
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
  process.on("disconnect", () => leave(undefined));
  server.once("error", fail);
  server.once("listening", () => tell({ kind: "ready" }));
  try {
    mkdirSync(dirname(path), { recursive: true, mode: PRIVATE_DIRECTORY });
    server.listen(path);
  } catch (error) {
    fail(error as NodeJS.ErrnoException);
  }
}

if (await holdsNamespaces()) serve();
