/** Logins without a body, under names that say nothing: what is answered with a credential that requests carry is the login. */
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Analysis } from "../../lib/correlate/flow.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { openOf } from "../../lib/llm/findings/finding_desk.ts";
import { typedOf } from "../../lib/ops/analyze_auth.ts";
import { flowLines, flowOf } from "../support/flow_text.ts";
import { provenLogin } from "../support/proven_login.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://sluice.example";
const TOKEN = "Hq7w2ZkP4tVn9sXb3LmC";
const [USER, PASSWORD] = ["odd.kvist", "Lock & Weir 9"];
const TOLD = typedOf([["Username", USER], ["Password", PASSWORD]]);

const page = trace(`GET ${SITE}/`, { html: "<div id=app></div><script src=/app.js></script>" });
const bearer: TraceParts = { headers: [["Authorization", `Bearer ${TOKEN}`]] };
const reading = (parts: TraceParts = bearer, query = "") =>
  ["/gates", "/levels"].map((path) =>
    trace(`GET ${SITE}${path}${query}`, { answer: { rows: [1] }, ...parts })
  );
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const hmac = (key: string, text: string) => createHmac("sha256", key).update(text).digest("hex");
const signIn = (address: string, parts: TraceParts = {}) =>
  trace(`GET ${SITE}${address}`, { answer: { t: TOKEN }, ...parts });

const analysed = (isTold: boolean, ...traces: Trace[]): Analysis =>
  analyzeLogin(capture(...traces), { hints: isTold ? TOLD : [] });
const told = (...traces: Trace[]) => flowLines(flowOf(analysed(true, ...traces)));

/** A password that is hashed with a word that no answer and nobody says. */
const PEPPERED = sha256(`mill-race ${PASSWORD}`);

/** What goes out, and what later requests carry of its answer. */
const HIDDEN: readonly (readonly [what: string, login: Trace, later?: readonly Trace[]])[] = [
  ["a signature in the query", signIn(`/s?u=${USER}&sg=${PEPPERED}`)],
  ["a digest under names that say nothing", signIn(`/j?k=${USER}&v=${PEPPERED}`)],
  ["a digest in the path", signIn(`/enter/${USER}/${PEPPERED}`)],
  ["a digest in a header", signIn("/x", { headers: [["X-A", USER], ["X-B", PEPPERED]] })],
  [
    "a pair of name and digest behind a scheme",
    signIn("/x", { headers: [["Authorization", `Sluice ${USER}:${PEPPERED}`]] }),
    reading({ headers: [["X-T", TOKEN]] }),
  ],
  [
    "a digest that is answered with a cookie",
    signIn(`/j?k=${USER}&v=${PEPPERED}`, { setCookies: [`q=${TOKEN}; Path=/`], answer: { r: 1 } }),
    reading({ cookie: `q=${TOKEN}` }),
  ],
  [
    "a digest whose answer goes into the address of each request",
    signIn(`/j?k=${USER}&v=${PEPPERED}`),
    reading({}, `?t=${TOKEN}`),
  ],
  [
    "a digest that is answered with a plain word",
    signIn(`/j?k=${USER}&v=${PEPPERED}`, { answer: { t: "sallow" } }),
    reading({ headers: [["X-T", "sallow"]] }),
  ],
  [
    "a header of a POST without a body",
    trace(`POST ${SITE}/x`, { headers: [["X-B", PEPPERED]], answer: { t: TOKEN } }),
  ],
];

for (const [what, login, later = reading()] of HIDDEN) {
  Deno.test(`${what} is a login that waits for what the page computes, told or not`, () => {
    for (const isTold of [false, true]) {
      const analysis = analysed(isTold, page, login, ...later);
      assert.ok(analysis.kind === "draft", `${analysis.kind} ${JSON.stringify(analysis)}`);
      assert.match(analysis.reasons.join("; "), /t_0002 .*: looks like a digest/);
      assert.equal(/--answers/.test(analysis.reasons.join("; ")), !isTold);
      assert.ok(analysis.gaps.every(({ value }) => value.includes(PEPPERED)));
      assert.doesNotMatch(JSON.stringify(analysis.flow.steps), new RegExp(PEPPERED + '"}'));
    }
  });
}

Deno.test("what was told is found in a signed address, beside a challenge and in a pair, and proven", async () => {
  const ask = (name: string) =>
    trace(`GET ${SITE}/c?${name}=${USER}`, { answer: { z: "n4f8a7c6b5d4e3f2" } });
  const challenge = "n4f8a7c6b5d4e3f2";
  assert.deepEqual(
    told(page, signIn(`/s?u=${USER}&sg=${hmac(PASSWORD, USER)}`), ...reading()).slice(1, 3),
    ["s1 query u = $username", "s1 query sg = hmac-sha256-hex($password, $username)"],
  );
  const lines = told(
    page,
    ask("k"),
    signIn(`/j?k=${USER}&v=${sha256(sha256(PASSWORD) + challenge)}`),
    ...reading(),
  );
  for (
    const line of [
      "s1 query k = $username",
      "s2 query k = $username",
      "s2 query v = sha256-hex(sha256-hex($password) + {z})",
    ]
  ) assert.ok(lines.includes(line), `${line}\n${lines.join("\n")}`);
  const pair = btoa(`${USER}:${PASSWORD}`);
  const { proof } = await provenLogin(
    capture(page, signIn("/x", { headers: [["X-Q", pair]] }), ...reading()),
  );
  assert.ok(proof.passed, JSON.stringify(proof.mismatches));
});

Deno.test("what was told is asked for in headers and in the path", () => {
  const inHeaders = told(
    page,
    signIn("/x", { headers: [["X-A", USER], ["X-B", PASSWORD]] }),
    ...reading(),
  );
  assert.ok(inHeaders.includes("s1 header X-A = $username"), inHeaders.join("\n"));
  assert.ok(inHeaders.includes("s1 header X-B = $password"), inHeaders.join("\n"));
  const inPath = told(
    page,
    signIn(`/in/${USER}/${encodeURIComponent(PASSWORD)}`),
    ...reading(),
  );
  assert.ok(inPath.includes(`s1 GET ${SITE}/in/$username/$password (credentials)`), inPath[0]);
});

Deno.test("a request under names nobody knows that may be a login is open for whoever finds out what was typed", () => {
  const analysis = analysed(
    false,
    page,
    signIn(`/g?a=${USER}&b=${encodeURIComponent(PASSWORD)}`),
    ...reading(),
  );
  assert.equal(analysis.kind, "none");
  const open = openOf(analysis);
  assert.deepEqual(open?.gaps.map(({ place }) => place), ["query a", "query b"]);
  assert.doesNotMatch(JSON.stringify(open?.flow.steps), /Weir|kvist/);
});

Deno.test("a session for anybody, for a device or for what each request repeats is no login", () => {
  const device = "3b0a8f8e-7d0f-4d2e-9b3e-5f1f6f1f2a10";
  const key = sha256("client");
  const sessions: (readonly [Trace, TraceParts?])[] = [
    [signIn("/s?v=3&l=en")],
    [signIn(`/s?d=${device}&v=3`)],
    [signIn(`/s?api_key=${key}`)],
  ];
  for (const [login, parts] of sessions) {
    const analysis = analysed(false, page, login, ...reading(parts));
    const flow = analysis.kind === "flow" || analysis.kind === "draft" ? analysis.flow : null;
    assert.ok(flow?.steps.every(({ submitsCredentials }) => !submitsCredentials), analysis.kind);
  }
});

Deno.test("a login that asks for nothing is trusted by name where somebody may have typed what it sends", async () => {
  const [inPath, inQuery, inHeader] = ["Weir&Lock9!", "Mill-Pond 12", "s3cret sluice"];
  const login = signIn(`/in/${encodeURIComponent(inPath)}?b=${encodeURIComponent(inQuery)}&v=3`, {
    headers: [["X-B", inHeader], ["X-Client-Version", "4.11.0-rc1"]],
  });
  const { proof } = await provenLogin(capture(page, login, ...reading()));
  const open = proof.assumptions.filter(({ isSettled }) => !isSettled).map(({ where }) => where);
  assert.deepEqual(open.sort(), ['header "X-B"', "path segment 2", 'query parameter "b"']);
});
