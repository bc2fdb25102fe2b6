import assert from "node:assert/strict";
import { test } from "node:test";
import { type ServiceEnvironment, ServiceManager } from "../../src/linux/service-manager.ts";
import { listenForNotices } from "../support/notify-socket.ts";
import { until } from "../support/until.ts";

test("a socket with an abstract name is found, also when it is a new one", async (t) => {
  const name = `@hpt-service-${process.pid}`;
  const failures: string[] = [];
  const manager = new ServiceManager({ NOTIFY_SOCKET: name }, ({ message }) =>
    failures.push(message),
  );
  manager.ready("Nobody listens.");
  manager.ready("Nobody listens.");
  assert.deepEqual(failures, [
    `the service manager does not take messages on ${name}: send failed with ECONNREFUSED`,
  ]);
  const said: string[] = [];
  listenForNotices(t, name, (lines) => said.push(...lines));
  manager.ready("All is well.\nThis is the second line.");
  await until("it has come", () => said.length > 0);
  assert.deepEqual(said, ["READY=1", "STATUS=All is well."]);
});

test("without a service manager nothing is said, and nothing fails", () => {
  for (const environment of [{}, { NOTIFY_SOCKET: "" }]) {
    const manager = new ServiceManager({ ...environment, WATCHDOG_USEC: "1000" }, assert.ifError);
    manager.ready("");
    manager.reloading();
    manager.stopping();
    manager.close();
  }
});

test("names that are no address are refused", () => {
  for (const [name, errno] of [
    [`/${"x".repeat(108)}`, "ENAMETOOLONG"],
    ["vsock:2:1234", "ENOENT"],
  ] as const) {
    const failures: string[] = [];
    const manager = new ServiceManager({ NOTIFY_SOCKET: name }, ({ message }) =>
      failures.push(message),
    );
    manager.stopping();
    assert.match(failures.join(), new RegExp(`${errno}$`));
  }
});

test("a watchdog of another process, or a period that is none, hears nothing", async (t) => {
  const pings = (number: number, variables: ServiceEnvironment): (() => number) => {
    const name = `@hpt-watchdog-${process.pid}-${number}`;
    let count = 0;
    listenForNotices(t, name, ([line]) => {
      if (line === "WATCHDOG=1") count++;
    });
    const manager = new ServiceManager({ NOTIFY_SOCKET: name, ...variables }, assert.ifError);
    t.after(() => manager.close());
    manager.ready("");
    return () => count;
  };
  const OURS = `${process.pid}`;
  const told = [{ WATCHDOG_USEC: "10000" }, { WATCHDOG_USEC: "10000", WATCHDOG_PID: OURS }];
  const untold = [
    { WATCHDOG_USEC: "10000", WATCHDOG_PID: "1" },
    { WATCHDOG_USEC: "0", WATCHDOG_PID: OURS },
    { WATCHDOG_USEC: "-1", WATCHDOG_PID: OURS },
    { WATCHDOG_USEC: "soon", WATCHDOG_PID: OURS },
    { WATCHDOG_USEC: "1e1", WATCHDOG_PID: OURS },
    { WATCHDOG_USEC: "9".repeat(20), WATCHDOG_PID: OURS },
    { WATCHDOG_PID: OURS },
  ];
  const counts = [...told, ...untold].map((variables, number) => pings(number, variables));
  await until("those that are told have pinged", () =>
    counts.slice(0, told.length).every((count) => count() > 20),
  );
  assert.deepEqual(
    counts.slice(told.length).map((count) => count()),
    untold.map(() => 0),
  );
});
