/** Starts a browser with a profile folder of its own and speaks DevTools with it. */
import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError, messageOf } from "../base/error.ts";
import { anyProgram } from "../base/permitted_programs.ts";
import { browserProfile } from "./browser_profile.ts";
import { Devtools, type DevtoolsTransport } from "./devtools.ts";
import { pipeTransport } from "./pipe_transport.ts";
import { socketAddress, socketTransport } from "./socket_transport.ts";

/** How long a browser may take to answer its first command, in milliseconds. */
const START_MS = 30_000;
/** How long a browser may take to end once asked to, in milliseconds. */
const END_MS = 5_000;
/** Of what the browser complains about before it fails to start, characters. */
const MAX_COMPLAINT = 400;

/** What keeps traffic of the browser's own out of the recording, and its questions off the screen. */
const SWITCHES = [
  "--no-first-run",
  "--no-default-browser-check",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-default-apps",
  "--disable-search-engine-choice-screen",
  "--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider",
  "--password-store=basic",
  "--use-mock-keychain",
];

export interface LaunchOptions {
  /** The browser's program. */
  readonly program: string;
  /** A folder that is kept; a fresh one, removed at the end, when left out. */
  readonly profile?: string;
  readonly headless: boolean;
  /** Use a WebSocket although pipes would do. Default: only on Windows. */
  readonly overSocket?: boolean;
}

export interface LaunchedBrowser {
  readonly devtools: Devtools;
  /** Name and version: `Chrome/156.0.8078.108`. */
  readonly product: string;
  /** Where DevTools listens, when it is not a pipe. */
  readonly address: string | null;
  /** True where the browser's own sandbox had to be switched off, which it demands for root. */
  readonly withoutSandbox: boolean;
  /** Ends the browser and removes a fresh profile. */
  close(): Promise<void>;
}

/** @throws {AppError} `UNSUPPORTED` when the browser does not start. */
export async function launchBrowser(options: LaunchOptions): Promise<LaunchedBrowser> {
  const profile = browserProfile(options.profile);
  const platform = platformSwitches(Deno.build.os, Deno.uid());
  const { withoutSandbox } = platform;
  const overSocket = options.overSocket ?? platform.overSocket;
  let started: Child | null = null;
  try {
    const child = started = start(options, profile.path, { withoutSandbox, overSocket });
    const address = overSocket
      ? await within(START_MS, socketOf(profile.path, child.exited))
      : null;
    const transport = address === null ? child.pipe! : await socketTransport(address);
    const devtools = new Devtools(transport);
    const { product } = await within(
      START_MS,
      Promise.race([
        devtools.send("Browser.getVersion"),
        child.exited.then(() => Promise.reject(new Error("it ended at once"))),
      ]),
    );
    const close = async () => {
      // The browser may go before it answers, and one that hangs is ended by force.
      const closing = devtools.attempt("Browser.close").then(() => child.exited);
      await within(END_MS, closing).catch(() => {});
      await child.end();
      devtools.close();
      profile.remove();
    };
    return { devtools, product: String(product), address, withoutSandbox, close };
  } catch (error) {
    await started?.end();
    profile.remove();
    throw new AppError("UNSUPPORTED", `"${options.program}" did not start: ${messageOf(error)}`, {
      hint: options.headless
        ? "Start it by hand to see what it needs, or give another: --browser PATH"
        : "Without a display it needs --headless; another browser: --browser PATH",
      details: { program: options.program, complaint: started?.complaint() ?? "" },
      cause: error,
    });
  }
}

interface Child {
  readonly pipe: DevtoolsTransport | null;
  readonly exited: Promise<void>;
  complaint(): string;
  end(): Promise<void>;
}

/** Over a socket the browser chooses its port and a random path, and writes both to `DevToolsActivePort`. */
export function browserArguments(
  { headless, profile, withoutSandbox, overSocket }: {
    readonly headless: boolean;
    /** Its folder. */
    readonly profile: string;
    readonly withoutSandbox: boolean;
    readonly overSocket: boolean;
  },
): string[] {
  return [
    ...SWITCHES,
    `--user-data-dir=${profile}`,
    overSocket ? "--remote-debugging-port=0" : "--remote-debugging-pipe",
    ...headless ? ["--headless=new", "--disable-gpu"] : [],
    ...withoutSandbox ? ["--no-sandbox"] : [],
    "about:blank",
  ];
}

/** Which way DevTools is spoken, and whether the browser demands to run without its sandbox: Linux does of root. */
export function platformSwitches(
  os: string,
  uid: number | null,
): { readonly withoutSandbox: boolean; readonly overSocket: boolean } {
  return { withoutSandbox: os === "linux" && uid === 0, overSocket: os === "windows" };
}

function start(
  { program, headless }: LaunchOptions,
  profile: string,
  { withoutSandbox, overSocket }: { withoutSandbox: boolean; overSocket: boolean },
): Child {
  const args = browserArguments({ headless, profile, withoutSandbox, overSocket });
  const browser = anyProgram(program, args);
  const { env } = browser.environment;
  const child = spawn(browser.program, browser.args, {
    ...(env === undefined ? {} : { env }),
    stdio: overSocket ? ["ignore", "ignore", "pipe"] : ["ignore", "ignore", "pipe", "pipe", "pipe"],
  });
  let said = "";
  child.stderr?.on("data", (chunk) => said = (said + chunk).slice(-MAX_COMPLAINT));
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const [, , , toBrowser, fromBrowser] = child.stdio as unknown[];
  return {
    pipe: overSocket ? null : pipeTransport(toBrowser as Writable, fromBrowser as Readable),
    exited,
    complaint: () => said.trim(),
    async end() {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      child.kill();
      await within(END_MS, exited).catch(() => child.kill("SIGKILL"));
    },
  };
}

/** Waits for the file in which the browser says where it listens. */
async function socketOf(profile: string, exited: Promise<void>): Promise<string> {
  let hasExited = false;
  exited.then(() => hasExited = true);
  while (!hasExited) {
    try {
      const address = socketAddress(readFileSync(join(profile, "DevToolsActivePort"), "utf8"));
      if (address !== null) return address;
    } catch {
      // Not written yet.
    }
    await after(50);
  }
  throw new Error("it ended at once");
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** @throws {Error} when the work takes longer. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("it did not answer")), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
