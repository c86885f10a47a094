import assert from "node:assert/strict";
import type { AppError } from "../../lib/base/error.ts";
import type { HeaderList, Trace } from "../../lib/http/exchange.ts";
import { extractToken, recordedToken } from "../../lib/ops/extract_token.ts";
import { setToken } from "../../lib/ops/set_token.ts";
import { tokenInBodies } from "../../lib/ops/token_in_bodies.ts";
import { TraceStore } from "../../lib/store/trace_store.ts";
import { readToken } from "../../lib/token/token_file.ts";
import { fakeContext } from "../support/fake_context.ts";
import { storedParts } from "../support/session_desk.ts";
import { APP, ORIGIN, withApp } from "../support/token_home.ts";

const NOW_MS = 1_800_000_000_000;

interface Recorded {
  url?: string;
  headers?: HeaderList;
  form?: string;
  status?: number;
  answer?: unknown;
  setCookie?: string;
}

function traces(...recorded: Recorded[]): Trace[] {
  return recorded.map((parts, index) => ({
    id: `t_${String(index + 1).padStart(4, "0")}`,
    captureId: "c_01",
    startedAtMs: NOW_MS + index,
    request: {
      method: parts.form === undefined ? "GET" : "POST",
      url: parts.url ?? `${ORIGIN}/items`,
      headers: [
        ...parts.headers ?? [],
        ["Content-Type", "application/x-www-form-urlencoded"],
      ],
      body: parts.form === undefined ? null : new TextEncoder().encode(parts.form),
    },
    response: {
      status: parts.status ?? 200,
      headers: [
        ["Content-Type", "application/json"],
        ...(parts.setCookie === undefined ? [] : [["Set-Cookie", parts.setCookie] as const]),
      ],
      body: new TextEncoder().encode(JSON.stringify(parts.answer ?? {})),
    },
    marks: [],
    noise: null,
  }));
}

function extracted(...recorded: Recorded[]) {
  return recordedToken(traces(...recorded), [ORIGIN, "https://files.example.com"], NOW_MS);
}

const bearer = (token: string): HeaderList => [["Authorization", `Bearer ${token}`]];

Deno.test("recordedToken() takes the newest request that went well", () => {
  const found = extracted(
    { headers: bearer("old") },
    { headers: bearer("good") },
    { headers: bearer("refused"), status: 401 },
    { headers: bearer("null") },
    {},
  );
  assert.equal(found?.trace, "t_0002");
  assert.deepEqual(found?.token.headers, { Authorization: "Bearer good" });
});

Deno.test("recordedToken() compares origins as origins", () => {
  assert.equal(extracted({ url: `${ORIGIN}.evil.example/x`, headers: bearer("t") }), null);
  assert.equal(extracted({ url: "http://api.example.com/x", headers: bearer("t") }), null);
});

Deno.test("recordedToken() takes every header that authenticates, and the cookies", () => {
  const found = extracted({
    headers: [
      ["Authorization", "Bearer t"],
      ["X-CSRF-Token", "c"],
      ["Accept", "*/*"],
      ["Cookie", "sid=s; _ga=GA1.2"],
      ["Cookie", "lang=en"],
    ],
  });
  assert.deepEqual(found?.token.headers, {
    Authorization: "Bearer t",
    "X-CSRF-Token": "c",
    Cookie: "sid=s; lang=en",
  });
});

Deno.test("recordedToken() prefers a header to the cookies of a later page", () => {
  const found = extracted(
    { headers: [["X-Session-Token", "x"]] },
    { headers: [["Cookie", "theme=dark"]] },
  );
  assert.deepEqual(found?.token.headers, { "X-Session-Token": "x" });
});

Deno.test("recordedToken() passes the logout over", () => {
  const found = extracted(
    { headers: [["Cookie", "sid=s"]] },
    { url: `${ORIGIN}/auth/logout`, headers: [["Cookie", "sid=s; out=1"]] },
  );
  assert.equal(found?.trace, "t_0001");
});

Deno.test("recordedToken() keeps the session that the last answer replaced", () => {
  const found = extracted({ headers: [["Cookie", "sid=s1"]], setCookie: "sid=s2; Path=/" });
  assert.deepEqual(found?.token.headers, { Cookie: "sid=s2" });
});

Deno.test("recordedToken() binds the credentials to the origins that were sent them", () => {
  const found = extracted(
    { url: "https://files.example.com/a", headers: bearer("t") },
    { url: "https://files.example.com/b", headers: bearer("other") },
    { headers: bearer("t") },
  );
  assert.deepEqual(found?.token.origins, ["https://files.example.com", ORIGIN]);
  const alone = extracted(
    { url: "https://files.example.com/b", headers: bearer("other") },
    { headers: bearer("t") },
  );
  assert.deepEqual(alone?.token.origins, [ORIGIN]);
});

Deno.test("recordedToken() takes the end from the JWT", () => {
  const part = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("=", "");
  const jwt = `${part({ alg: "HS256" })}.${part({ exp: 1_700_000_000 })}.c2ln`;
  assert.equal(extracted({ headers: bearer(jwt) })?.token.expires_at, 1_700_000_000);
  assert.equal(extracted({ headers: bearer("opaque") })?.token.expires_at, null);
});

Deno.test("recordedToken() takes the end of a session's cookie from the answer that set it", () => {
  const endOf = (setCookie: string, Cookie = "sid=s1; lang=en") =>
    extracted({ setCookie }, { headers: [["Cookie", Cookie]] })?.token.expires_at;
  const nowSec = NOW_MS / 1000;
  assert.equal(endOf("sid=s1; Path=/; Max-Age=1800"), nowSec + 1800);
  assert.equal(endOf(`sid=s1; Expires=${new Date(NOW_MS + 60_000).toUTCString()}`), nowSec + 60);
  assert.equal(endOf("sid=s1; Path=/"), null);
  assert.equal(endOf("lang=en; Max-Age=1800"), null, "not the session's");
  assert.equal(endOf("sid=other; Max-Age=1800"), null, "another session's");
  const past = `sid=s1; Expires=${new Date(NOW_MS - 60_000).toUTCString()}`;
  assert.equal(endOf(past), null, "it is for the trial to tell");
});

const told: [name: string, answer: unknown, lifetimeSec: number | null][] = [
  ["a lifetime beside it", { access_token: "opaque-1", expires_in: 840 }, 840],
  ["a text of another spelling", { auth: { jwt: "opaque-1" }, expiresIn: "61" }, 61],
  ["a moment", { key: "opaque-1", expires_at: NOW_MS / 1000 + 77 }, 77],
  ["the lifetime of another token", { access_token: "opaque-2", expires_in: 840 }, null],
  ["one beside another", { a: { t: "opaque-1" }, b: { t: "opaque-2", expires_in: 9 } }, null],
];

for (const [name, answer, lifetimeSec] of told) {
  Deno.test(`recordedToken() takes the end from the answer that gave it: ${name}`, () => {
    const end = extracted({ answer }, { headers: bearer("opaque-1") })?.token.expires_at;
    assert.equal(end, lifetimeSec === null ? null : NOW_MS / 1000 + lifetimeSec);
  });
}

Deno.test("recordedToken() counts a lifetime from when it was recorded, by the newest answer", () => {
  const hourAgo = traces(
    { answer: { access_token: "first-1", expires_in: 900 } },
    { headers: bearer("first-1") },
    { answer: { access_token: "second-2", expires_in: 600 } },
    { headers: bearer("second-2") },
  ).map((trace) => ({ ...trace, startedAtMs: trace.startedAtMs - 3_600_000 }));
  const found = recordedToken(hourAgo, [ORIGIN], NOW_MS);
  assert.equal(found?.token.expires_at, NOW_MS / 1000 - 3000);
});

const refreshTokens: [name: string, recorded: Recorded[], expected: string | null][] = [
  ["the newest answer", [
    { answer: { refresh_token: "r1" } },
    { answer: { data: [{ refreshToken: "r2", refresh_token_expires_in: 9 }] } },
    { headers: bearer("t") },
  ], "r2"],
  ["the request, where the answer has none", [
    { answer: { refresh_token: "r1" } },
    { form: "grant_type=refresh_token&refresh_token=r2", answer: { access_token: "a" } },
    { headers: bearer("t") },
  ], "r2"],
  ["no refused answer", [
    { answer: { refresh_token: "r1" } },
    { form: "refresh_token=r2", status: 400 },
    { headers: bearer("t") },
  ], "r1"],
  ["nowhere", [{ headers: bearer("t") }], null],
];

for (const [name, recorded, expected] of refreshTokens) {
  Deno.test(`recordedToken() takes the refresh token from ${name}`, () => {
    assert.equal(extracted(...recorded)?.token.refresh_token, expected);
  });
}

function store(path: string, recorded: Trace[]) {
  using open = TraceStore.open(path);
  open.addCapture({
    file: "x.har",
    sha256: "00",
    importedAt: "2026-01-01T00:00:00.000Z",
    creator: "test",
    skipped: 0,
    sanitised: false,
  }, recorded);
}

Deno.test("extractToken() stores the token and names what it took", async () => {
  await withApp(async (home) => {
    store(home.appFile(APP, "captures.db"), traces({ headers: bearer("recorded-token-1") }));
    const ctx = fakeContext({ home: home.root });
    const output = await extractToken(ctx, { app: APP });
    assert.deepEqual(output, {
      app: APP,
      state: "valid",
      expires_at: null,
      refreshable: false,
      renewed_by: "nobody",
      needs_consent: false,
      refresh_refused_at: null,
      answers_refused_at: null,
      answers_of_another_user: false,
      renewal_not_before: null,
      usable: true,
      hosts: ["api.example.com:443"],
      probe: "inconclusive",
      stored: storedParts({ headers: ["Authorization"] }),
      trace: "t_0001",
      headers: ["Authorization"],
      origins: [ORIGIN],
    });
    const token = await readToken(home, APP);
    assert.deepEqual(token?.headers, { Authorization: "Bearer recorded-token-1" });
    assert.doesNotMatch(ctx.redactor.redact("recorded-token-1"), /recorded/);
  }, { source: null });
});

Deno.test("setToken() reads the end of a token from the recording that shows it", async () => {
  await withApp(async (home) => {
    const answer = { session: { accessToken: "recorded-token-1", expiresIn: 1200 } };
    store(home.appFile(APP, "captures.db"), traces({ answer }));
    const ctx = fakeContext({ home: home.root, nowMs: NOW_MS + 60_000 });
    const endOf = async (text: string, more: { expiresInSec?: number } = {}) =>
      (await setToken(ctx, { app: APP, text, yes: true, ...more })).expires_at;
    assert.equal(await endOf("recorded-token-1"), NOW_MS / 1000 + 1200);
    assert.equal(await endOf("recorded-token-1", { expiresInSec: 5 }), NOW_MS / 1000 + 65);
    assert.equal(await endOf("recorded-token-2"), null);
  }, { source: null });
});

Deno.test("extractToken() without an authenticated request says what to do", async () => {
  await withApp(async (home) => {
    store(home.appFile(APP, "captures.db"), traces({}));
    await assert.rejects(
      extractToken(fakeContext({ home: home.root }), { app: APP }),
      (error: AppError) => error.code === "AUTH_NEEDED" && /auth set shop/.test(error.hint ?? ""),
    );
    assert.equal(await readToken(home, APP), null);
  }, { source: null });
});

Deno.test("extractToken() names a request with a credential that nothing shows to be taken", async () => {
  const reasons: [Recorded, string][] = [
    [{ headers: bearer("k"), status: 403 }, "Authorization, but the answer has status 403"],
    [
      { headers: [["X-Api-Key", "k1234567"]], url: `${ORIGIN}/logout` },
      "X-Api-Key, but it logs out",
    ],
    [
      { headers: bearer("k"), url: "https://cdn.example.net/a" },
      "Authorization, but https://cdn.example.net is not where the app's tools go",
    ],
  ];
  for (const [recorded, said] of reasons) {
    await rejectsSaying(traces({}, recorded), `t_0002 carries header ${said}`);
  }
  const unanswered = traces({ headers: bearer("k") }).map((one) => ({ ...one, response: null }));
  await rejectsSaying(unanswered, "t_0001 carries header Authorization, but no answer is recorded");
});

async function rejectsSaying(recorded: Trace[], end: string): Promise<void> {
  await withApp(async (home) => {
    store(home.appFile(APP, "captures.db"), recorded);
    await assert.rejects(
      extractToken(fakeContext({ home: home.root }), { app: APP }),
      ({ message }: AppError) => message.endsWith(end),
      end,
    );
  }, { source: null });
}

Deno.test("tokenInBodies() takes a session that stands in bodies or addresses, and nothing that is typed", () => {
  const found = (...recorded: Recorded[]) => tokenInBodies(traces(...recorded), [ORIGIN], NOW_MS);
  const session = "9f8e7d6c5b4a39281706f5e4d3c2b1a0";
  const body = found(
    { form: `username=ada&password=kiwi-7731&session=${session}` },
    { form: `session=${session}&page=1` },
    { form: "session=old&page=1", status: 401 },
  );
  assert.equal(body?.trace, "t_0002");
  assert.deepEqual(body?.token.body_params, { session });
  assert.deepEqual(body?.token.query_params, {});
  const ended = found(
    { answer: { data: { sid: session }, ttl: 300 } },
    { form: `session=${session}&page=1` },
  );
  assert.equal(ended?.token.expires_at, NOW_MS / 1000 + 300);
  const address = found({ url: `${ORIGIN}/items?access_token=${session}&page=2` });
  assert.deepEqual(address?.token.query_params, { access_token: session });
  assert.equal(found({ form: "page=1&csrf_token=q7ZxW2Lk9Tb4Rm1Vc8Hd" }), null);
  assert.equal(found({ form: `password=kiwi-7731&token=${session}` }), null);
});
