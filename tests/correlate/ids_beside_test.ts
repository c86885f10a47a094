/** What a login's answer gives along with the credential: the branch of who logged in, a challenge in a refusal. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { flowLines, flowOf, linesOf } from "../support/flow_text.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://depot.example";
const TOKEN = "h4Xw82kQz0Lm71Vd";

const login = (parts: TraceParts = {}) =>
  trace(`POST ${SITE}/in`, {
    json: { username: "ivar.moe", password: "Larch 5 & Yew" },
    answer: { token: TOKEN, depot: 6140, clerk: { level: 12 } },
    ...parts,
  });
const get = (headers: TraceParts["headers"], path = "/goods") =>
  trace(`GET ${SITE}${path}`, {
    headers: [["Authorization", `Bearer ${TOKEN}`], ...headers ?? []],
    answer: { goods: [1] },
  });

const result = (...traces: Trace[]) =>
  linesOf(flowOf(analyzeLogin(capture(...traces))), "result")
    .filter((line) => !/Authorization/.test(line));

Deno.test("a number that the login's answer held first goes with the requests in a header of its own", () => {
  const store = [["X-Store-Id", "6140"]] as const;
  assert.deepEqual(result(login(), get(store), get(store, "/bins")), [
    "result header X-Store-Id = {depot}",
  ]);
  // The client said it before, so that the answer may repeat what it was told.
  const told = { headers: [["X-Store-Id", "6140"]] } as const;
  assert.deepEqual(result(login(told), get(store), get(store, "/bins")), []);
  // Two digits are the same by chance.
  const page = [["X-Page-Size", "12"]] as const;
  assert.deepEqual(result(login(), get(page), get(page, "/bins")), []);
});

Deno.test("a login sends back the challenge that a refusal gave it", () => {
  const CHALLENGE = "bWzRtkPqLsNdGh40yv";
  const traces = capture(
    trace(`GET ${SITE}/goods`, {
      status: 401,
      answer: { error: "sign in", challenge: { id: CHALLENGE } },
    }),
    login({
      json: { challengeId: CHALLENGE, username: "ivar.moe", password: "Larch 5 & Yew" },
    }),
    get([]),
  );
  const lines = flowLines(flowOf(analyzeLogin(traces))).join("\n");
  assert.match(lines, /challengeId = \{\w+\}/);
  assert.doesNotMatch(lines, new RegExp(CHALLENGE));
});
