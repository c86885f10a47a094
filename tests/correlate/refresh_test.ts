/** How a login is renewed without its credentials. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { flowOf, linesOf } from "../support/flow_text.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const ACCESS = "acc-7f6e5d4c3b2a1908";
const REFRESH = "ref-0a1b2c3d4e5f6071";
const RENEWED = "acc-2b3c4d5e6f708192";

function login(parts: TraceParts): Trace {
  return trace("POST https://id.example/login", {
    json: { username: "ann.b", password: "hunter2!" },
    ...parts,
  });
}

function use(token: string): Trace {
  return trace("GET https://api.example/me", {
    headers: [["Authorization", `Bearer ${token}`]],
    answer: {},
  });
}

function refreshLines(...traces: readonly Trace[]): string[] {
  const flow = flowOf(analyzeLogin(capture(...traces)));
  return linesOf(flow, "result refresh token", "r1", "refreshed");
}

Deno.test("a recorded refresh is reproduced from the refresh token alone", () => {
  assert.deepEqual(
    refreshLines(
      login({ answer: { accessToken: ACCESS, refreshToken: REFRESH, expiresIn: 900 } }),
      use(ACCESS),
      trace("POST https://id.example/refresh", {
        headers: [["Authorization", `Bearer ${ACCESS}`]],
        json: { refreshToken: REFRESH, client: "web" },
        answer: { access_token: RENEWED, refresh_token: "ref-9f8e7d6c5b4a3021", expiresIn: 900 },
      }),
      use(RENEWED),
    ),
    [
      "result refresh token = {refresh_token}",
      "r1 POST https://id.example/refresh (credentials)",
      "r1 body refreshToken = @refresh_token",
      'r1 body client = "web"',
      "r1 gives new_access_token <- json access_token",
      "r1 gives new_expires_in <- json expiresIn",
      "r1 gives new_refresh_token <- json refresh_token",
      'refreshed (recorded) header Authorization = "Bearer " + {new_access_token}',
      "refreshed (recorded) refresh token = {new_refresh_token}",
      "refreshed (recorded) expires {new_expires_in}",
    ],
  );
});

Deno.test("an OAuth token endpoint implies the standard refresh", () => {
  assert.deepEqual(
    refreshLines(
      trace("POST https://id.example/token", {
        headers: [["Authorization", `Basic ${btoa("web:c1ient-5ecret-99")}`]],
        form: {
          grant_type: "password",
          username: "ann.b",
          password: "hunter2!",
          client_id: "web",
          scope: "all",
        },
        answer: { access_token: ACCESS, refresh_token: REFRESH, expires_in: 300 },
      }),
      use(ACCESS),
    ),
    [
      "result refresh token = {refresh_token}",
      "r1 POST https://id.example/token (credentials)",
      `r1 header Authorization = "Basic ${btoa("web:c1ient-5ecret-99")}"`,
      'r1 body grant_type = "refresh_token"',
      "r1 body refresh_token = @refresh_token",
      'r1 body client_id = "web"',
      "r1 gives new_access_token <- json access_token",
      "r1 gives new_expires_in <- json expires_in",
      "r1 gives new_refresh_token <- json refresh_token",
      'refreshed (inferred) header Authorization = "Bearer " + {new_access_token}',
      "refreshed (inferred) refresh token = {new_refresh_token}",
      "refreshed (inferred) expires {new_expires_in}",
    ],
  );
});

Deno.test("a refresh token that lives in a cookie is kept, and sent as that cookie", () => {
  const lines = refreshLines(
    login({
      answer: { token: ACCESS },
      setCookies: [`refresh_token=${REFRESH}; Path=/auth; HttpOnly`],
    }),
    use(ACCESS),
    trace("POST https://id.example/auth/refresh", {
      cookie: `refresh_token=${REFRESH}`,
      answer: { token: RENEWED },
      setCookies: ["refresh_token=ref-9f8e7d6c5b4a3021; Path=/auth; HttpOnly"],
    }),
    use(RENEWED),
  );
  assert.deepEqual(lines, [
    "result refresh token = {refresh_token}",
    "r1 POST https://id.example/auth/refresh (credentials)",
    "r1 cookie refresh_token = @refresh_token",
    "r1 gives new_token <- json token",
    "r1 gives new_refresh_token <- cookie refresh_token",
    'refreshed (recorded) header Authorization = "Bearer " + {new_token}',
    "refreshed (recorded) refresh token = {new_refresh_token}",
  ]);
});

Deno.test("a cookie that goes to the renewal alone is a refresh token, whatever its name", () => {
  const cookie = (value: string) => `rt=${value}; Path=/auth; HttpOnly; Max-Age=600`;
  const use = (token: string) =>
    trace("GET https://a.example/me", {
      headers: [["Authorization", `Bearer ${token}`]],
      answer: {},
    });
  const traces = capture(
    trace("POST https://a.example/auth/login", {
      json: { username: "ann.b", password: "hunter2!" },
      answer: { token: ACCESS },
      setCookies: [cookie(REFRESH)],
    }),
    use(ACCESS),
    trace("POST https://a.example/auth/refresh", {
      cookie: `rt=${REFRESH}`,
      answer: { token: RENEWED },
      setCookies: [cookie("ref-9f8e7d6c5b4a3021")],
    }),
    use(RENEWED),
  );
  assert.deepEqual(linesOf(flowOf(analyzeLogin(traces)), "result", "r1", "refreshed"), [
    'result header Authorization = "Bearer " + {token}',
    "result refresh token = {rt}",
    "r1 POST https://a.example/auth/refresh (credentials)",
    "r1 cookie rt = @refresh_token",
    "r1 gives new_token <- json token",
    "r1 gives new_rt <- cookie rt",
    'refreshed (recorded) header Authorization = "Bearer " + {new_token}',
    "refreshed (recorded) refresh token = {new_rt}",
  ]);
});

Deno.test("a renewal's cookie that lies beside the logout goes there as well (isSignInOrOut)", () => {
  const use = (token: string) =>
    trace("GET https://a.example/me", {
      headers: [["Authorization", `Bearer ${token}`]],
      answer: {},
    });
  const traces = capture(
    trace("POST https://a.example/auth/login", {
      json: { username: "ann.b", password: "hunter2!" },
      answer: { token: ACCESS },
      setCookies: [`rt=${REFRESH}; Path=/auth; HttpOnly`],
    }),
    use(ACCESS),
    trace("POST https://a.example/auth/renew", {
      cookie: `rt=${REFRESH}`,
      answer: { token: RENEWED },
    }),
    use(RENEWED),
    trace("POST https://a.example/auth/logout", { cookie: `rt=${REFRESH}`, answer: {} }),
  );
  assert.deepEqual(linesOf(flowOf(analyzeLogin(traces)), "result refresh"), [
    "result refresh token = {rt}",
  ]);
});

Deno.test("no refresh is made up", () => {
  const cases: [string, Trace[]][] = [
    ["no refresh token", [login({ answer: { token: ACCESS } }), use(ACCESS)]],
    ["a token, but no OAuth endpoint", [
      login({ answer: { token: ACCESS, refresh_token: REFRESH } }),
      use(ACCESS),
    ]],
    ["a refresh that was refused", [
      login({ answer: { token: ACCESS, refresh_token: REFRESH } }),
      use(ACCESS),
      trace("POST https://id.example/refresh", {
        json: { refresh_token: REFRESH },
        status: 401,
        answer: {},
      }),
    ]],
    ["a refresh that needs more of the login than its token", [
      login({ answer: { token: ACCESS, refresh_token: REFRESH, device: "dv-5a6b7c8d9e0f" } }),
      use(ACCESS),
      trace("POST https://id.example/refresh", {
        json: { refresh_token: REFRESH, device: "dv-5a6b7c8d9e0f" },
        answer: { token: RENEWED },
      }),
    ]],
  ];
  for (const [about, traces] of cases) assert.deepEqual(refreshLines(...traces), [], about);
});

Deno.test("the lifetime comes from the answer, the token or the cookies", () => {
  const encode = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("=", "");
  const jwt = `${encode({ alg: "HS256" })}.${encode({ sub: "u-77aa88", exp: 1_767_229_200 })}.c2ln`;
  const expiry = (...traces: readonly Trace[]) =>
    linesOf(flowOf(analyzeLogin(capture(...traces))), "result expires");
  assert.deepEqual(
    expiry(login({ answer: { data: { token: ACCESS }, expires_in: 60 } }), use(ACCESS)),
    ["result expires {expires_in}"],
  );
  assert.deepEqual(expiry(login({ answer: { token: jwt } }), use(jwt)), [
    "result expires exp of {token}",
  ]);
  const home = (cookie: string) => trace("GET https://id.example/home", { cookie, html: "<p>Ann" });
  assert.deepEqual(
    expiry(
      login({
        location: "/home",
        setCookies: [
          "sid=5x6c7b8a9d0e; Path=/; Max-Age=7200",
          "sid2=6x7c8b9a0d1e; Path=/; Expires=Thu, 01 Jan 2026 00:30:00 GMT",
        ],
      }),
      home("sid=5x6c7b8a9d0e; sid2=6x7c8b9a0d1e"),
    ),
    ["result expires 1800"],
  );
  assert.deepEqual(
    expiry(
      login({ location: "/home", setCookies: ["sid=5x6c7b8a9d0e; Path=/"] }),
      home("sid=5x6c7b8a9d0e"),
    ),
    [],
  );
});
