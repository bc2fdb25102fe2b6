// The list of groups with members, or that are joined by configuration.
import type { GroupsAnswer } from "../../api/lists/groups.ts";
import { formatAddress } from "../../base/address.ts";
import type { SourceFilter } from "../../base/source-filter.ts";
import type { EngineReading } from "../engine-view.ts";
import type { Filter, List, Sections } from "./list.ts";
import { secondsFrom, wantsGroup, wantsIndex } from "./list.ts";

const sourcesOf = ({ mode, sources }: SourceFilter): string[] | null =>
  mode === "exclude" ? null : sources.map(formatAddress);

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
          lastReporter: view.lastReporter && formatAddress(view.lastReporter),
          expiresInSeconds:
            view.expiresDue === null ? null : secondsFrom(engine.now(), view.expiresDue),
          static: view.joined && { sources: sourcesOf(view.joined) },
        }
      : undefined;
  }
}

/** The list of groups. */
export const listGroups: List<"groups"> = (engine, filter) => ({ groups: rows(engine, filter) });
