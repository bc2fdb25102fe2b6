// hpim-dm show groups, as a table.
import type { GroupsAnswer } from "../../api/lists/groups.ts";
import { duration } from "../table.ts";
import type { Render } from "./render.ts";
import { listTable } from "./render.ts";

const HEAD = ["Interface", "Group", "State", "Last reporter", "Expires", "Static"];

function staticOf({ static: joined }: GroupsAnswer["groups"][number]): string {
  if (joined === null) return "-";
  return joined.sources === null ? "all sources" : joined.sources.join(" ");
}

/** The groups with members, and those that are joined by configuration. */
export const renderGroups: Render<GroupsAnswer> = ({ groups }, look) => {
  const rows = groups.map((group) => [
    group.interface,
    group.group,
    group.state,
    group.lastReporter ?? "-",
    group.expiresInSeconds === null ? "-" : duration(group.expiresInSeconds),
    staticOf(group),
  ]);
  return listTable(look, HEAD, rows, "There are no groups with members.");
};
