/** Every command by name, with what `--help` says, so that help loads none of them. */
import type { Command } from "./command.ts";

export interface CommandEntry {
  readonly group: string | null;
  readonly name: string;
  readonly summary: string;
  /** Run when the group is followed by something that is not a command of it: `keysmith tools APP`. */
  readonly isDefault?: boolean;
  load(): Promise<{ readonly command: Command<unknown> }>;
}

export const GROUPS: Readonly<Record<string, string>> = {
  capture: "Recordings of an app's traffic",
  app: "Apps as a whole: recordings, login script, tools, accounts",
  auth: "How an app logs in, and its token",
  tools: "What can be called on an app or a service",
  mcp: "The same tools for agents",
  config: "Services, secrets and settings",
};

export const COMMANDS: readonly CommandEntry[] = [
  {
    group: null,
    name: "learn",
    summary: "Record an app, understand its login, keep its session and list its tools",
    load: () => import("./commands/learn.ts"),
  },
  {
    group: "capture",
    name: "browser",
    summary: "Record an app in a browser of yours while you log in",
    load: () => import("./commands/capture/browser.ts"),
  },
  {
    group: "capture",
    name: "import",
    summary: "Read recordings (HAR, curl commands, …) into an app, creating it if need be",
    load: () => import("./commands/capture/import.ts"),
  },
  {
    group: "capture",
    name: "list",
    summary: "The recordings of all apps, or of one",
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
  {
    group: "capture",
    name: "remove",
    summary: "Remove one recording; script, tools and session stay",
    load: () => import("./commands/capture/remove.ts"),
  },
  {
    group: "app",
    name: "list",
    summary: "The apps and what each holds",
    load: () => import("./commands/app/list.ts"),
  },
  {
    group: "app",
    name: "rename",
    summary: "Give an app another name",
    load: () => import("./commands/app/rename.ts"),
  },
  {
    group: "app",
    name: "export",
    summary: "Write an app as one file for others, without anything personal",
    load: () => import("./commands/app/export.ts"),
  },
  {
    group: "app",
    name: "import",
    summary: "Take in an exported app, having proven its script again",
    load: () => import("./commands/app/import.ts"),
  },
  {
    group: "app",
    name: "remove",
    summary: "Remove an app or an account with all that is kept of it",
    load: () => import("./commands/app/remove.ts"),
  },
  {
    group: "auth",
    name: "analyze",
    summary: "Find out how the app logs in, write the login script and prove it",
    load: () => import("./commands/auth/analyze.ts"),
  },
  {
    group: "auth",
    name: "login",
    summary: "Log in with the script and keep the token",
    load: () => import("./commands/auth/login.ts"),
  },
  {
    group: "auth",
    name: "refresh",
    summary: "Exchange the refresh token for a new token now",
    load: () => import("./commands/auth/refresh.ts"),
  },
  {
    group: "auth",
    name: "logout",
    summary: "Forget the token",
    load: () => import("./commands/auth/logout.ts"),
  },
  {
    group: "auth",
    name: "status",
    summary: "Whether there is a usable token; exit code 3 where there is none",
    load: () => import("./commands/auth/status.ts"),
  },
  {
    group: "auth",
    name: "list",
    summary: "All apps and accounts: state, end, who renews, last use",
    load: () => import("./commands/auth/list.ts"),
  },
  {
    group: "auth",
    name: "headers",
    summary: "Print the headers that authenticate a request, for curl and the like",
    load: () => import("./commands/auth/headers.ts"),
  },
  {
    group: "auth",
    name: "explain",
    summary: "How the login works, value by value; or how a service's tool is authenticated",
    load: () => import("./commands/auth/explain.ts"),
  },
  {
    group: "auth",
    name: "set",
    summary: "Store credentials you already have",
    load: () => import("./commands/auth/set.ts"),
  },
  {
    group: "auth",
    name: "extract",
    summary: "Take the credentials out of the newest recording",
    load: () => import("./commands/auth/extract.ts"),
  },
  {
    group: "auth",
    name: "adopt",
    summary: "Use a login script written by hand",
    load: () => import("./commands/auth/adopt.ts"),
  },
  {
    group: "tools",
    name: "list",
    summary: "The tools of an app or a service; keysmith tools OWNER does the same",
    isDefault: true,
    load: () => import("./commands/tools/list.ts"),
  },
  {
    group: "tools",
    name: "show",
    summary: "One tool: its request and its arguments",
    load: () => import("./commands/tools/show.ts"),
  },
  {
    group: "tools",
    name: "analyze",
    summary: "Derive the tools of an app from its recordings again",
    load: () => import("./commands/tools/analyze.ts"),
  },
  {
    group: null,
    name: "call",
    summary: "Call a tool",
    load: () => import("./commands/call.ts"),
  },
  {
    group: "mcp",
    name: "stdio",
    summary: "Serve the tools to an MCP client over stdin and stdout",
    load: () => import("./commands/mcp/stdio.ts"),
  },
  {
    group: "mcp",
    name: "install",
    summary: "Register the server with clients on this machine",
    load: () => import("./commands/mcp/install.ts"),
  },
  {
    group: null,
    name: "openapi",
    summary: "Describe a captured app as an OpenAPI document",
    load: () => import("./commands/openapi.ts"),
  },
  {
    group: null,
    name: "doctor",
    summary: "What works on this machine: the home, the sandbox's walls, a browser",
    load: () => import("./commands/doctor.ts"),
  },
  {
    group: "config",
    name: "check",
    summary: "Whether the configuration can be used",
    load: () => import("./commands/config/check.ts"),
  },
  {
    group: "config",
    name: "show",
    summary: "The configuration as it is understood",
    load: () => import("./commands/config/show.ts"),
  },
  {
    group: "config",
    name: "set",
    summary: "Change one setting of the user's configuration",
    load: () => import("./commands/config/set.ts"),
  },
  {
    group: "config",
    name: "approve",
    summary: "Approve what the folder's configuration, or a service's document, says now",
    load: () => import("./commands/config/approve.ts"),
  },
];
