/** Parameters of path segments (RFC 3986 section 3.3): found, put in anew, and judged by their names. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { linesOf } from "../support/flow_text.ts";
import { provenLogin } from "../support/proven_login.ts";
import { capture, trace } from "../support/traces.ts";

const SITE = "https://mole.example";
const TOKEN = "Zk3v8QxT1bRm6WzC0nHd";
const VISIT = "0A7B6C5D4E3F2A1B0C9D8E7F";
const FORM = { username: "noor", password: "Quay keeper 7" };
const PAGE = `<form method=post><input name=username><input type=password name=password></form>`;

const reading = ["boats", "piers"].map((what) =>
  trace(`GET ${SITE}/data/${what}`, {
    headers: [["Authorization", `Bearer ${TOKEN}`]],
    answer: { list: [1] },
  })
);

async function proven(traces: readonly Trace[], change?: (source: string) => string) {
  const { flow, problems, proof, source } = await provenLogin(
    capture(...traces, ...reading),
    change,
  );
  const open = proof.assumptions.filter(({ isSettled }) => !isSettled).map(({ where }) => where);
  const lines = linesOf(flow, "s1 POST", "s1 GET", "s2 GET", "s2 POST", "s3 POST");
  return { lines, problems, open, source };
}

const enter = (answer: Record<string, string>) =>
  trace(`POST ${SITE}/enter`, { json: FORM, answer });

Deno.test("what a login answers stands in a parameter, with constants beside it", async () => {
  const { lines, problems, open } = await proven([
    enter({ visit: VISIT }),
    trace(`POST ${SITE}/session;v=2;visit=${VISIT};user=noor/token`, {
      json: {},
      answer: { token: TOKEN },
    }),
  ]);
  assert.deepEqual([problems, open], [[], []]);
  assert.ok(
    lines.includes(
      `s2 POST ${SITE}/"session;v=2;visit=" + {visit} + ";user=" + $username/token`,
    ),
    lines.join("\n"),
  );
});

Deno.test("a name and a password in parameters are asked for, and no script holds them", async () => {
  const traces = [
    trace(`POST ${SITE}/enter;user=noor;password=Quay%20keeper%207`, { answer: { token: TOKEN } }),
  ];
  const { lines, problems, open, source } = await proven(traces);
  assert.deepEqual([problems, open], [[], []]);
  assert.deepEqual(lines, [
    `s1 POST ${SITE}/"enter;user=" + $username + ";password=" + $password (credentials)`,
  ]);
  assert.doesNotMatch(source, /Quay/);
  const wrong = await proven(traces, (text) => text.replace("${username}", "noor"));
  assert.match(
    wrong.problems.join(),
    /path segment 1 parameter "user": is not a user name that is asked for/,
  );
});

Deno.test("a state in a parameter is made up, and an address that a form or a redirect gave is taken whole", async () => {
  const { lines, problems } = await proven([
    trace(`GET ${SITE}/start;state=9f8e7d6c5b4a39281706`, {
      location: `/enter;jsessionid=${VISIT}`,
    }),
    trace(`GET ${SITE}/enter;jsessionid=${VISIT}`, { html: PAGE }),
    trace(`POST ${SITE}/enter;jsessionid=${VISIT}`, { form: FORM, answer: { token: TOKEN } }),
  ]);
  assert.deepEqual(problems, []);
  assert.deepEqual(lines, [
    `s1 GET ${SITE}/"start;state=" + ~state`,
    "s2 GET {{redirect_url}}",
    "s3 POST {{form_action}} (credentials)",
  ]);
});

Deno.test("a session in a parameter of each call is said to be out of reach", () => {
  const analysis = analyzeLogin(capture(
    enter({ visit: VISIT }),
    ...["boats", "piers"].map((what) =>
      trace(`GET ${SITE}/data/${what};visit=${VISIT}`, { answer: { list: [1] } })
    ),
  ));
  assert.equal(analysis.kind, "refused");
  assert.match(
    analysis.kind === "refused" ? analysis.reasons.join() : "",
    /path segment 2: each login makes this part of the address anew/,
  );
});
