// hpim-dm show groups, as a table.
import type { GroupsAnswer } from "../api/responses.ts";
import { duration, table } from "./table.ts";

/** The groups with members. */
export const renderGroups = ({ groups }: GroupsAnswer): string =>
  table(
    ["Interface", "Group", "State", "Last reporter", "Expires"],
    groups.map((group) => [
      group.interface,
      group.group,
      group.state,
      group.lastReporter,
      duration(group.expiresInSeconds),
    ]),
    { empty: "There are no groups with members." },
  );
