/**
 * What the end of a script's run means. Wrong credentials, a locked account, a site that is down and a
 * broken script need different things of the user, so they are told apart: by how the site answered where
 * the recording gives a measure for it, else by the name of the error the script threw and by the status.
 */
import { shownDebug } from "../base/debug_line.ts";
import { AppError } from "../base/error.ts";
import { appOf } from "../store/account.ts";
import { maskUrl } from "../http/mask_url.ts";
import { hostPort, parseUrl } from "../http/url.ts";
import type { AuthResult, CREDENTIALS_REFUSED } from "../script/contract.ts";
import type { GuestOutcome } from "../sandbox/host.ts";
import type { GuestExchange } from "../sandbox/guest_run.ts";
import { type GuestLimits, limitHit, type LimitName } from "../sandbox/limits.ts";
import { escapeForeignText } from "../base/foreign_text.ts";
import { credentialGap } from "./credential.ts";
import type { FailedAnswer } from "./failed_answer.ts";
import { judgeFailedRun } from "./failed_run.ts";
import type { RecordedStep } from "./recorded_step.ts";
import { meaningOf } from "./refusal_words.ts";

const REFUSED_ERROR: typeof CREDENTIALS_REFUSED = "CredentialsRefused";

/** What login and token endpoints answer to credentials that are wrong (RFC 6749 section 5.2: 400, 401). */
const REFUSALS: ReadonlySet<number> = new Set([400, 401, 403, 422]);
/** RFC 4918 section 11.3. */
const LOCKED = 423;
/** RFC 6585 section 4. */
const TOO_MANY_REQUESTS = 429;

/** Why a site takes no login: `limited`, because it wants to be left alone for a while, whoever logs in. */
type Refusal = "refused" | "locked" | "limited";

export interface RunFacts {
  readonly app: string;
  /** `host:port` of what the script was allowed to reach. */
  readonly hosts: readonly string[];
  readonly limits: GuestLimits;
  /** True when the run handed credentials over: a refusal is then about them. */
  readonly gaveCredentials: boolean;
  /** The recorded steps of what was run; empty where there is no recording. */
  readonly steps: readonly RecordedStep[];
}

/**
 * What the script returned, when it can authenticate something.
 *
 * @throws {AppError} `AUTH_REFUSED` with `details: { reason: "refused" | "locked" | "limited", status, retryAfter? }`, `UNREACHABLE`,
 * `UPSTREAM_FAILED`, `SCRIPT_FAILED`, `SCRIPT_LIMIT`.
 */
export function requireResult(outcome: GuestOutcome, facts: RunFacts): AuthResult {
  if (outcome.kind === "limit") throw limitError(outcome, facts);
  if (outcome.kind === "failed") {
    const { name, message, line } = outcome.error;
    const verdict = judgeFailedRun(outcome, facts.steps);
    if (verdict !== null) throw judgedError(outcome, facts, verdict);
    if (name === REFUSED_ERROR) {
      throw refusal(facts, reasonOf(outcome, message), outcome, message);
    }
    throw siteError(outcome, facts, message) ??
      scriptError(outcome, facts, `failed${placeOf(line)}: ${name}: ${message}`, line);
  }
  const gap = credentialGap(outcome.result);
  if (gap === null) return outcome.result;
  const verdict = judgeFailedRun(outcome, facts.steps);
  if (verdict !== null) throw judgedError(outcome, facts, verdict);
  throw siteError(outcome, facts, gap) ??
    scriptError(outcome, facts, `returned nothing that authenticates: ${gap}`, null);
}

/** The error of a run whose last answer tells what went wrong. */
function judgedError(
  outcome: Exclude<GuestOutcome, { kind: "limit" }>,
  facts: RunFacts,
  { kind, said, ledTo, isUnclear = false }: FailedAnswer,
): AppError {
  const last = outcome.exchanges.at(-1)!;
  const status = last.status ?? 0;
  const words = said === null ? ledTo ?? "" : `the site says "${escapeForeignText(said)}"`;
  switch (kind) {
    case "refused":
      if (isUnclear) return unclearRefusal(facts, status, words);
      return refusal(facts, kind, outcome, words || `it answered with status ${status}`);
    case "locked":
    case "limited":
      return refusal(facts, kind, outcome, words || `it answered with status ${status}`);
    case "down":
      return upstreamFailed(last, status, words);
    case "broken": {
      const own = outcome.kind === "failed" && outcome.error.name !== REFUSED_ERROR;
      const { line } = outcome.kind === "failed" ? outcome.error : { line: null };
      const told = words || `the site answered with status ${status}`;
      const problem = own && outcome.kind === "failed"
        ? `failed${placeOf(line)}: ${outcome.error.message}${words && `; ${words}`}`
        : `no longer fits the site: ${told}`;
      return scriptError(outcome, facts, problem, line, status);
    }
  }
}

function placeOf(line: number | null): string {
  return line === null ? "" : ` at line ${line}`;
}

/** What the last exchange says about the site, where it says anything. */
function siteError(outcome: GuestOutcome, facts: RunFacts, message: string): AppError | null {
  const last = outcome.exchanges.at(-1);
  if (last === undefined) return null;
  if (last.status === null) return wasAllowed(last, facts.hosts) ? unreachable(last) : null;
  if (last.status >= 500) return upstreamFailed(last, last.status);
  if (last.status === TOO_MANY_REQUESTS) return refusal(facts, "limited", outcome, message);
  const refused = REFUSALS.has(last.status) && !isBehindLogin(outcome) || last.status === LOCKED;
  return refused && facts.gaveCredentials
    ? refusal(facts, reasonOf(outcome, message), outcome, message)
    : null;
}

function statusOf({ exchanges }: GuestOutcome): number | null {
  return exchanges.at(-1)?.status ?? null;
}

/**
 * True where the last request only reads, and something was handed over and taken before: its refusal says nothing
 * of what was typed.
 */
function isBehindLogin({ exchanges }: GuestOutcome): boolean {
  const isReading = ({ method }: GuestExchange) => method === "GET" || method === "HEAD";
  const last = exchanges.at(-1);
  return last !== undefined && isReading(last) &&
    exchanges.some((one) => !isReading(one) && one.status !== null && one.status < 400);
}

function reasonOf(outcome: GuestOutcome, message: string): Refusal {
  const status = statusOf(outcome);
  if (status === TOO_MANY_REQUESTS) return "limited";
  const isLock = status === LOCKED || meaningOf(message) === "locked";
  return isLock ? "locked" : "refused";
}

/** A request without an answer may also be one that the sandbox did not let out. */
function wasAllowed({ url }: GuestExchange, hosts: readonly string[]): boolean {
  const parsed = parseUrl(url);
  return parsed !== null && hosts.includes(hostPort(parsed));
}

function unreachable({ method, url, error }: GuestExchange): AppError {
  const { origin } = new URL(url);
  const reason = error?.replace(`Cannot reach ${origin}: `, "") ?? "no answer";
  return new AppError("UNREACHABLE", `Cannot reach "${origin}": ${reason}`, {
    hint: "Check the network and the address, then try again",
    details: { method, url: maskUrl(url) },
  });
}

function upstreamFailed(last: GuestExchange, status: number, words = ""): AppError {
  const { method, url } = last;
  const answered = `"${method} ${maskUrl(url)}" was answered ${status}`;
  return new AppError("UPSTREAM_FAILED", words === "" ? answered : `${answered}: ${words}`, {
    hint: "The site has a problem of its own; try again later",
    details: { status, ...waitOf(last) },
  });
}

function refusal(
  facts: RunFacts,
  reason: Refusal,
  outcome: GuestOutcome,
  message: string,
): AppError {
  const details = { reason, status: statusOf(outcome), ...waitOf(outcome.exchanges.at(-1)) };
  if (reason === "limited") {
    return new AppError(
      "AUTH_REFUSED",
      `"${facts.app}" takes no login for now, it has had too many requests: ${message}`,
      { hint: `Log in again ${waitWords(details.retryAfter)}`, details },
    );
  }
  if (reason === "locked") {
    return new AppError(
      "AUTH_REFUSED",
      `"${facts.app}" takes no login for now, the account is locked or was tried too often: ` +
        message,
      { hint: "Wait or unlock the account at the site; further attempts may prolong it", details },
    );
  }
  return new AppError("AUTH_REFUSED", `"${facts.app}" refused the credentials: ${message}`, {
    hint: `Check them and log in again: keysmith auth login ${facts.app}`,
    details,
  });
}

/** Nobody can tell from the answer whether other credentials or another request would be taken. */
function unclearRefusal({ app }: RunFacts, status: number, words: string): AppError {
  const told = words || `it answered with status ${status} and nothing that says why`;
  return new AppError(
    "AUTH_REFUSED",
    `"${app}" refused the login, and its answer does not tell whether the credentials are wrong or the script ` +
      `no longer fits the site: ${told}`,
    {
      hint:
        `Check the credentials and log in again: keysmith auth login ${app}. If they are right, have the ` +
        `script repaired: keysmith auth login ${app} --llm`,
      details: { reason: "refused", status, mayBeScript: true },
    },
  );
}

function waitOf(last: GuestExchange | undefined): Pick<GuestExchange, "retryAfter"> {
  return last?.retryAfter === undefined ? {} : { retryAfter: last.retryAfter };
}

/** As the site says it: seconds or a date (RFC 9110 section 10.2.3). */
function waitWords(retryAfter: string | undefined): string {
  if (retryAfter === undefined) return "later";
  const said = escapeForeignText(retryAfter).trim();
  return /^\d+$/.test(said) ? `in ${said} seconds` : `after ${said}`;
}

function scriptError(
  { debug }: GuestOutcome,
  { app }: RunFacts,
  problem: string,
  line: number | null,
  status: number | null = null,
): AppError {
  return new AppError("SCRIPT_FAILED", `The login script of "${app}" ${problem}`, {
    hint: `The site may have changed: record the login again, then keysmith auth analyze ${
      appOf(app)
    }`,
    details: { debug: debug.map(shownDebug), line, ...(status === null ? {} : { status }) },
  });
}

/** The option that moves a limit. */
const LIMIT_OPTIONS: Readonly<Partial<Record<LimitName, string>>> = {
  time: "--timeout SECONDS",
  cpu: "--max-cpu SECONDS",
  memory: "--max-memory MEGABYTES",
  output: "--max-output KILOBYTES",
  prompts: "--max-prompts COUNT",
};

function limitError(
  outcome: Extract<GuestOutcome, { kind: "limit" }>,
  { app, limits }: RunFacts,
): AppError {
  const { limit, value, unit } = limitHit(outcome.limit, limits);
  const option = LIMIT_OPTIONS[limit];
  return new AppError("SCRIPT_LIMIT", outcome.message, {
    hint: option === undefined
      ? "Read the script: a login does not need that many"
      : `If the script is right and needs more: keysmith auth login ${app} ${option}`,
    details: { limit, value, unit, debug: outcome.debug.map(shownDebug) },
  });
}
