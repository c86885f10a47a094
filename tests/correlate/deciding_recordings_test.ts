/** Whole recordings in which one rule decides, for `deno task bench:rules`. Each says which. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { flowLines, flowOf } from "../support/flow_text.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://a.example";
const TOKEN = "q81Zp4Tz0Lk9f8e7d6c5";
const bearer: TraceParts = { headers: [["Authorization", `Bearer ${TOKEN}`]] };

/** The lines of the flow for a login that answers a token, which the next request carries. */
function login(line: string, parts: TraceParts): string[] {
  const answer = { token: TOKEN, user: { name: "kim.stone" } };
  return flowLines(flowOf(analyzeLogin(capture(
    trace(line, { answer, ...parts }),
    trace(`GET ${SITE}/me`, { ...bearer, answer: { name: "kim.stone" } }),
  ))));
}

Deno.test("who logs in may stand in the address alone (namedInPath)", () => {
  const parts = { json: { password: "Kestrel-44" } };
  assert.deepEqual(login(`PUT ${SITE}/login/kim.stone`, parts).slice(0, 2), [
    "s1 PUT https://a.example/login/$username (credentials)",
    "s1 body password = $password",
  ]);
});

Deno.test("a PIN that is remembered is asked for as a password (rememberedPins)", () => {
  const json = { memberId: "kim.stone", pin: "471123" };
  const flow = flowOf(analyzeLogin(capture(
    trace(`POST ${SITE}/login`, { json, answer: { token: TOKEN } }),
    trace(`GET ${SITE}/me`, { ...bearer, answer: { name: "kim.stone" } }),
  )));
  assert.deepEqual(flow.inputs.map(({ kind }) => kind), ["identifier", "password"]);
});

Deno.test("a name inside a document is written as the document is (embeddingOf)", () => {
  const other = "zz91Qp4Tz0Lk9f8e7d6c5";
  const lines = flowLines(flowOf(analyzeLogin(capture(
    trace(`POST ${SITE}/login`, {
      json: { user: "kim&co.9", password: "Kestrel-44" },
      answer: { ticket: TOKEN },
    }),
    trace(`POST ${SITE}/auth/token`, {
      body: ["text/xml", `<T><Ticket>${TOKEN}</Ticket><For>kim&amp;co.9</For></T>`],
      answer: { token: other },
    }),
    trace(`GET ${SITE}/me`, { headers: [["Authorization", `Bearer ${other}`]], answer: {} }),
  ))));
  assert.ok(lines.includes(
    's2 body = "<T><Ticket>" + {ticket} + "</Ticket><For>" + xml-escape($username) + "</For></T>"',
  ));
});

Deno.test("a name within a longer word is no name (endsInWord, beginsInWord)", () => {
  const json = { user: "kim.st", password: "Kestrel-44", note: "akim.st kim.stx kim.st" };
  assert.ok(
    login(`POST ${SITE}/login`, { json }).includes('s1 body note = "akim.st kim.stx " + $username'),
  );
});
