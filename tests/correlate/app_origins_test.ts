/** Whose login it is: what a page brings along from other sites has credentials of its own. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { dataOrigins, siteOf } from "../../lib/correlate/app_origins.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { flowLines, flowOf } from "../support/flow_text.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SHOP = "https://boats.example";
const KEY = "9c1f77aa02be4d5580aa61";
const TOKEN = "gTk4-Q9w2E7r5T1y8U3i";

const page = trace(`GET ${SHOP}/`, {
  headers: [["Sec-Fetch-Dest", "document"]],
  html: "<html><h1>Boats</h1></html>",
});

/** What the shop's page asks for. */
const asked = (line: string, parts: TraceParts = {}) =>
  trace(line, {
    answer: { boats: [{ id: 3 }] },
    ...parts,
    headers: [["Referer", `${SHOP}/`], ["Sec-Fetch-Dest", "empty"], ...parts.headers ?? []],
  });

const boats = asked(`GET ${SHOP}/api/boats`);

const report = asked(`POST https://in.measure.test/v2/track?api_key=${KEY}`, {
  json: { events: [1] },
  answer: { ok: true },
});

const bearer = ["Authorization", `Bearer ${TOKEN}`] as const;

const chat = [
  asked("POST https://talk.test/v1/visitors", {
    json: { widget: "w-77" },
    answer: { visitor_token: TOKEN },
  }),
  asked("GET https://talk.test/v1/threads", { headers: [bearer], answer: { threads: [] } }),
  asked("GET https://talk.test/v1/staff", { headers: [bearer], answer: { staff: ["Jo"] } }),
];

const pixel = [
  trace("GET https://ads.test/px?user=v77&pass=a1b2c3", {
    setCookies: ["uid=4f5e6d7c8b9a; Path=/"],
    html: "<html></html>",
    headers: [["Referer", `${SHOP}/`], ["Sec-Fetch-Dest", "image"]],
  }),
  trace("GET https://ads.test/px/sync", { cookie: "uid=4f5e6d7c8b9a", answer: { synced: [1] } }),
];

const PUBLIC: readonly (readonly [about: string, readonly Trace[]])[] = [
  ["the write key of an analytics service", [page, boats, report, report]],
  ["the guest's token of a chat", [page, boats, ...chat]],
  ["a field of an advertiser's pixel that is called pass", [page, boats, ...pixel]],
  ["the key of a service for feature flags beside rendered pages", [
    trace(`GET ${SHOP}/`, {
      headers: [["Sec-Fetch-Dest", "document"]],
      html: `<html><h1>Boats</h1>${"<p>Sloops and ketches, old and new.</p>".repeat(12)}`,
    }),
    asked("GET https://flags.test/sdk/eval", { headers: [["X-Api-Key", KEY]] }),
    asked("GET https://flags.test/sdk/goals", { headers: [["X-Api-Key", KEY]] }),
  ]],
  ["a key in the reports of a player, in a recording without pages", [
    trace("GET https://boats.example/api/boats", { answer: { boats: [1] } }),
    trace("GET https://boats.example/api/boats?page=2", { answer: { boats: [2] } }),
    trace(`POST https://play.test/v1/log_event?key=${KEY}`, { json: { e: 1 }, answer: { e: [1] } }),
  ]],
];

function boatsAreRead(traces: readonly Trace[]): boolean {
  return traces.some(({ request }) => request.url.startsWith(`${SHOP}/api/boats`));
}

for (const [about, traces] of PUBLIC) {
  Deno.test(`${about} is not a login of the app`, () => {
    const recording = capture(...traces);
    assert.equal(analyzeLogin(recording).kind, "none");
    assert.deepEqual(dataOrigins(recording), boatsAreRead(traces) ? [SHOP] : []);
  });
}

const login = asked(`POST ${SHOP}/api/login`, {
  json: { username: "mia.holt", password: "Sloop-and-9" },
  answer: { token: "aXb7-22c3d4e5f6g7h8" },
});
const mine = asked(`GET ${SHOP}/api/orders`, {
  headers: [["Authorization", "Bearer aXb7-22c3d4e5f6g7h8"]],
});

Deno.test("the keys of frames and widgets beside a login are not in its result", () => {
  const pay = trace("POST https://pay.test/v1/tokens", {
    headers: [["Referer", "https://pay.test/frame"], [
      "Authorization",
      "Bearer pk_live_77aaQ2wE4r",
    ]],
    json: { card: "x" },
    answer: { id: "tok_1a2B3c4D5e6F" },
  });
  const flow = flowOf(
    analyzeLogin(capture(page, ...chat, pay, login, ...chat.slice(1), mine, mine)),
  );
  assert.deepEqual(flowLines(flow).filter((line) => line.startsWith("result")), [
    'result header Authorization = "Bearer " + {token}',
  ]);
  assert.deepEqual(flow.hosts, ["boats.example:443"]);
});

Deno.test("a login in a frame of another site is the app's when the app takes its token", () => {
  const flow = flowOf(analyzeLogin(capture(
    page,
    trace("GET https://door.test/embed", {
      headers: [["Referer", `${SHOP}/`], ["Sec-Fetch-Dest", "iframe"]],
      html: "<form><input name=username><input type=password name=password></form>",
    }),
    trace("POST https://door.test/session", {
      headers: [["Referer", "https://door.test/embed"]],
      json: { username: "mia.holt", password: "Sloop-and-9" },
      answer: { token: "aXb7-22c3d4e5f6g7h8" },
    }),
    mine,
    mine,
  )));
  assert.deepEqual(flow.hosts, ["door.test:443"]);
  assert.deepEqual(flow.apiOrigins, [SHOP]);
});

Deno.test("an API of another site belongs to the app that shows its data", () => {
  const key = ["X-Api-Key", KEY] as const;
  const api = (path: string) =>
    asked(`GET https://api.harbours.test${path}`, { headers: [key], answer: { harbours: [1] } });
  const recording = capture(page, api("/v1/harbours"), api("/v1/tides"), report);
  const flow = flowOf(analyzeLogin(recording));
  assert.deepEqual(flow.inputs.map(({ name }) => name), ["api_key"]);
  assert.deepEqual(flow.apiOrigins, ["https://api.harbours.test"]);
});

Deno.test("siteOf() joins the hosts of one registrable domain", () => {
  assert.equal(siteOf("www.boats.example"), siteOf("api.boats.example"));
  assert.equal(siteOf("shop.boats.co.uk"), "boats.co.uk");
  assert.notEqual(siteOf("127.0.0.1"), siteOf("127.0.0.2"));
});

Deno.test("a frame that takes a name and a password is none of an app that takes them itself", () => {
  const page = "<!doctype html><h1>Shop</h1>";
  const shop = "https://shop.example";
  const pay = "https://pay.cardhouse.test";
  const token = "St9Kd3VbWm4Xz7Lq1";
  const flow = flowOf(analyzeLogin(capture(
    trace(`GET ${shop}/`, { headers: [["Sec-Fetch-Dest", "document"]], html: page }),
    trace(`POST ${shop}/login`, {
      json: { email: "ann@shop.example", password: "Reed & Rope" },
      answer: { token },
    }),
    trace(`POST ${pay}/session`, {
      json: { user: "merchant-77", password: "pub_1234" },
      answer: { session: "pay_1a2b3c4d5e6f7a8b" },
    }),
    trace(`GET ${shop}/orders`, { headers: [["Authorization", `Bearer ${token}`]], answer: {} }),
  )));
  assert.deepEqual(flow.hosts, ["shop.example:443"]);
});

Deno.test("a site that lets visitors in by a key is none of an app that takes passwords, though no page says where the user was", () => {
  const visitor = trace("POST https://talk.test/v1/visitors", {
    json: { site: "boats", visitor: "7d1f0a52-3c4b-4e8d-9a60-51b2c3d4e5f6", pass: "q8Zr51mKx0Wd" },
    answer: { token: "tlk-5b6c7d8e9f0a1b2c" },
  });
  const message = trace("GET https://talk.test/v1/messages", {
    headers: [["Authorization", "Bearer tlk-5b6c7d8e9f0a1b2c"]],
    answer: { rows: [] },
  });
  const login = trace(`POST ${SHOP}/login`, {
    json: { username: "una.berg", password: "Oar & rudder" },
    answer: { token: TOKEN },
  });
  const data = trace(`GET ${SHOP}/api/boats`, { headers: [bearer], answer: { boats: [1] } });
  const flow = flowOf(analyzeLogin(capture(visitor, message, login, data, message)));
  assert.deepEqual(flow.inputs.map(({ name }) => name), ["username", "password"]);
  assert.deepEqual(flow.hosts, ["boats.example:443"]);
});
