// The list of groups with members.
import type { GroupsAnswer } from "../../api/lists/groups.ts";
import { formatAddress } from "../../base/address.ts";
import type { EngineReading } from "../engine-view.ts";
import type { Filter, List, Sections } from "./list.ts";
import { secondsFrom, wantsGroup, wantsIndex } from "./list.ts";

function* rows(engine: EngineReading, filter: Filter): Sections<GroupsAnswer>["groups"] {
  for (const view of engine.membership.groups()) {
    const isWanted =
      view !== undefined &&
      wantsGroup(filter, view.group) &&
      wantsIndex(engine, filter, view.interface);
    yield isWanted
      ? {
          interface: engine.nameOf(view.interface),
          group: formatAddress(view.group),
          state: view.state,
          lastReporter: formatAddress(view.lastReporter),
          expiresInSeconds: secondsFrom(engine.now(), view.expiresDue),
        }
      : undefined;
  }
}

/** The list of groups. */
export const listGroups: List<"groups"> = (engine, filter) => ({ groups: rows(engine, filter) });
