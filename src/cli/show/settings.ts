// hpim-dm show settings, as a table.
import type { SettingsAnswer } from "../../api/lists/settings.ts";
import type { Render } from "./render.ts";
import { listTable } from "./render.ts";

const HEAD = ["Setting", "Where", "Value", "Note"];

/** The settings as they are in force. */
export const renderSettings: Render<SettingsAnswer> = ({ settings }, look) => {
  const rows = settings.map(({ setting, interface: name, subsystem, value, derived }) => [
    setting,
    name ?? subsystem ?? "router",
    value,
    derived ? "follows from others" : "",
  ]);
  return listTable(look, HEAD, rows, "There are no settings.");
};
