/** What is remembered of refreshes that failed, and what it is told from. */
import assert from "node:assert/strict";
import { AppError, type ErrorCode } from "../../lib/base/error.ts";
import type { Home } from "../../lib/store/home.ts";
import { usableToken } from "../../lib/token/cascade.ts";
import { withEqualValues } from "../../lib/token/equal_values.ts";
import { readRefreshMemory } from "../../lib/token/refresh_memory.ts";
import { writeToken } from "../../lib/token/token_file.ts";
import { fakeContext } from "../support/fake_context.ts";
import { APP, tokenState, withApp } from "../support/token_home.ts";

const NOW_MS = 1_800_000_000_000;
const EXPIRED = tokenState({ expires_at: 1 });

/** The errors of so many uses, and how often the site was asked. */
async function uses(home: Home, failures: readonly (AppError | null)[], times: number) {
  const left = [...failures];
  let asked = 0;
  const run = () => {
    asked++;
    const failure = left.shift() ?? null;
    return failure === null
      ? Promise.resolve({ headers: { Authorization: "Bearer new-token" }, expires_in: 60 })
      : Promise.reject(failure);
  };
  const messages: string[] = [];
  for (let time = 0; time < times; time++) {
    await usableToken(fakeContext({ nowMs: NOW_MS }), home, APP, { run }).then(
      () => messages.push("token"),
      (error: AppError) => messages.push(error.message),
    );
  }
  return { messages, asked };
}

const failure = (code: ErrorCode, message: string, status?: number) =>
  new AppError(code, message, status === undefined ? {} : { details: { status } });
const REFUSED = failure("AUTH_REFUSED", "status 401");

const CASES: readonly {
  readonly what: string;
  readonly failures: readonly (AppError | null)[];
  readonly asked: number;
  readonly last: RegExp;
}[] = [
  {
    what: "invalid_grant at once",
    failures: [failure("AUTH_REFUSED", "it says invalid_grant")],
    asked: 1,
    last: /for good at 2027-01-15T08:00:00.000Z; it is not sent again/,
  },
  { what: "two refusals", failures: [REFUSED, REFUSED], asked: 2, last: /for good/ },
  {
    what: "two answers of 400 that say nothing of a grant",
    failures: Array(3).fill(failure("SCRIPT_FAILED", "no longer fits the site", 400)),
    asked: 2,
    last: /for good/,
  },
  {
    what: "a script that breaks as nothing",
    failures: Array(3).fill(failure("SCRIPT_FAILED", "TypeError")),
    asked: 3,
    last: /TypeError/,
  },
  {
    what: "a gateway's timeout before a refusal",
    failures: [failure("UPSTREAM_FAILED", "answered 504", 504), REFUSED],
    asked: 2,
    last: /was lost on the way/,
  },
  {
    what: "a site that is down as nothing",
    failures: Array(3).fill(failure("UPSTREAM_FAILED", "503")),
    asked: 3,
    last: /503/,
  },
  {
    what: "too many requests, and asks again when the site said",
    failures: Array(3).fill(
      new AppError("AUTH_REFUSED", "too many requests", {
        details: { reason: "limited", status: 429, retryAfter: "120" },
      }),
    ),
    asked: 1,
    last: /not refreshed before 2027-01-15T08:02:00.000Z/,
  },
  {
    what: "an answer lost on the way",
    failures: [failure("UNREACHABLE", "Cannot reach it: the connection broke"), REFUSED],
    asked: 2,
    last: /was lost on the way/,
  },
  {
    what: "a lost request that the site takes again",
    failures: [failure("UNREACHABLE", "Cannot reach it: the connection broke"), null],
    asked: 2,
    last: /token/,
  },
  {
    what: "a request that never left as no loss",
    failures: [failure("UNREACHABLE", "Cannot reach it: Connection refused"), REFUSED, REFUSED],
    asked: 3,
    last: /no longer accepts/,
  },
];

for (const { what, failures, asked, last } of CASES) {
  Deno.test(`a refresh remembers ${what}`, async () => {
    await withApp(async (home) => {
      await writeToken(home, APP, EXPIRED);
      const result = await uses(home, failures, 3);
      assert.equal(result.asked, asked);
      assert.match(result.messages.at(-1)!, last);
    }, { record: { refresh: "recorded" }, source: SCRIPT });
  });
}

const SCRIPT = "export async function refresh_token() { return { headers: {} }; }\n";

Deno.test("what is remembered belongs to one token", async () => {
  await withApp(async (home) => {
    await writeToken(home, APP, EXPIRED);
    await uses(home, [REFUSED, REFUSED], 2);
    assert.equal((await readRefreshMemory(home, APP, EXPIRED))?.isFinal, true);
    const newer = { ...EXPIRED, obtained_at: EXPIRED.obtained_at + 1 };
    assert.equal(await readRefreshMemory(home, APP, newer), null);
    await writeToken(home, APP, newer);
    assert.deepEqual((await uses(home, [null], 1)).messages, ["token"]);
  }, { record: { refresh: "recorded" }, source: SCRIPT });
});

Deno.test("withEqualValues() renews what a client wrote in several places", () => {
  const before = {
    headers: {
      Authorization: "Bearer old-token==",
      Cookie: "copy=old-token%3D%3D; theme=dark; sid=session-1",
      "X-Csrf": "guard-0001",
    },
    query_params: { key: "guard-0001" },
    body_params: { "a.b": "old-token==", n: 1 },
  };
  const after = {
    ...before,
    headers: { ...before.headers, Authorization: "Bearer new-token==", "X-Csrf": "guard-0002" },
  };
  assert.deepEqual(withEqualValues(before, after), {
    headers: {
      Authorization: "Bearer new-token==",
      Cookie: "copy=new-token%3D%3D; theme=dark; sid=session-1",
      "X-Csrf": "guard-0002",
    },
    query_params: { key: "guard-0002" },
    body_params: { "a.b": "new-token==", n: 1 },
  });
});

Deno.test("withEqualValues() renews a token with words around it, and leaves what holds it by chance", () => {
  const before = (cookie: string) => ({
    headers: {
      Authorization: "Bearer old-token-0123456==",
      Cookie: cookie,
      "X-Csrf": "guard-0001",
    },
    query_params: {},
    body_params: {},
  });
  const renewed = (cookie: string) => {
    const was = before(cookie);
    const now = { Authorization: "Bearer new-token-6543210==", "X-Csrf": "guard-0002" };
    return withEqualValues(was, { ...was, headers: { ...was.headers, ...now } }).headers.Cookie;
  };
  assert.equal(
    renewed("auth._token.local=Bearer%20old-token-0123456%3D%3D; a=1"),
    "auth._token.local=Bearer%20new-token-6543210%3D%3D; a=1",
  );
  assert.equal(
    renewed("state=%7B%22t%22:%22old-token-0123456==%22%7D"),
    "state=%7B%22t%22:%22new-token-6543210==%22%7D",
  );
  assert.equal(renewed("note=my-guard-0001"), "note=my-guard-0001");
  const was = before("sid=1");
  const longer = {
    ...was,
    headers: { ...was.headers, Authorization: "Bearer old-token-0123456==2" },
  };
  assert.deepEqual(withEqualValues(was, longer), longer);
});
