// Entry point of the daemon's process. It gives up what rights it can before it loads anything else: that takes executing
// this program once more.
import { putHelpersBehind } from "../linux/helper-threads.ts";
import { dropPrivileges } from "../linux/privileges.ts";

const remark = dropPrivileges();
putHelpersBehind();
const { runCommand } = await import("./command.ts");
await runCommand(remark);
