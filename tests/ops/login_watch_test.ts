import assert from "node:assert/strict";
import type { HeaderList } from "../../lib/http/exchange.ts";
import { type LoginNews, LoginWatch } from "../../lib/ops/login_watch.ts";
import type { Seen } from "../../lib/ops/browser_sitting.ts";

interface Asked {
  readonly method?: string;
  readonly headers?: HeaderList;
  readonly body?: string;
  readonly status?: number;
  readonly isMarked?: boolean;
  readonly html?: string;
}

function exchange(path: string, asked: Asked = {}): Seen {
  const { method = "GET", headers = [], body, status = 200, isMarked = false, html } = asked;
  const encoded = (text?: string) => text === undefined ? null : new TextEncoder().encode(text);
  return {
    kind: "exchange",
    trace: {
      startedAtMs: 0,
      request: {
        method,
        url: `https://bank.example${path}`,
        headers: body === undefined
          ? headers
          : [...headers, ["Content-Type", "application/x-www-form-urlencoded"]],
        body: encoded(body),
      },
      response: { status, headers: [["Content-Type", "text/html"]], body: encoded(html) },
      marks: isMarked ? ["credential-field"] : [],
      noise: null,
    },
  };
}

function news(watch: LoginWatch, ...seen: Seen[]): LoginNews[] {
  return seen.flatMap((one) => watch.see(one)).filter(({ kind }) => kind !== "request");
}

const login: Asked = { method: "POST", isMarked: true, body: "name=ida&password=plum" };

Deno.test("LoginWatch tells of a login, and of the credential that only it gave", () => {
  const watch = new LoginWatch();
  const anonymous: HeaderList = [["Cookie", "visit=1"]];
  const signedIn: HeaderList = [["Cookie", "visit=1; sid=9"]];
  assert.deepEqual(news(watch, exchange("/", { headers: anonymous })), []);
  assert.deepEqual(news(watch, exchange("/in", { ...login, headers: anonymous })), [
    { kind: "login", host: "bank.example", path: "/in" },
  ]);
  assert.deepEqual(news(watch, exchange("/", { headers: anonymous })), []);
  assert.equal(watch.isLoggedIn, false);
  assert.deepEqual(news(watch, exchange("/no", { headers: signedIn, status: 403 })), []);
  assert.deepEqual(news(watch, exchange("/me", { headers: signedIn })), [
    { kind: "credential", name: "cookie sid", host: "bank.example" },
  ]);
  assert.deepEqual(news(watch, exchange("/more", { headers: signedIn })), []);
  assert.equal(watch.isLoggedIn, true);
});

Deno.test("LoginWatch knows a login by what was typed, whatever its field is called", () => {
  const watch = new LoginWatch();
  news(watch, {
    kind: "field",
    field: { kind: "password", name: "", value: "hü 7", filledBy: "person", atMs: 0 },
  });
  const body = new URLSearchParams({ x9: "hü 7" }).toString();
  assert.deepEqual(news(watch, exchange("/go", { method: "POST", body, status: 401 })), [
    { kind: "refused", host: "bank.example", status: 401 },
  ]);
  assert.deepEqual(news(watch, exchange("/a", { headers: [["Authorization", "Bearer x"]] })), []);
  assert.equal(news(watch, exchange("/go", { method: "POST", body }))[0]?.kind, "login");
  // It was there before the login.
  assert.deepEqual(news(watch, exchange("/a", { headers: [["Authorization", "Bearer x"]] })), []);
  assert.deepEqual(news(watch, exchange("/a", { headers: [["Authorization", "Bearer y"]] })), [
    { kind: "credential", name: "Authorization", host: "bank.example" },
  ]);
});

Deno.test("LoginWatch takes neither a token of a form for a login, nor a form served anew for an accepted one", () => {
  const watch = new LoginWatch();
  const token: Asked = { method: "POST", isMarked: true, body: "token=77aa&view=list" };
  assert.deepEqual(news(watch, exchange("/list", token)), []);
  assert.deepEqual(news(watch, exchange("/me", { ...token, body: "nick=ida&password=" })), []);
  const html = "<form><input name=name><input type=password name=password></form>";
  const wrong = exchange("/in", { ...login, body: "name=ida&password=plum", html });
  assert.deepEqual(news(watch, wrong), [{ kind: "refused", host: "bank.example", status: 200 }]);
  const stranger: HeaderList = [["Cookie", "sid=another"]];
  assert.deepEqual(news(watch, exchange("/boats", { headers: stranger })), []);
  assert.equal(watch.isLoggedIn, false);
});

Deno.test("LoginWatch knows credentials that the browser asked for by itself", () => {
  const watch = new LoginWatch();
  assert.deepEqual(news(watch, exchange("/", { status: 401 })), []);
  const headers: HeaderList = [["Authorization", "Basic aWRhOnBsdW0="]];
  assert.deepEqual(news(watch, exchange("/", { headers })), [
    { kind: "credential", name: "Authorization", host: "bank.example" },
  ]);
  assert.equal(watch.isLoggedIn, true);
});
