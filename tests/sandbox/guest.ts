/** Running a script in the real sandbox, for tests. */
import { type GuestOutcome, runGuest } from "../../lib/sandbox/host.ts";
import type { GuestRun } from "../../lib/sandbox/guest_run.ts";
import { DEFAULT_GUEST_LIMITS, type GuestLimits } from "../../lib/sandbox/limits.ts";

export interface GuestOptions {
  readonly hosts?: readonly string[];
  readonly network?: GuestRun["network"];
  readonly entry?: GuestRun["entry"];
  readonly limits?: Partial<GuestLimits>;
  readonly dialog?: Partial<GuestRun["dialog"]>;
  readonly signal?: AbortSignal;
  readonly watched?: readonly string[];
}

/** Runs a whole script. Prompts are answered with their label; messages go nowhere. */
export async function runScript(source: string, options: GuestOptions = {}): Promise<GuestOutcome> {
  return await runGuest({
    source,
    fileName: "script.ts",
    entry: options.entry ?? { kind: "acquire" },
    network: options.network ?? { kind: "live", hosts: options.hosts ?? [] },
    limits: { ...DEFAULT_GUEST_LIMITS, ...options.limits },
    dialog: {
      promptText: (label) => Promise.resolve(`text:${label}`),
      promptSecret: (label) => Promise.resolve(`secret:${label}`),
      confirm: () => Promise.resolve(),
      tell: () => {},
      debug: () => {},
      ...options.dialog,
    },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    watched: options.watched ?? [],
  });
}

/** Runs the body of `acquire_token()`; what it returns comes back as JSON in one header. */
export async function runBody(body: string, options: GuestOptions = {}): Promise<unknown> {
  const outcome = await runScript(scriptOf(body), options);
  if (outcome.kind === "failed") throw new Error(`${outcome.error.name}: ${outcome.error.message}`);
  if (outcome.kind === "limit") throw new Error(outcome.message);
  return JSON.parse(decodeURIComponent(outcome.result.headers["value"] ?? "null"));
}

export function scriptOf(body: string): string {
  return `async function value() {\n${body}\n}\n` +
    "export async function acquire_token() {\n" +
    "  return { headers: { value: encodeURIComponent(JSON.stringify(await value() ?? null)) } };\n}\n";
}
