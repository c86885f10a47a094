import assert from "node:assert/strict";
import type { AppError, ErrorCode } from "../../lib/base/error.ts";
import type { GuestOutcome } from "../../lib/sandbox/host.ts";
import type { GuestExchange } from "../../lib/sandbox/guest_run.ts";
import { DEFAULT_GUEST_LIMITS } from "../../lib/sandbox/limits.ts";
import { requireResult, type RunFacts } from "../../lib/token/outcome.ts";

const FACTS: RunFacts = {
  app: "shop",
  hosts: ["login.example.com:443"],
  limits: DEFAULT_GUEST_LIMITS,
  gaveCredentials: true,
  steps: [],
};

function asked(status: number | null, url = "https://login.example.com/token?code=s3cret") {
  return { method: "POST", url, status } satisfies GuestExchange;
}

function failed(name: string, message: string, exchanges: GuestExchange[] = []): GuestOutcome {
  return {
    kind: "failed",
    error: { name, message, line: 12 },
    exchanges,
    answers: [],
    debug: ["step 2"],
  };
}

function returned(headers: Record<string, string>, exchanges: GuestExchange[] = []): GuestOutcome {
  return { kind: "result", result: { headers }, exchanges, answers: [], debug: [] };
}

function errorOf(outcome: GuestOutcome, facts: Partial<RunFacts> = {}): AppError {
  try {
    requireResult(outcome, { ...FACTS, ...facts });
  } catch (error) {
    return error as AppError;
  }
  throw new Error("It is accepted");
}

Deno.test("requireResult() answers what can authenticate", () => {
  const headers = { Authorization: "Bearer abc" };
  assert.deepEqual(requireResult(returned(headers, [asked(200)]), FACTS), { headers });
});

interface Case {
  name: string;
  outcome: GuestOutcome;
  facts?: Partial<RunFacts>;
  code: ErrorCode;
  message: RegExp;
  details?: Record<string, unknown>;
}

const cases: Case[] = [
  {
    name: "the contract's error as refused credentials",
    outcome: failed("CredentialsRefused", "wrong password", [asked(200)]),
    code: "AUTH_REFUSED",
    message: /"shop" refused the credentials: wrong password/,
    details: { reason: "refused", status: 200 },
  },
  {
    name: "the contract's error without any request",
    outcome: failed("CredentialsRefused", "wrong password"),
    code: "AUTH_REFUSED",
    message: /wrong password/,
    details: { reason: "refused", status: null },
  },
  ...[400, 401, 403, 422].map((status): Case => ({
    name: `a failure after ${status} as refused credentials`,
    outcome: failed("TypeError", "no access_token", [asked(200), asked(status)]),
    code: "AUTH_REFUSED",
    message: /refused the credentials/,
    details: { reason: "refused", status },
  })),
  {
    name: "a failure after 423 as a locked account",
    outcome: failed("Error", "login failed", [asked(423)]),
    code: "AUTH_REFUSED",
    message: /locked or was tried too often/,
    details: { reason: "locked", status: 423 },
  },
  {
    name: "a failure after 429 as a site that wants to be left alone",
    outcome: failed("CredentialsRefused", "The account is locked or refused for now (status 429)", [
      { ...asked(429), retryAfter: "120" },
    ]),
    code: "AUTH_REFUSED",
    message: /takes no login for now, it has had too many requests/,
    details: { reason: "limited", status: 429, retryAfter: "120" },
  },
  {
    name: "a limit before anything was typed as one",
    outcome: failed("Error", "no form", [asked(429)]),
    facts: { gaveCredentials: false },
    code: "AUTH_REFUSED",
    message: /too many requests/,
    details: { reason: "limited", status: 429 },
  },
  {
    name: "a refusal of what is read after the login was taken as a broken script",
    outcome: failed("Error", "no profile", [asked(200), { ...asked(401), method: "GET" }]),
    code: "SCRIPT_FAILED",
    message: /no profile/,
  },
  {
    name: "a refusal that speaks of a lock as a locked account",
    outcome: failed("CredentialsRefused", "Account has been locked", [asked(200)]),
    code: "AUTH_REFUSED",
    message: /locked/,
    details: { reason: "locked", status: 200 },
  },
  {
    name: "a failure before anything was typed as a broken script",
    outcome: failed("Error", "no form", [asked(403)]),
    facts: { gaveCredentials: false },
    code: "SCRIPT_FAILED",
    message: /failed at line 12: Error: no form/,
    details: { debug: ["step 2"], line: 12 },
  },
  {
    name: "a failure after 500 as the site's problem",
    outcome: failed("TypeError", "no access_token", [asked(503)]),
    code: "UPSTREAM_FAILED",
    message: /"POST https:\/\/login\.example\.com\/token\?code=…" was answered 503/,
    details: { status: 503 },
  },
  {
    name: "a request without an answer as unreachable",
    outcome: failed("TypeError", "fetch failed", [
      { ...asked(null), error: "Cannot reach https://login.example.com: connection refused" },
    ]),
    code: "UNREACHABLE",
    message: /^Cannot reach "https:\/\/login\.example\.com": connection refused$/,
  },
  {
    name: "a request that the sandbox refused as a broken script",
    outcome: failed("TypeError", "not among the hosts", [asked(null, "https://evil.example/")]),
    code: "SCRIPT_FAILED",
    message: /not among the hosts/,
  },
  {
    name: "a failure after a good answer as a broken script",
    outcome: failed("TypeError", "x is undefined", [asked(200)]),
    code: "SCRIPT_FAILED",
    message: /^The login script of "shop" failed at line 12: TypeError: x is undefined$/,
  },
  {
    name: "an empty result as a broken script",
    outcome: returned({}, [asked(200)]),
    code: "SCRIPT_FAILED",
    message: /returned nothing that authenticates/,
  },
  {
    name: "an empty result after a refusal as refused credentials",
    outcome: returned({ Authorization: "Bearer undefined" }, [asked(401)]),
    code: "AUTH_REFUSED",
    message: /refused the credentials/,
  },
  {
    name: "a limit by its name and value",
    outcome: {
      kind: "limit",
      limit: "time",
      message: "too long",
      exchanges: [],
      answers: [],
      debug: [],
    },
    code: "SCRIPT_LIMIT",
    message: /^too long$/,
    details: { limit: "time", value: 60_000, unit: "ms", debug: [] },
  },
];

for (const { name, outcome, facts, code, message, details } of cases) {
  Deno.test(`requireResult() reports ${name}`, () => {
    const error = errorOf(outcome, facts);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    assert.ok(error.hint, "the hint says what to do");
    if (details !== undefined) assert.deepEqual(error.details, details);
    assert.doesNotMatch(JSON.stringify([error.message, error.details]), /s3cret/);
  });
}
