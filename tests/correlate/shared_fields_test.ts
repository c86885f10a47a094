/** Fields of the query that many requests carry. */
import assert from "node:assert/strict";
import { analyzeRecording } from "../../lib/correlate/failed_attempts.ts";
import { flowOf } from "../support/flow_text.ts";
import { capture, trace } from "../support/traces.ts";

const SITE = "https://quay.example";
const TOKEN = "acc-7f6e5d4c3b2a1908";
const headers = [["Authorization", `Bearer ${TOKEN}`]] as const;
const LINE = "hQ7f6e5d4c3b2a19AAAB";

function analysisOf(issuer: string) {
  const heard = (salt: string) =>
    trace(`GET ${SITE}/channel?sid=${LINE}&t=${salt}`, { answer: [], headers });
  return analyzeRecording(capture(
    trace(`POST ${SITE}/login`, {
      json: { user: "ann.b", password: "hunter2!" },
      answer: { token: TOKEN },
    }),
    trace(`GET ${SITE}/boats`, { answer: ["Gull"], headers }),
    trace(`GET ${SITE}${issuer}?t=f3r8ysxe`, { answer: { sid: LINE }, headers }),
    heard("f3rm3fs3"),
    heard("f3rm7a5d"),
  )).analysis;
}

Deno.test("analyzeRecording() leaves what one address gives out and gets back alone out of the login", () => {
  const flow = flowOf(analysisOf("/channel"));
  assert.deepEqual(flow.steps.map(({ trace }) => trace), ["t_0001"]);
  assert.deepEqual(flow.result.queryParams, []);
});

Deno.test("analyzeRecording() holds what another address gave out to be of the login", () => {
  assert.notEqual(analysisOf("/handshake").kind, "flow");
});
