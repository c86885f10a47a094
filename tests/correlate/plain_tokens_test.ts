/** Tokens, handles and guards that look like words: their place and name decide, not their look. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Analysis } from "../../lib/correlate/flow.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://jetty.example";
const WHO = { user: "mira.holt", password: "Kestrel-44" };
const bearer = (token: string): TraceParts => ({
  headers: [["Authorization", `Bearer ${token}`]],
  answer: { boats: [] },
});

function extracted(analysis: Analysis) {
  assert.ok(analysis.kind === "flow", JSON.stringify(analysis, null, 1));
  return analysis.flow.steps.flatMap(({ extractions }) => extractions).map(({ recorded }) =>
    recorded
  );
}

Deno.test("analyzeLogin() takes a token that is a word out of an address in the login's answer", () => {
  const addresses = [
    `${SITE}/app#access=harbour`,
    `${SITE}/#/welcome?lang=en&access=harbour`,
    "/continue?access=harbour&lang=en",
  ];
  for (const goto of addresses) {
    const analysis = analyzeLogin(capture(
      trace(`POST ${SITE}/login`, { json: WHO, answer: { ok: true, goto } }),
      trace(`GET ${SITE}/api/boats`, bearer("harbour")),
    ));
    assert.deepEqual(extracted(analysis), ["harbour"], goto);
  }
});

Deno.test("analyzeLogin() takes an id that is words from the answer that gave it under the same name", () => {
  const analysis = analyzeLogin(capture(
    trace(`POST ${SITE}/auth/start`, {
      json: { user: WHO.user },
      answer: { flow_id: "amber-fox" },
    }),
    trace(`POST ${SITE}/auth/end`, {
      json: { flow_id: "amber-fox", password: WHO.password },
      answer: { token: "q81Zp4Tz0Lk9f8e7d6c5Aa" },
    }),
    trace(`GET ${SITE}/api/boats`, bearer("q81Zp4Tz0Lk9f8e7d6c5Aa")),
  ));
  assert.deepEqual(extracted(analysis), ["amber-fox", "q81Zp4Tz0Lk9f8e7d6c5Aa"]);
});

Deno.test("analyzeLogin() leaves a plain word of a hidden field as the page has it", () => {
  const page =
    `<form action="/login" method="post"><input type="hidden" name="_eventId" value="submit">` +
    `<input type="hidden" name="flow_id" value="amber-fox"><input name="user">` +
    `<input type="password" name="password"></form>`;
  const analysis = analyzeLogin(capture(
    trace(`GET ${SITE}/login`, { html: page }),
    trace(`POST ${SITE}/login`, {
      form: { _eventId: "submit", flow_id: "amber-fox", ...WHO },
      answer: { token: "q81Zp4Tz0Lk9f8e7d6c5Aa" },
    }),
    trace(`GET ${SITE}/api/boats`, bearer("q81Zp4Tz0Lk9f8e7d6c5Aa")),
  ));
  assert.deepEqual(extracted(analysis), ["amber-fox", "q81Zp4Tz0Lk9f8e7d6c5Aa"]);
});

/** A form with a guard against forgery, whose page is in the recording or not. */
function guarded(isShown: boolean, guard: string) {
  const page = trace(`GET ${SITE}/login`, {
    html: `<form action="/login" method="post"><input type="hidden" name="csrf_token" ` +
      `value="${guard}"><input name="user"><input type="password" name="password"></form>`,
  });
  return analyzeLogin(capture(
    ...isShown ? [page] : [],
    trace(`POST ${SITE}/login`, {
      form: { csrf_token: guard, ...WHO },
      setCookies: ["sid=q81Zp4Tz0Lk9f8e7d6c5Aa; Path=/"],
      location: "/home",
    }),
    trace(`GET ${SITE}/home`, { cookie: "sid=q81Zp4Tz0Lk9f8e7d6c5Aa", html: "<h1>Boats</h1>" }),
    trace(`GET ${SITE}/api/boats`, {
      cookie: "sid=q81Zp4Tz0Lk9f8e7d6c5Aa",
      answer: { boats: [] },
    }),
  ));
}

Deno.test("analyzeLogin() takes no word against forgery for a constant (holdsGuard)", () => {
  assert.ok(extracted(guarded(true, "tangerine")).includes("tangerine"));
  assert.equal(guarded(false, "tangerine").kind, "draft");
  assert.equal(guarded(false, "true").kind, "flow");
});

Deno.test("analyzeLogin() takes a header against forgery from the cookie that is its double", () => {
  const cookie = "sid=q81Zp4Tz0Lk9f8e7d6c5Aa; xsrf=tangerine";
  const analysis = analyzeLogin(capture(
    trace(`GET ${SITE}/login`, { html: "<h1>Hello</h1>", setCookies: ["xsrf=tangerine; Path=/"] }),
    trace(`POST ${SITE}/login`, {
      json: WHO,
      cookie: "xsrf=tangerine",
      setCookies: ["sid=q81Zp4Tz0Lk9f8e7d6c5Aa; Path=/"],
      answer: { ok: true },
    }),
    trace(`POST ${SITE}/api/boats`, {
      headers: [["X-XSRF-Token", "tangerine"]],
      cookie,
      json: { name: "Dory" },
      answer: { id: 4 },
    }),
  ));
  assert.ok(extracted(analysis).includes("tangerine"));
});

Deno.test("analyzeLogin() takes a Basic credential without a colon for a session from before (isSessions)", () => {
  const token = "QXGYAVJNUJMRKJDGTDQYJB";
  const headers: TraceParts["headers"] = [
    ["Authorization", `Basic ${token}`],
    ["X-CSRF-Token", "zq81mmT0pLx4Rr7wB2"],
  ];
  const analysis = analyzeLogin(capture(
    trace(`GET ${SITE}/api/me`, {
      headers: [["Authorization", `Basic ${token}`], ["X-CSRF-Token", "Fetch"]],
      answerHeaders: [["X-CSRF-Token", "zq81mmT0pLx4Rr7wB2"]],
      answer: { name: "Mira" },
    }),
    trace(`POST ${SITE}/api/boats`, { headers, json: { name: "Dory" }, answer: { id: 4 } }),
    trace(`GET ${SITE}/api/boats`, { headers, answer: { boats: [] } }),
  ));
  assert.equal(analysis.kind, "refused", JSON.stringify(analysis));
});
