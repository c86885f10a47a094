/** Fields of the query that many requests carry. */
import assert from "node:assert/strict";
import { analyzeRecording } from "../../lib/correlate/failed_attempts.ts";
import { flowOf } from "../support/flow_text.ts";
import { linesOf } from "../support/flow_lines.ts";
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

Deno.test("a field whose value stands in the client's own code is no credential, unless it is named for a key", () => {
  const hash = "9f2c7b1e4d8a6035c1f7e2b94a6d8350";
  for (
    const [name, expected] of [["sha", []], ["build", []], ["api_key", [
      "result query api_key",
    ]]] as const
  ) {
    const asked = (page: number) =>
      trace(`GET ${SITE}/query?operation=boats&${name}=${hash}&page=${page}`, {
        headers,
        answer: { boats: [page] },
      });
    const lines = linesOf(
      trace(`GET ${SITE}/app.js`, {
        noise: "static-asset",
        text: `const boats = "${hash}"`,
        answerHeaders: [["Content-Type", "text/javascript"]],
      }),
      trace(`POST ${SITE}/login`, {
        json: { user: "ann.b", password: "hunter2!" },
        answer: { token: TOKEN },
      }),
      asked(1),
      asked(2),
    );
    const found = lines.filter((line) => line.startsWith("result query"))
      .map((line) => line.split(" = ")[0]);
    assert.deepEqual(found, expected, lines.join("\n"));
  }
});
