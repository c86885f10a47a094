/** Which recorded requests a login is tried on. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { JsonValue } from "../../lib/base/json.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { flowOf } from "../support/flow_text.ts";
import { capture, trace } from "../support/traces.ts";

const TOKEN = "acc-7f6e5d4c3b2a1908";

const LOGIN = trace("POST https://a.example/login", {
  json: { username: "ann.lee", password: "kiwi-7731" },
  answer: { token: TOKEN },
});

const BERTHS = [{ no: 4, boat: "Tern" }, { no: 9, boat: "Knot" }];

function tried(...requests: readonly Trace[]): string[] {
  const { probe, moreProbes = [] } = flowOf(analyzeLogin(capture(LOGIN, ...requests)));
  return [probe, ...moreProbes].flatMap((one) => one === null ? [] : [one.trace]);
}

const post = (path: string, json: Record<string, string>, answer: object) =>
  trace(`POST https://a.example${path}`, {
    json: { ...json, token: TOKEN },
    answer: answer as never,
  });

Deno.test("chooseProbes() tries addresses that carry the session, and none that hold another value of the login", () => {
  const get = (path: string) =>
    trace(`GET https://a.example${path}`, { answer: { berths: BERTHS } });
  assert.deepEqual(
    tried(get(`/berths?token=${TOKEN}`), get(`/berths/of/${TOKEN}?token=${TOKEN}`)),
    ["t_0002"],
  );
});

Deno.test("chooseProbes() tries a POST that shows who is asking, where nothing else is said", () => {
  assert.deepEqual(
    tried(
      post("/berth", { name: "Tern" }, { ok: true, berths: BERTHS }),
      post("/user/info", {}, { name: "Ann Lee" }),
    ),
    ["t_0003"],
  );
});

Deno.test("chooseProbes() tries a POST that says of the client what the login says, and nothing of who asks", () => {
  const client = { _ApplicationId: "app0192837465", _ClientVersion: "js5.3.0" };
  const login = trace("POST https://a.example/login", {
    json: { ...client, username: "ann.lee7", password: "kiwi-7731" },
    answer: { token: TOKEN },
  });
  const asked = (json: Record<string, string>) => {
    const requests = [post("/classes/Berth", { ...json, _method: "GET" }, { berths: BERTHS })];
    const { probe } = flowOf(analyzeLogin(capture(login, ...requests)));
    return probe?.trace;
  };
  assert.equal(asked(client), "t_0002");
  assert.equal(asked({ ...client, _ApplicationId: "app5647382910" }), undefined);
  assert.equal(asked({ ...client, username: "ann.lee7" }), undefined);
});

Deno.test("chooseProbes() tries a POST that was sent twice and answered the same", () => {
  const berths = (answer: object) => post("/berths", {}, answer);
  const same = { berths: BERTHS };
  assert.deepEqual(tried(berths(same), post("/tide", {}, { m: 4 }), berths(same)), ["t_0002"]);
  assert.deepEqual(tried(berths(same), berths({ berths: BERTHS.slice(0, 1) })), []);
  // A word of thanks is the same whatever was done.
  assert.deepEqual(tried(berths({ ok: true }), berths({ ok: true })), []);
});

Deno.test("chooseProbes() makes none of the login's own requests again: one may hand out what another took back", () => {
  const LATER = "csr-1c2d3e4f5a6b7c8d";
  const guarded = (path: string) =>
    trace(`GET https://a.example${path}`, {
      headers: [["Authorization", `Bearer ${TOKEN}`], ["X-Guard", LATER]],
      answer: { berths: BERTHS },
    });
  const guard = trace("GET https://a.example/guard", {
    headers: [["Authorization", `Bearer ${TOKEN}`]],
    answer: { guard: LATER },
  });
  assert.deepEqual(tried(guard, guarded("/berths"), guarded("/tides")), ["t_0003", "t_0004"]);
});

Deno.test("chooseProbes() asks questions at the address of the login, beside what is answered to anybody", () => {
  const headers = [["Authorization", `Bearer ${TOKEN}`]] as const;
  const ask = (query: string, data: JsonValue, variables: JsonValue = {}, isLogin = false) =>
    trace("POST https://a.example/graph", {
      ...isLogin ? {} : { headers },
      json: { query, variables },
      answer: { data },
    });
  const login = ask(
    "mutation In($name: String!, $word: String!) { logIn(name: $name, password: $word) { token } }",
    { logIn: { token: TOKEN } },
    { name: "ann.lee", password: "kiwi-7731" },
    true,
  );
  const { probe, moreProbes = [] } = flowOf(analyzeLogin(capture(
    login,
    trace("GET https://a.example/health", { headers, answer: { status: "ok" } }),
    ask("query Berths { berths { no boat } }", { berths: BERTHS }),
    ask("mutation Moor { moor(berth: 4) { no } }", { moor: { no: 4 } }),
  )));
  assert.deepEqual([probe, ...moreProbes].map((one) => one?.trace), ["t_0002", "t_0003"]);
});
