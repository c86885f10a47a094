/** Running an auth script: the side of the sandbox that has the user, the limits and the last word. */
import type { GuestExchange, GuestRun } from "./guest_run.ts";
import { AppError } from "../base/error.ts";
import { escapeForeignText } from "../base/foreign_text.ts";
import type { AuthResult } from "../script/contract.ts";
import type { PreparedScript } from "../script/prepare.ts";
import { InvalidAuthResult, readAuthResult } from "./auth_result.ts";
import { startSandboxProcess } from "./child_process.ts";
import { limitHit, type LimitName } from "./limits.ts";
import type { GuestConfig, WatchedAnswer } from "./protocol.ts";
import { connectsTo, reachOf } from "./reach.ts";
import { type Ending, GuestSession } from "./session.ts";

export interface GuestError {
  readonly name: string;
  readonly message: string;
  /** Of the TypeScript source, 1-based. */
  readonly line: number | null;
}

export type GuestOutcome =
  & {
    readonly exchanges: readonly GuestExchange[];
    /** To watched requests, as far as they were short enough. */
    readonly answers: readonly WatchedAnswer[];
    readonly debug: readonly string[];
  }
  & (
    | { readonly kind: "result"; readonly result: AuthResult }
    | { readonly kind: "failed"; readonly error: GuestError }
    | { readonly kind: "limit"; readonly limit: LimitName; readonly message: string }
  );

/**
 * Runs one function of a script in a process of its own, which is gone when this returns or throws; or in what the run
 * brings in its place.
 *
 * @throws {AppError} `SCRIPT_REFUSED` when the script is not run at all, `BAD_INPUT` for a malformed host,
 *   `INTERRUPTED` when `signal` aborts or Ctrl-C reaches the process first, and whatever the dialog throws.
 */
export async function runGuest(run: GuestRun): Promise<GuestOutcome> {
  if (run.signal?.aborted) throw new AppError("INTERRUPTED", "Interrupted");
  const config = configOf(run);
  const start = run.startSandbox ?? startSandboxProcess;
  const process = await start(connectsTo(config.reach));
  const session = new GuestSession(run, process, config);
  try {
    const script = await prepare(run);
    const ending = await session.run({ javascript: script.javascript, entry: run.entry });
    return {
      ...outcomeOf(ending, run, script),
      exchanges: session.exchanges,
      answers: session.answers,
      debug: session.debug,
    };
  } finally {
    await session.close();
  }
}

function configOf(run: GuestRun): GuestConfig {
  return {
    nonce: crypto.randomUUID(),
    reach: reachOf(run.network),
    parts: {
      cookies: run.source.includes("cookie_session"),
      html: run.source.includes("html_forms"),
    },
    watched: run.watched ?? [],
    cpuMs: run.limits.cpuMs,
    memoryBytes: run.limits.memoryBytes,
  };
}

/** While the sandbox process is starting: stripping types takes as long. */
async function prepare(run: GuestRun): Promise<PreparedScript> {
  const { prepareScript } = await import("../script/prepare.ts");
  const script = prepareScript(run.source, run.fileName);
  if (run.entry.kind === "refresh" && !script.exports.has("refresh_token")) {
    throw new AppError("SCRIPT_REFUSED", `Script "${run.fileName}" exports no \`refresh_token\``, {
      hint: "Log in again instead of refreshing",
    });
  }
  return script;
}

type OutcomeCore =
  | { kind: "result"; result: AuthResult }
  | { kind: "failed"; error: GuestError }
  | { kind: "limit"; limit: LimitName; message: string };

function outcomeOf(ending: Ending, run: GuestRun, script: PreparedScript): OutcomeCore {
  switch (ending.kind) {
    case "result":
      return resultOf(ending.json);
    case "error": {
      const line = ending.line === null ? null : script.lineOf(ending.line);
      return failed(ending.name, ending.message, line);
    }
    case "limit":
      return {
        kind: "limit",
        limit: ending.limit,
        message: limitHit(ending.limit, run.limits).message,
      };
  }
}

function resultOf(json: string): OutcomeCore {
  try {
    return { kind: "result", result: readAuthResult(json) };
  } catch (thrown) {
    if (!(thrown instanceof InvalidAuthResult)) throw thrown;
    return failed(thrown.name, thrown.message, null);
  }
}

function failed(name: string, message: string, line: number | null): OutcomeCore {
  return {
    kind: "failed",
    error: { name: escapeForeignText(name), message: escapeForeignText(message), line },
  };
}
