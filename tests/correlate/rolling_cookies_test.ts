/** Session cookies that every answer replaces: what came between the login and its use is not a step. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { flowLines, flowOf, linesOf } from "../support/flow_text.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://a.example";
const FORM = { username: "ann.b", password: "hunter2!" };

/** The value of the cookie after so many answers. */
const state = (count: number) => `Zk${count}x9Qw7Lm3Rt5Vb1Nc8-${count}${count}`;

/** Each request carries the cookie that the one before it was answered with. */
function rolling(name: string, ...requests: readonly (readonly [string, TraceParts])[]): Trace[] {
  return requests.map(([line, parts], index) =>
    trace(line, {
      ...index === 0 ? {} : { cookie: `${name}=${state(index)}` },
      setCookies: [`${name}=${state(index + 1)}; Path=/; HttpOnly`],
      ...parts,
    })
  );
}

const page = (path: string): readonly [string, TraceParts] => [
  `GET ${SITE}${path}`,
  { html: "<p>" },
];
const LOGIN = [
  page("/login"),
  [`POST ${SITE}/login`, { form: FORM, location: "/" }],
  page("/"),
] as const;

function stepsOf(traces: readonly Trace[]): string[] {
  return flowLines(flowOf(analyzeLogin(capture(...traces))))
    .filter((line) => /^s\d+ [A-Z]/.test(line));
}

Deno.test("pages that renewed the session's cookie are no steps, whatever the cookie is called", () => {
  const traces = rolling(
    "Shop",
    ...LOGIN,
    page("/orders"),
    page("/account"),
    [`POST ${SITE}/orders/7`, { form: { note: "by ann.b" }, location: "/orders/7" }],
    page("/orders/7"),
    [`GET ${SITE}/orders.json`, { answer: { orders: [] } }],
  );
  const flow = flowOf(analyzeLogin(capture(...traces)));
  assert.deepEqual(stepsOf(traces), [
    "s1 GET https://a.example/login",
    "s2 POST https://a.example/login (credentials)",
  ]);
  assert.deepEqual(linesOf(flow, "result"), ["result cookie Shop"]);
  assert.deepEqual(flow.inputs.map(({ name }) => name), ["username", "password"]);
});

Deno.test("a page that hands out a token is a step; what led to it is none", () => {
  const token = "c5Rf9a8b7c6d5e4f";
  const traces = rolling(
    "Shop",
    ...LOGIN,
    page("/orders"),
    [`POST ${SITE}/orders`, { form: { note: "new" }, location: "/orders/7" }],
    [`GET ${SITE}/orders/7`, { html: `<meta name="csrf-token" content="${token}">` }],
    page("/orders"),
    [`DELETE ${SITE}/orders/7`, { headers: [["X-CSRF-Token", token]], answer: {} }],
  );
  assert.deepEqual(stepsOf(traces), [
    "s1 GET https://a.example/login",
    "s2 POST https://a.example/login (credentials)",
    "s3 GET https://a.example/orders/7",
  ]);
});

Deno.test("the session that a provider's code earned is the login's, not a renewal", () => {
  const code = "SplxlOBeZQQYbYS6WxSbIA";
  const session = [
    trace(`GET ${SITE}/start`, {
      setCookies: ["app=anonymous-5x6c7b8a9d0e; Path=/"],
      location: "https://id.example/login",
    }),
    trace("GET https://id.example/login", { html: "<form>" }),
    trace("POST https://id.example/login", { form: FORM, answer: { next: "/done", code } }),
    ...rolling(
      "app",
      [`GET ${SITE}/callback?code=${code}`, { cookie: "app=anonymous-5x6c7b8a9d0e", html: "<p>" }],
      page("/orders"),
      page("/orders/7"),
      page("/orders/8"),
      [`GET ${SITE}/orders.json`, { answer: {} }],
    ),
  ];
  assert.ok(stepsOf(session).some((line) => line.includes("/callback")));
});
