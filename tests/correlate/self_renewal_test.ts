/** Sessions that a request of its own replaces: by its address, where it says nothing but words of the protocol. */
import assert from "node:assert/strict";
import type { JsonValue } from "../../lib/base/json.ts";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { provenLogin } from "../support/proven_login.ts";
import { flowOf } from "../support/flow_text.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://sluice.example";
const OLD = "berth=f81Ld9aQ0zX7Kp2mWq9xLd4v";
const NEW = "berth=Zk3v8QxT1bRm6WzC0nHdTq5y";

function recording(renewal: TraceParts, path = "/auth/refresh") {
  return capture(
    trace(`POST ${SITE}/auth/login`, {
      json: { email: "oda@sluice.example", password: "Moss&Fern7", mode: "session" },
      answer: { ends: 600 },
      setCookies: [`${OLD}; Path=/; HttpOnly`],
    }),
    trace(`GET ${SITE}/gates`, { cookie: OLD, answer: { gates: [1, 2] } }),
    trace(`POST ${SITE}${path}`, {
      cookie: OLD,
      answer: { ends: 600 },
      setCookies: [`${NEW}; Path=/; HttpOnly`],
      ...renewal,
    }),
    trace(`GET ${SITE}/gates`, { cookie: NEW, answer: { gates: [1, 2] } }),
    trace(`GET ${SITE}/levels`, { cookie: NEW, answer: { levels: [3] } }),
  );
}

const refreshOf = (json: JsonValue, path?: string) =>
  flowOf(analyzeLogin(recording({ json }, path))).refresh?.source ?? null;

Deno.test("a session is renewed by the request that says how, in words of the protocol", async () => {
  const { flow, proof, problems } = await provenLogin(recording({ json: { mode: "session" } }));
  assert.deepEqual([proof.passed, problems], [true, []]);
  assert.equal(flow.refresh?.source, "recorded");
});

Deno.test("what says more than that, or goes to an address for something else, renews nothing", () => {
  assert.equal(refreshOf({ mode: "session" }), "recorded");
  assert.equal(refreshOf({ note: "Gate 4 is open" }), null);
  assert.equal(refreshOf({ gate: 4 }), null);
  assert.equal(refreshOf({ mode: "session" }, "/gates/open"), null);
});
