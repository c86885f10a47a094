/** What the commands that open a browser have in common. */
import type { CaptureBrowserInput } from "../ops/capture_browser.ts";
import type { Option, Session } from "./command.ts";
import type { Flags } from "./flags.ts";
import { readNamedText } from "./read_input.ts";

export const browserOptions: readonly Option[] = [
  { flags: "--browser <path>", summary: "the browser's program; else the first that is installed" },
  {
    flags: "--profile <name>",
    summary: "keep the browser's profile under this name; else a fresh one, removed at the end",
  },
  { flags: "--headless", summary: "without a window" },
];

export const scriptOption: Option = {
  flags: "--script <file>",
  summary:
    'do these steps in place of a person: [{"goto": "/login"}, {"fill": "#user", "value": …}]; ' +
    "also click, select, press, waitFor, wait; an element has 15000 ms to appear, or its step's timeout",
};

/** How a recording ends by itself. */
export const endOptions: readonly Option[] = [
  {
    flags: "--until-login",
    summary: "end by itself once a login was seen and what follows it has been loaded",
  },
  { flags: "--for <seconds>", summary: "end by itself after this time" },
];

const MAX_SECONDS = 86_400;

export interface EndFlags {
  readonly untilLogin: boolean;
  readonly maxMs?: number;
}

/** @throws {AppError} `USAGE` */
export function parseEndFlags(flags: Flags): EndFlags {
  const seconds = flags.number("for", { min: 1, max: MAX_SECONDS });
  return {
    untilLogin: flags.on("untilLogin"),
    ...seconds === undefined ? {} : { maxMs: seconds * 1000 },
  };
}

export interface BrowserFlags {
  readonly browser?: string;
  readonly profile?: string;
  readonly headless: boolean;
}

export function parseBrowserFlags(flags: Flags): BrowserFlags {
  const browser = flags.text("browser");
  const profile = flags.text("profile");
  return {
    ...browser === undefined ? {} : { browser },
    ...profile === undefined ? {} : { profile },
    headless: flags.on("headless"),
  };
}

/** @throws {AppError} `NOT_FOUND` */
export async function readScript(
  session: Session,
  file: string | undefined,
): Promise<Pick<CaptureBrowserInput, "script">> {
  return file === undefined ? {} : { script: { file, text: await readNamedText(session, file) } };
}

/** What a person at the browser is told first; nothing where steps stand in for one. */
export function sittingWords(
  { headless, script, untilLogin, maxMs, again = false }: EndFlags & {
    readonly headless: boolean;
    readonly script: string | undefined;
    readonly again?: boolean;
  },
): string | null {
  if (script !== undefined) return null;
  if (headless) {
    const endsAlone = untilLogin || maxMs !== undefined;
    return "there is no window to log in with: --script FILE does steps in place of a person" +
      (endsAlone ? "" : "; Ctrl-C ends the recording, with --for SECONDS it ends by itself");
  }
  return again
    ? "log in with another account and do the same, then close the window"
    : "log in, click through what you want to use later, and close the window";
}
