/** A login that ends in hops: what a redirect, a page or an answer of JSON leads to sets the session. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { flowLines, flowOf } from "../support/flow_text.ts";
import { judgeTrial } from "../judge/trial.ts";
import { provenLogin } from "../support/proven_login.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://weir.example";
const APP = "https://app.weir.example";
const [SESSION, BEFORE] = ["Hq7w2ZkP4tVn9sXb3LmC", "a8f3c6d1e2b4a7c9"];
const form = { user: "ebba.moe", pw: "Heron-41 reed" };
const login = (parts: TraceParts) => trace(`POST ${SITE}/login`, { form, ...parts });
const reading = (origin: string, cookie: string) =>
  ["/boats", "/nets"].map((path) => trace(`GET ${origin}/api${path}`, { cookie, answer: [1] }));
const linesOf = (...traces: Trace[]) => flowLines(flowOf(analyzeLogin(capture(...traces))));

/** The answer to the password sets what the hop needs, and the hop what the app's requests carry. */
const led = (answer: TraceParts, origin = SITE) => {
  const domain = origin === SITE ? "" : "; Domain=weir.example";
  return [
    login({ ...answer, setCookies: [`tmp=${BEFORE}; Path=/${domain}`] }),
    trace(`GET ${origin}/enter`, {
      cookie: `tmp=${BEFORE}`,
      location: "/home",
      setCookies: [`view=${SESSION}; Path=/`],
    }),
    trace(`GET ${origin}/home`, { cookie: `tmp=${BEFORE}; view=${SESSION}`, html: "<h1>in" }),
    ...reading(origin, `tmp=${BEFORE}; view=${SESSION}`),
  ];
};

const refresh = (address: string): TraceParts => ({
  html: `<head><meta http-equiv="Refresh" content="0; URL='${address}'"></head>`,
});

const WAYS: readonly (readonly [what: string, answer: TraceParts, origin?: string])[] = [
  ["a redirect to another host", { location: `${APP}/enter` }, APP],
  ["a page that refreshes itself", refresh("/enter")],
  ["a page that refreshes itself to another host", refresh(`${APP}/enter`), APP],
  ["a script that assigns the address", { html: `<script>window.location = '/enter'</script>` }],
  ["a script that replaces the address", { html: `<script>location.replace("/enter")</script>` }],
  ["a member of JSON", { answer: { data: { redirect_url: `${APP}/enter` } } }, APP],
  ["a plain address in JSON", { answer: { ok: true, location: "/enter" } }],
];

for (const [what, answer, origin = SITE] of WAYS) {
  Deno.test(`${what} leads on to what sets the session`, () => {
    const lines = linesOf(...led(answer, origin));
    const second = lines.find((line) => line.startsWith("s2 GET")) ?? "";
    assert.ok(second === `s2 GET ${origin}/enter` || /^s2 GET \{/.test(second), lines.join("\n"));
    assert.ok(lines.includes("result cookie view"), lines.join("\n"));
  });
}

Deno.test("an address of JSON that names no page to open, or whose data is read, is the app's own", () => {
  const own = [
    login({
      answer: { links: { orders: "/enter" } },
      setCookies: [`sid=${SESSION}; Path=/`],
    }),
    trace(`GET ${SITE}/enter`, {
      cookie: `sid=${SESSION}`,
      setCookies: ["view=Zk3v8QxT1bRm6WzC; Path=/"],
      html: "<p>",
    }),
    ...reading(SITE, `sid=${SESSION}; view=Zk3v8QxT1bRm6WzC`),
  ];
  const read = [
    login({ answer: { next: "/enter" }, setCookies: [`sid=${SESSION}; Path=/`] }),
    trace(`GET ${SITE}/enter`, {
      cookie: `sid=${SESSION}`,
      setCookies: ["view=Zk3v8QxT1bRm6WzC; Path=/"],
      answer: [2],
    }),
    ...reading(SITE, `sid=${SESSION}; view=Zk3v8QxT1bRm6WzC`),
  ];
  for (const traces of [own, read]) {
    const lines = linesOf(...traces);
    assert.ok(lines.every((line) => !line.startsWith("s2 ")), lines.join("\n"));
  }
});

/** The password's answer and a redirect after it set the same cookie, each to another value. */
const anew = () => [
  login({ location: "/hop", setCookies: [`sess=${BEFORE}; Path=/`] }),
  trace(`GET ${SITE}/hop`, {
    cookie: `sess=${BEFORE}`,
    location: "/home",
    setCookies: [`sess=${SESSION}; Path=/`],
  }),
  trace(`GET ${SITE}/home`, { cookie: `sess=${SESSION}`, html: "<h1>in" }),
  ...reading(SITE, `sess=${SESSION}`),
];

Deno.test("a redirect that sets the session's cookie anew is followed, and proven", async () => {
  const { proof, flow } = await provenLogin(capture(...anew()));
  assert.ok(proof.passed, JSON.stringify(proof.mismatches));
  assert.deepEqual(flow.steps.map(({ trace }) => trace), ["t_0001", "t_0002"]);
});

Deno.test("a script that hands over the cookie from before the redirect that set it anew is refused", () => {
  const judged = (isFollowed: boolean) =>
    judgeTrial({
      traces: capture(...anew()),
      recorded: { user: form.user, password: form.pw },
      play: ({ user, password, fresh }) => ({
        sent: {
          t_0001: trace(`POST ${SITE}/login`, { form: { user, pw: password } }).request,
          ...isFollowed
            ? { t_0002: trace(`GET ${SITE}/hop`, { cookie: `sess=${fresh(BEFORE)}` }).request }
            : {},
        },
        result: {
          headers: { Cookie: `sess=${fresh(isFollowed ? SESSION : BEFORE)}` },
          parameters: [],
          computed: [],
        },
      }),
    }).objections.map(({ where, problem }) => `${where} ${problem}`);
  assert.deepEqual(judged(true), []);
  assert.match(judged(false).join("; "), /result cookie "sess" is the one from before the request/);
});
