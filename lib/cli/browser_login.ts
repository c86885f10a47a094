/** `keysmith auth login APP --browser` */
import { browserLogin } from "../ops/browser_login.ts";
import { readScript, scriptOption } from "./browser_flags.ts";
import type { Option, Session } from "./command.ts";
import type { Flags } from "./flags.ts";
import { PROBE_WORDS } from "./probe_words.ts";
import { describeExpiry } from "./token_text.ts";

export const BROWSER_LOGIN_OPTIONS: readonly Option[] = [
  { flags: "--headless-first", summary: "with --browser: try without a window before opening one" },
  { flags: "--headless", summary: "with --browser: without a window" },
  { flags: "--browser-path <path>", summary: "with --browser: its program" },
  {
    flags: "--profile <name>",
    summary: "with --browser: the profile to use, else that of the app",
  },
  { flags: "--url <url>", summary: "with --browser: the page to open, else the first recorded" },
  scriptOption,
];

export interface BrowserLoginFlags {
  readonly headlessFirst: boolean;
  readonly headless: boolean;
  readonly path: string | undefined;
  readonly profile: string | undefined;
  readonly url: string | undefined;
  readonly script: string | undefined;
}

/** `null` without `--browser`. */
export function parseBrowserLogin(flags: Flags): BrowserLoginFlags | null {
  if (!flags.on("browser")) return null;
  return {
    headlessFirst: flags.on("headlessFirst"),
    headless: flags.on("headless"),
    path: flags.text("browserPath"),
    profile: flags.text("profile"),
    url: flags.text("url"),
    script: flags.text("script"),
  };
}

export async function loginInBrowser(
  session: Session,
  app: string,
  flags: BrowserLoginFlags,
): Promise<void> {
  const { ctx, output } = session;
  const { path, profile, url, headless, headlessFirst, script } = flags;
  const result = await browserLogin(ctx, {
    app,
    headless,
    headlessFirst,
    ...path === undefined ? {} : { browser: path },
    ...profile === undefined ? {} : { profile },
    ...url === undefined ? {} : { url },
    ...await readScript(session, script),
    onWindow: () => {
      if (!headless) output.note("log in in the browser; it closes by itself");
    },
  });
  output.result(result, () => {
    const how = result.withoutWindow ? "logged in without a window" : "logged in";
    output.line(`${how}; token ${describeExpiry(result.expires_at, ctx.clock)}`);
    output.line(`taken: ${result.headers.join(", ")}`);
    output.line(PROBE_WORDS[result.probe]);
  });
}
