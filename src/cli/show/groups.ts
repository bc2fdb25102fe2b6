// hpim-dm show groups, as a table.
import type { GroupsAnswer } from "../../api/lists/groups.ts";
import { duration } from "../table.ts";
import type { Render } from "./render.ts";
import { listTable } from "./render.ts";

const HEAD = ["Interface", "Group", "State", "Last reporter", "Expires"];

/** The groups with members. */
export const renderGroups: Render<GroupsAnswer> = ({ groups }, look) => {
  const rows = groups.map((group) => [
    group.interface,
    group.group,
    group.state,
    group.lastReporter,
    duration(group.expiresInSeconds),
  ]);
  return listTable(look, HEAD, rows, "There are no groups with members.");
};
