/** Forms whose fields are called otherwise in each load of their page: written by place, and proven so. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { answerFacts } from "../../lib/correlate/answer_facts.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { proveScript } from "../../lib/replay/prove.ts";
import { DEFAULT_GUEST_LIMITS } from "../../lib/sandbox/limits.ts";
import { generateScript } from "../../lib/script/generate.ts";
import { fakeContext } from "../support/fake_context.ts";
import { flowLines, flowOf } from "../support/flow_text.ts";
import { has } from "../support/flow_lines.ts";
import { capture, trace } from "../support/traces.ts";

const SITE = "https://reef.example";

interface Names {
  readonly guard: string;
  readonly user: string;
  readonly password: string;
  readonly button: string;
}

const pageOf = ({ guard, user, password, button }: Names, csrf: string) =>
  trace(`GET ${SITE}/login`, {
    html: `<form><input name="q"></form><form method="post" action="/login">
      <input type="hidden" name="${guard}" value="${csrf}"><input type="hidden" name="lang" value="en">
      <input type="text" name="${user}"><input type="password" name="${password}">
      <input type="submit" name="${button}" value="Log in"></form>`,
  });

/** With a session of its own. */
function recording(
  names: Names,
  letter: string,
  encoding: "form" | "multipart" = "form",
): Trace[] {
  const csrf = `${letter}k3v8QxT1bRm6WzC0nHd`;
  const cookie = `sid=${letter}81Ld9aQ0zX7Kp2mWq9xLd4v`;
  const { guard, user, password, button } = names;
  return capture(
    pageOf(names, csrf),
    trace(`POST ${SITE}/login`, {
      [encoding]: {
        [guard]: csrf,
        lang: "en",
        [user]: "oda.reef",
        [password]: "Moss&7",
        [button]: "Log in",
      },
      location: "/home",
      setCookies: [`${cookie}; Path=/`],
    }),
    trace(`GET ${SITE}/home`, { cookie, html: "<p>Welcome" }),
    trace(`GET ${SITE}/api/me`, { cookie, answer: { name: "Oda" } }),
  );
}

const random = (one: string, two: string, three: string): Names => ({
  guard: `h_${one}`,
  user: `f_${two}`,
  password: `f_${three}`,
  button: "go",
});
const counted = (id: number): Names => ({
  guard: `form${id}_TOKEN`,
  user: `form${id}:user`,
  password: `form${id}:pass`,
  button: `form${id}:go`,
});

async function proof(
  traces: readonly Trace[],
  others: readonly Trace[][],
  change = (text: string) => text,
) {
  const flow = flowOf(analyzeLogin(traces, { others }));
  const written = generateScript(flow, { app: "trial", answers: answerFacts(traces, flow) });
  const { passed, mismatches, assumptions } = await proveScript(
    fakeContext({ nowMs: Date.now() }),
    {
      source: change(written),
      fileName: "auth_acquire.ts",
      flow,
      traces,
      others,
      limits: DEFAULT_GUEST_LIMITS,
    },
  );
  const open = assumptions.filter(({ isSettled }) => !isSettled).map(({ where }) => where);
  return { written, passed, problems: mismatches.map(({ problem }) => problem), open };
}

const linesFor = (traces: readonly Trace[], others: Trace[][] = []) => [
  ...flowLines(flowOf(analyzeLogin(traces, { others }))),
];

Deno.test("names that look made are taken from the page by the field's place, and its value, too", async () => {
  for (const encoding of ["form", "multipart"] as const) await takenByPlace(encoding);
});

async function takenByPlace(encoding: "form" | "multipart") {
  const traces = recording(random("91cc0f", "8a3c1d", "77b20e"), "Z", encoding);
  has(linesFor(traces), "s1 gives field_name_2 <- field-at", 's2 body lang = "en"');
  const { written, ...rest } = await proof(traces, []);
  assert.deepEqual(rest, { passed: true, problems: [], open: [] });
  assert.doesNotMatch(written, /8a3c1d|77b20e|"h_91cc0f"/);
  const call =
    'html_forms(s1_text, s1.url)[1]?.inputs.filter((input) => input.type === "password")[0]?.name';
  assert.ok(written.includes(call), written);
  const copied = await proof(traces, [], (text) => text.replace("[field_name_3,", '["f_77b20e",'));
  assert.equal(copied.passed, false);
  assert.ok(
    copied.problems.includes("is the recorded one, and the page makes another for each load"),
  );
}

Deno.test("names that two recordings show to be others are taken by place, and one load alone leaves them", async () => {
  const [one, two] = [recording(counted(42), "Z"), recording(counted(57), "Q")];
  assert.doesNotMatch(linesFor(one).join("\n"), /field-at/);
  assert.doesNotMatch(linesFor(one, [recording(counted(42), "Q")]).join("\n"), /field-at/);
  has(linesFor(one, [two]), "s1 gives field_name_4 <- field-at");
  const { written: _, ...rest } = await proof(one, [two]);
  assert.deepEqual(rest, { passed: true, problems: [], open: [] });
});

Deno.test("names that a second load of the page shows to be others are taken from the newest load", () => {
  const [page, ...rest] = recording(counted(42), "Z");
  const lines = linesFor(capture(pageOf(counted(41), "Yk3v8QxT1bRm6WzC0nHd"), page!, ...rest));
  has(lines, "s1 gives field_name <- field-at", "s2 body form42:pass = $password");
});
