import assert from "node:assert/strict";
import type { BodyTemplate, JsonTemplate, Step } from "../../lib/correlate/flow.ts";
import type { HttpRequest } from "../../lib/http/exchange.ts";
import { CookieJar } from "../../lib/http/cookie_jar.ts";
import { RandomSource } from "../../lib/replay/random_source.ts";
import { FreshValues } from "../../lib/replay/fresh_values.ts";
import { judgeRequest, staleInRequest } from "../../lib/replay/judge_request.ts";
import type { Expectations } from "../../lib/replay/match_expr.ts";
import { countingRandom } from "./counting_random.ts";
import { constant, input, step, taken } from "./flows/recording.ts";

const ORIGIN = "https://app.example";
const SHIFT = { recordedAtMs: 0, nowMs: 0 };

const expectations: Expectations = {
  env: {
    inputs: new Map([["user", "mira holt/é"]]),
    extracted: new Map([["next", `${ORIGIN}/go?b=2&a=x+y#top`], ["n", "7"]]),
    generated: new Map(),
    refreshToken: null,
  },
  recorded: {
    inputs: new Map([["user", "alice.b"]]),
    extracted: new Map([["next", `${ORIGIN}/go?b=1&a=x`], ["n", "3"]]),
    generated: new Map(),
    refreshToken: null,
  },
  generated: new Map(),
  waiting: [],
  nowMs: 0,
};

function memory() {
  const cookies = new CookieJar();
  cookies.keep([["Set-Cookie", "sid=now; Path=/"]], new URL(ORIGIN), 0);
  const fresh = new FreshValues(new RandomSource(countingRandom()), ["web"], SHIFT);
  fresh.add("alice.b", { name: "user", kind: "input" }, "mira holt/é");
  return { cookies, fresh };
}

function request(url: string, more: Partial<HttpRequest> & { text?: string } = {}): HttpRequest {
  const { text, ...rest } = more;
  const body = text === undefined ? null : new TextEncoder().encode(text);
  return { method: "GET", url: ORIGIN + url, headers: [], body, ...rest };
}

function found(wanted: Step, sent: HttpRequest): string[] {
  return judgeRequest(wanted, sent, expectations, memory()).findings
    .map(({ where, problem }) => `${where}: ${problem}`);
}

Deno.test("judgeRequest() lets any browser log in, and holds an app to its own name", () => {
  const wanted = (agent: string) =>
    step("s1", `${ORIGIN}/`, { headers: [["User-Agent", constant(agent)]] });
  const sent = request("/", { headers: [["User-Agent", "Client/1.0"]] });
  assert.deepEqual(found(wanted("Mozilla/5.0 (X11; Linux x86_64)"), sent), []);
  assert.equal(found(wanted("ShopApp/7.1 (Android)"), sent).length, 1);
});

Deno.test("judgeRequest() compares URLs by what they mean", () => {
  const parts = step("s1", `${ORIGIN}/`, {
    url: {
      kind: "parts",
      origin: ORIGIN,
      segments: [constant("u"), input("user")],
      query: [["k", constant("1")], ["k", constant("2")], ["q", input("user")]],
    },
  });
  const user = encodeURIComponent("mira holt/é");
  const cases: [string, string[]][] = [
    [`/u/${user}?k=1&k=2&q=mira+holt%2F%C3%A9`, []],
    [`/u/${user}?q=${user}&k=1&k=2`, []],
    [`/u/mira%20holt/é?k=1&k=2&q=${user}`, ["URL: has another path"]],
    [`/u/${user}?k=1&q=${user}`, ['query parameter "k": is missing']],
    [`/u/${user}?k=1&k=2&q=alice.b`, [
      'query parameter "q": the captured value of user was sent instead of the fresh one',
    ]],
    [`/u/${user}?k=1&k=2&q=${user}&z=0`, [
      'query parameter "z": is sent and the recorded request has none',
    ]],
  ];
  for (const [url, findings] of cases) assert.deepEqual(found(parts, request(url)), findings, url);
  const elsewhere = { ...request("/"), url: `https://other.example/u/${user}?k=1&k=2&q=${user}` };
  assert.deepEqual(found(parts, elsewhere), ["URL: goes to another origin"]);
  const whole = step("s1", ORIGIN, { url: { kind: "whole", expr: taken("next") } });
  assert.deepEqual(found(whole, request("/go?a=x%20y&b=2")), []);
  assert.deepEqual(found(whole, request("/go?a=x&b=2")), ["URL: is not next"]);
});

Deno.test("judgeRequest() wants each header and each cookie of the step, and no recorded ones", () => {
  const wanted = step("s1", `${ORIGIN}/a`, {
    headers: [["X-App", constant("web")], ["X-User", input("user")]],
    cookies: [{ name: "sid", value: { kind: "jar" }, recorded: "before" }, {
      name: "n",
      value: { kind: "client", expr: taken("n") },
      recorded: "3",
    }],
  });
  const utf8 = String.fromCharCode(...new TextEncoder().encode("mira holt/é"));
  const right: [string, string][] = [["x-app", "web"], ["x-user", utf8], [
    "cookie",
    "n=7; sid=now",
  ]];
  assert.deepEqual(found(wanted, request("/a", { headers: right })), []);
  const cases: [[string, string], string][] = [
    [["x-app", "other"], 'header "X-App": is not the recorded constant'],
    [["cookie", "n=7"], 'cookie "sid": is missing'],
    [["cookie", "n=7; sid=before"], 'cookie "sid": the captured value of cookie sid was sent'],
    [["cookie", "n=7; sid=x"], 'cookie "sid": is not the value that the last answer has set'],
    [["cookie", "n=3; sid=now"], 'cookie "n": the captured value of n was sent'],
    [["cookie", "n=7; sid=now; who=alice.b"], 'cookie "who": the captured value of user was sent'],
    [
      ["referer", `${ORIGIN}/?who=alice.b`],
      'header "referer": the captured value of user was sent',
    ],
  ];
  for (const [header, finding] of cases) {
    const headers = [...right.filter(([name]) => name !== header[0]), header];
    const findings = found(wanted, request("/a", { headers }));
    assert.equal(findings.length, 1);
    assert.ok(findings[0]!.startsWith(finding), findings[0]);
  }
});

Deno.test("judgeRequest() compares bodies field by field, by the type of the body", () => {
  const json = (value: JsonTemplate): BodyTemplate => ({
    kind: "json",
    contentType: "application/json; charset=utf-8",
    value,
  });
  const object = json({
    kind: "object",
    entries: [
      ["user", { kind: "expr", expr: input("user"), as: "string" }],
      ["n", { kind: "expr", expr: taken("n"), as: "number" }],
      ["list", { kind: "array", items: [{ kind: "literal", value: { a: [1] } }] }],
      ["gone", { kind: "literal", value: null }],
    ],
  });
  const form: BodyTemplate = { kind: "form", fields: [["user", input("user")], ["n", taken("n")]] };
  const text: BodyTemplate = { kind: "text", contentType: "text/xml", value: constant("<a/>") };
  const multipart: BodyTemplate = { kind: "multipart", fields: [["n", taken("n")]] };
  const parts = '--b\r\nContent-Disposition: form-data; name="n"\r\n\r\n7\r\n--b--\r\n';
  const user = "mira holt/é";
  const cases: [BodyTemplate | null, string, string | undefined, string[]][] = [
    [object, "application/json", JSON.stringify({ user, n: 7, list: [{ a: [1] }] }), []],
    [
      object,
      "application/json",
      JSON.stringify({ user, n: 7, list: [{ a: [1] }], gone: null, more: null }),
      [],
    ],
    [object, "application/json", JSON.stringify({ user, n: "7", list: [{ a: [1] }] }), [
      'body field "n": is no number',
    ]],
    [object, "application/json", JSON.stringify({ user, n: 7, list: [{ a: [2] }] }), [
      'body field "list.0": is not the recorded constant',
    ]],
    [object, "application/json", JSON.stringify({ user, n: 7, list: [], x: 1 }), [
      'body field "list": has another number of items',
      'body field "x": is sent and the recorded request has none',
    ]],
    [object, "application/json", "[1]", ["body: is no object"]],
    [object, "application/json", "{", ["body: is no JSON"]],
    [object, "text/plain", JSON.stringify({ user, n: 7, list: [{ a: [1] }] }), [
      'header "Content-Type": is text/plain, not application/json',
    ]],
    [form, "application/x-www-form-urlencoded", "n=7&user=mira+holt%2F%C3%A9", []],
    [form, "application/x-www-form-urlencoded", "n=7", ['body field "user": is missing']],
    [form, "application/x-www-form-urlencoded", undefined, ["body: is missing"]],
    [text, "text/xml; charset=utf-8", "<a/>", []],
    [text, "text/xml", "<b/>", ["body: is not the recorded constant"]],
    [multipart, "multipart/form-data; boundary=b", parts, []],
    [multipart, "multipart/form-data; boundary=b", "junk", ['body field "n": is missing']],
    [null, "text/plain", undefined, []],
    [null, "text/plain", "x", ["body: is sent where the recorded request has none"]],
  ];
  for (const [body, type, sent, findings] of cases) {
    const post = request("/a", {
      method: "POST",
      headers: [["content-type", type]],
      ...(sent === undefined ? {} : { text: sent }),
    });
    const wanted = step("s1", `${ORIGIN}/a`, { method: "POST", body });
    assert.deepEqual(found(wanted, post), findings, sent);
  }
});

Deno.test("staleInRequest() looks at the URL, headers, cookies and body", () => {
  const sent = request("/x?u=alice.b", {
    headers: [["x-who", "alice.b"], ["cookie", "sid=now; c=alice.b"]],
    text: '{"u":"alice.b"}',
  });
  assert.deepEqual(staleInRequest(sent, memory()).map(({ where }) => where), [
    "URL",
    'header "x-who"',
    'cookie "c"',
    "body",
  ]);
  assert.deepEqual(staleInRequest(request("/x"), memory()), []);
});
