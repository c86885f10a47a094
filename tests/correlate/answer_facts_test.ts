/** What a script may expect of a live answer. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { answerFacts } from "../../lib/correlate/answer_facts.ts";
import { flowOf } from "../support/flow_text.ts";
import { capture, trace } from "../support/traces.ts";

const NAMES: readonly (readonly [about: string, cookie: string, expected: readonly string[]])[] = [
  ["a fixed name", "JSESSIONID", ["JSESSIONID"]],
  ["a name in parts", "App.NET_SessionId", ["App.NET_SessionId"]],
  ["a name that ends in an id of the server's instance", "JSESSIONID.ddba39cc", []],
];

for (const [about, cookie, expected] of NAMES) {
  Deno.test(`answerFacts() expects session cookies by name: ${about}`, () => {
    const traces = capture(
      trace("POST https://a.example/login", {
        form: { username: "ann", password: "hunter2!" },
        setCookies: [`${cookie}=5x6c7b8a9d0e; Path=/`],
        location: "/",
      }),
      trace("GET https://a.example/api/me", { cookie: `${cookie}=5x6c7b8a9d0e`, answer: {} }),
    );
    const facts = answerFacts(traces, flowOf(analyzeLogin(traces)));
    assert.deepEqual(facts.get("t_0001")?.sessionCookies, expected);
  });
}
