/** `analyzeLogin()` on traffic that nobody thought of. `KEYSMITH_FUZZ_RUNS` sets how much of it. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { answerFacts } from "../../lib/correlate/answer_facts.ts";
import { evaluateExpr, runExtraction } from "../../lib/correlate/evaluate.ts";
import { exprsIn } from "../../lib/correlate/expr_walk.ts";
import type { LoginFlow } from "../../lib/correlate/flow.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { explainAnalysis } from "../../lib/ops/explain_auth.ts";
import { generateScript } from "../../lib/script/generate.ts";
import { prepareScript } from "../../lib/script/prepare.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";
import { fuzzRuns } from "../support/fuzz_runs.ts";

const RUNS = fuzzRuns(60);

/** Values shared by requests and answers, so that there is something to correlate. */
const VALUES = [
  "ann.b",
  "hunter2!",
  "493817",
  "acc-7f6e5d4c3b2a1908",
  "c5Rf9a8b7c6d5e4f",
  "3f2b8c1e-9a44-4f0d-8b1a-2f7d9c0e5a61",
  `e30.${btoa('{"sub":"c5Rf9a8b7c6d5e4f","exp":1767229200}')}.c2ln`,
  btoa("ann.b:hunter2!"),
  encodeURIComponent('{"t":"acc-7f6e5d4c3b2a1908"}'),
  "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  "true",
  "",
];
const NAMES = [
  "username",
  "password",
  "otp",
  "token",
  "refresh_token",
  "csrf",
  "state",
  "nonce",
  "code",
  "session",
  "__proto__",
  "constructor",
  "at",
  "s1",
  "ü",
  "",
];

const value = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...VALUES) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
);
const name = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
);
const fields = fc.dictionary(name, value, { maxKeys: 4, noNullPrototype: true });
const json = fc.letrec((tie) => ({
  node: fc.oneof(
    { depthSize: "small" },
    value,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("node"), { maxLength: 3 }),
    fc.dictionary(name, tie("node"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).node as fc.Arbitrary<TraceParts["json"] & object>;

const headerText = value.map((text) => text.replaceAll(/[^\x21-\x7e]/g, "x"));
const page = fc.array(
  fc.tuple(fc.constantFrom("input", "meta", "script", "form", "body"), name, value),
  {
    maxLength: 5,
  },
).map((parts) =>
  parts.map(([tag, key, text]) =>
    `<${tag} name="${key}" value="${text}" content="${text}" action="/x?q=${text}">var ${key} = "${text}";</${tag}>`
  ).join("")
);

const request = fc.oneof(
  fc.constant<TraceParts>({}),
  fields.map((form): TraceParts => ({ form })),
  json.map((body): TraceParts => ({ json: body })),
  value.map((text): TraceParts => ({ body: ["text/xml", `<a><user>${text}</user></a>`] })),
  value.map((text): TraceParts => ({ body: ["application/json", text] })),
);
const answer = fc.oneof(
  json.map((body): TraceParts => ({ answer: body })),
  page.map((html): TraceParts => ({ html })),
  value.map((text): TraceParts => ({ text })),
  headerText.map((text): TraceParts => ({ location: `/next?code=${text}#t=${text}` })),
  headerText.map((text): TraceParts => ({ setCookies: [`session=${text}; Path=/`, text] })),
  headerText.map((text): TraceParts => ({ answerHeaders: [["X-Token", text]] })),
  fc.constantFrom<TraceParts>({ status: 401 }, { status: 0 }, { status: 503 }, { status: 304 }),
);
const address = fc.tuple(
  fc.constantFrom("https://a.example", "http://b.example:81", "https://id.a.example"),
  fc.constantFrom("/login", "/api/me", "/token", "/", "/next", "/users/ann.b", "/x%zz"),
  fc.option(fc.tuple(name, value)),
).map(([origin, path, query]) =>
  `${origin}${path}${query === null ? "" : `?${new URLSearchParams([query as [string, string]])}`}`
);
const sent = fc.tuple(headerText, headerText, fc.boolean()).map((
  [token, cookie, bearer],
): TraceParts => ({
  headers: [bearer ? ["Authorization", `Bearer ${token}`] : ["X-Auth-Token", token]],
  cookie: `session=${cookie}; ${token}`,
}));

const anyTrace = fc.tuple(fc.constantFrom("GET", "POST", "PUT"), address, sent, request, answer)
  .map(([method, url, carried, body, answered]) =>
    trace(`${method} ${url}`, { ...carried, ...(method === "GET" ? {} : body), ...answered })
  );
const anyCapture = fc.array(anyTrace, { maxLength: 8 }).map((traces) => capture(...traces));

Deno.test("analyzeLogin() answers for any traffic, and what it answers can be used", () => {
  const found = new Map<string, number>();
  fc.assert(
    fc.property(anyCapture, (traces) => {
      const analysis = analyzeLogin(traces);
      found.set(analysis.kind, (found.get(analysis.kind) ?? 0) + 1);
      explainAnalysis(analysis, traces);
      if (analysis.kind === "none" || analysis.kind === "refused") {
        assert.ok(analysis.reasons.length > 0);
        return;
      }
      checkExtractions(analysis.flow, traces);
      const answers = answerFacts(traces, analysis.flow);
      const source = generateScript(analysis.flow, { app: "shop", answers });
      assert.ok(prepareScript(source, "auth_acquire.ts").exports.has("acquire_token"));
    }),
    { numRuns: RUNS },
  );
  assert.ok((found.get("flow") ?? 0) > 0, JSON.stringify([...found]));
});

/** Each extraction yields exactly what was recorded, and every name that is used has a value. */
function checkExtractions(flow: LoginFlow, traces: readonly Trace[]): void {
  const values = new Map([
    ...flow.inputs.map(({ name, recorded }) => [name, recorded] as const),
    ...flow.generated.map(({ id, recorded }) => [id, recorded] as const),
  ]);
  const env = { values, refreshToken: null };
  for (const step of flow.steps) {
    for (const expr of exprsIn(step)) evaluateExpr(expr, env);
    const { request, response } = traces.find(({ id }) => id === step.trace)!;
    for (const extraction of step.extractions) {
      const text = runExtraction(extraction, response!, request.url);
      assert.equal(text, extraction.recorded, JSON.stringify(extraction));
      values.set(extraction.id, text!);
    }
  }
}
