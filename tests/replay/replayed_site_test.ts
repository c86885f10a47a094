import assert from "node:assert/strict";
import type { LoginFlow, Step } from "../../lib/correlate/flow.ts";
import type { HttpRequest, HttpResponse, Trace } from "../../lib/http/exchange.ts";
import { headerValue } from "../../lib/http/headers.ts";
import { RandomSource } from "../../lib/replay/random_source.ts";
import { Evidence } from "../../lib/judge/evidence.ts";
import { freshValuesFor } from "../../lib/replay/fresh_flow.ts";
import { ReplayedSite } from "../../lib/replay/replayed_site.ts";
import { countingRandom } from "./counting_random.ts";
import { extraction, result, step, taken, trace } from "./flows/recording.ts";

const ORIGIN = "https://app.example";
const NOW_MS = 1_800_000_000_000;

const traces: readonly Trace[] = [
  trace("t_0001", { url: `${ORIGIN}/csrf` }, {
    headers: [["Content-Type", "application/json"]],
    body: '{"csrf":"q81Zp4Tz0Lk"}',
  }),
  trace("t_0002", { url: `${ORIGIN}/key` }, {
    headers: [["X-Key", "k7W2m9Q4x1"]],
  }),
  trace("t_0003", { method: "POST", url: `${ORIGIN}/login` }, {
    status: 302,
    headers: [["Location", "/home?t=z5X8c1V4b7"]],
  }),
  trace("t_0004", { url: `${ORIGIN}/news?csrf=q81Zp4Tz0Lk` }, { body: "old news" }),
  trace("t_0005", { url: `${ORIGIN}/me` }, { status: 401, body: "who?" }),
  trace("t_0006", { url: `${ORIGIN}/me` }, { body: "you" }),
];

const steps: readonly Step[] = [
  step("s1", `${ORIGIN}/csrf`, {
    extractions: [extraction("csrf", "s1", { kind: "json", path: ["csrf"] }, "q81Zp4Tz0Lk")],
  }),
  step("s2", `${ORIGIN}/key`, {
    extractions: [extraction("key", "s2", { kind: "header", name: "x-key" }, "k7W2m9Q4x1")],
  }),
  step("s3", `${ORIGIN}/login`, {
    method: "POST",
    status: 302,
    headers: [["X-Csrf", taken("csrf")], ["X-Key", taken("key")]],
  }),
];

const flow: LoginFlow = {
  inputs: [],
  generated: [],
  steps,
  result: result({ headers: [["X-Key", taken("key")]] }),
  refresh: null,
  hosts: ["app.example:443"],
  apiOrigins: [ORIGIN],
  probe: null,
};

function replay() {
  const byId = new Map(traces.map((one) => [one.id, one]));
  const inputs = new Map<string, string>();
  const random = new RandomSource(countingRandom());
  const context = {
    traces: byId,
    inputs,
    random,
    nowMs: NOW_MS,
    refreshToken: null,
    evidence: new Evidence(traces),
  };
  const site = new ReplayedSite({
    steps: flow.steps,
    traces: byId,
    fresh: freshValuesFor(flow, flow, context),
    nowMs: () => NOW_MS,
  });
  const send = (method: string, path: string, headers: HttpRequest["headers"] = []) =>
    site.respond({ method, url: ORIGIN + path, headers, body: null }).answer;
  return { site, send };
}

const csrfOf = (response: HttpResponse) =>
  JSON.parse(new TextDecoder().decode(response.body!)).csrf as string;

Deno.test("ReplayedSite lets reading steps come in any order, and no other step early", () => {
  const { site, send } = replay();
  send("GET", "/key");
  assert.equal(send("POST", "/login").status, 403);
  send("GET", "/csrf");
  assert.equal(send("POST", "/login").status, 302);
  assert.deepEqual(site.mismatches.map(({ step, where, problem }) => [step, where, problem]), [
    ["s3", "order", "comes before step s1"],
  ]);
  assert.deepEqual(site.steps(new Set(["t_0003"])).map(({ status }) => status), [
    "asked",
    "asked",
    "mismatch",
  ]);
});

Deno.test("ReplayedSite answers reading again and reading besides, with the same fresh values", () => {
  const { site, send } = replay();
  const csrf = csrfOf(send("GET", "/csrf"));
  assert.equal(csrfOf(send("GET", "/csrf")), csrf);
  assert.notEqual(csrf, "q81Zp4Tz0Lk");
  assert.equal(new TextDecoder().decode(send("GET", `/news?csrf=${csrf}`).body!), "old news");
  assert.equal(send("GET", "/me").status, 401);
  const key = headerValue(send("GET", "/key").headers, "x-key")!;
  const login = send("POST", "/login", [["x-csrf", csrf], ["x-key", key]]);
  const target = headerValue(login.headers, "location")!;
  assert.match(target, /^\/home\?t=[a-z]\d[A-Z]\d[a-z]\d[A-Z]\d[a-z]\d$/);
  assert.equal(send("GET", target).status, 200);
  assert.equal(send("GET", "/me").status, 200);
  assert.deepEqual(site.mismatches, []);
});

Deno.test("ReplayedSite notes what is none of the login's business, without showing values", () => {
  const { site, send } = replay();
  assert.equal(send("GET", "/unknown/q81Zp4Tz0Lk").status, 404);
  assert.equal(send("GET", "/unknown").status, 404);
  assert.equal(send("DELETE", "/me").status, 404);
  assert.deepEqual(site.mismatches.map(({ where, problem }) => `${where}: ${problem}`), [
    `request GET ${ORIGIN}/unknown/{…}: is not part of the login`,
    `request GET ${ORIGIN}/unknown: is not part of the login`,
    `request DELETE ${ORIGIN}/me: is not part of the login`,
  ]);
});
