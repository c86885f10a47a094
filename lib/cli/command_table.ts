/** Every command by name, with what `--help` says, so that help loads none of them. */
import type { Command } from "./command.ts";

export interface CommandEntry {
  readonly group: string | null;
  readonly name: string;
  readonly summary: string;
  /** Run when the group is followed by something that is no command of it: `keysmith tools APP`. */
  readonly isDefault?: boolean;
  load(): Promise<{ readonly command: Command<unknown> }>;
}

export const GROUPS: Readonly<Record<string, string>> = {
  capture: "Recordings of an app's traffic",
};

export const COMMANDS: readonly CommandEntry[] = [
  {
    group: "capture",
    name: "import",
    summary: "Read HAR files into an app, creating it if need be",
    load: () => import("./commands/capture/import.ts"),
  },
  {
    group: "capture",
    name: "list",
    summary: "The apps, or the captures of one app",
    load: () => import("./commands/capture/list.ts"),
  },
  {
    group: "capture",
    name: "show",
    summary: "One capture and its requests",
    load: () => import("./commands/capture/show.ts"),
  },
  {
    group: "capture",
    name: "inspect",
    summary: "The requests of an app, or one of them whole",
    load: () => import("./commands/capture/inspect.ts"),
  },
];
