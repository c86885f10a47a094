/** Pages that a recorder lost, made up from what their forms sent. */
import assert from "node:assert/strict";
import { analyzeRecording } from "../../lib/correlate/failed_attempts.ts";
import { withLostPages } from "../../lib/correlate/lost_pages.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { flowLines, flowOf } from "../support/flow_text.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const CSRF = "c5Rf9a8b7c6d5e4f";
const SIGN_IN = "https://a.example/sign-in";
const TYPED = { username: "ann.b", password: "hunter2!" };

/** A page load; `clicked`: the user did something before. */
function load(line: string, parts: TraceParts, clicked = true): Trace {
  const headers: [string, string][] = [
    ["Sec-Fetch-Mode", "navigate"],
    ...clicked ? [["Sec-Fetch-User", "?1"] as [string, string]] : [],
  ];
  return trace(line, { ...parts, headers: [...headers, ...parts.headers ?? []] });
}

function lost(page: Trace): Trace {
  return { ...page, response: { ...page.response!, body: null } };
}

const from = (page: string): TraceParts => ({ headers: [["Referer", page]] });
const PAGE = lost(load(`GET ${SIGN_IN}`, { html: "gone" }));
const session = { cookie: "sid=s1d-77aa88bb99cc", answer: { name: "Ann" } };
const USE = [
  trace("GET https://a.example/api/me", session),
  trace("GET https://a.example/api/notes", session),
];
const SESSION = ["sid=s1d-77aa88bb99cc; Path=/"];

/** The page as it is taken to have been; `null` when it stays lost. */
function madeUp(...traces: readonly Trace[]): string | null {
  const body = withLostPages(capture(...traces))[0]!.response!.body;
  return body === null ? null : new TextDecoder().decode(body).replace(/^<!--.*?-->/, "");
}

Deno.test("a lost page had the fields that its form sent, but for what was typed", () => {
  const submitted = load(`POST ${SIGN_IN}`, {
    ...from(SIGN_IN),
    form: { ...TYPED, csrf: CSRF, lang: "en" },
    location: "/",
  });
  assert.equal(
    madeUp(PAGE, submitted),
    `<form method="post" action="${SIGN_IN}"><input type="text" name="username" value="">` +
      `<input type="password" name="password" value="">` +
      `<input type="hidden" name="csrf" value="${CSRF}"><input type="text" name="lang" value=""></form>`,
  );
});

Deno.test("a page stays lost where nothing shows that the form was its own, or who filled it in", () => {
  const form = { ...TYPED, csrf: CSRF };
  const post = (parts: TraceParts) => load(`POST ${SIGN_IN}`, { form, location: "/", ...parts });
  const cases: [about: string, traces: Trace[]][] = [
    ["another page came between", [
      PAGE,
      load("GET https://a.example/other", { html: "<p>" }),
      post({}),
    ]],
    ["another page is the referrer", [PAGE, post(from("https://a.example/other"))]],
    ["a script sent it", [PAGE, trace(`POST ${SIGN_IN}`, { form, answer: {} })]],
    ["nothing that people type is in it", [PAGE, post({ form: { q: CSRF } })]],
  ];
  for (const [about, traces] of cases) assert.equal(madeUp(...traces), null, about);
  const digest = {
    ...TYPED,
    response: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  };
  assert.match(madeUp(PAGE, post({ form: digest }))!, /name="response" value=""/);
});

Deno.test("a token of a lost page is taken from whichever form of the page holds it", () => {
  const { analysis } = analyzeRecording(capture(
    PAGE,
    load(`POST ${SIGN_IN}`, {
      ...from(SIGN_IN),
      form: { ...TYPED, csrf: CSRF },
      setCookies: SESSION,
      location: "/",
    }),
    ...USE,
  ));
  const flow = flowOf(analysis);
  assert.equal(analysis.kind, "flow");
  assert.deepEqual(flow.steps[0]!.extractions.map(({ locator }) => locator), [
    { kind: "form-field", form: null, name: "csrf" },
  ]);
  const from_ = analysis.kind === "flow" ? analysis.values.map((value) => value.from) : [];
  assert.ok(from_.some((text) => text.includes("the page was not recorded")), from_.join("\n"));
});

Deno.test("a lost page that a provider's script submits is a step that hands the answer over", () => {
  const resume = "https://id.example/resume";
  const { analysis } = analyzeRecording(capture(
    load("GET https://id.example/login", { html: "<form><input type=password name=password>" }),
    load("POST https://id.example/login", {
      form: TYPED,
      setCookies: ["idp=1dp-5x6c7b8a9d0e; Path=/"],
      location: "/resume",
    }),
    lost(load(`GET ${resume}`, { cookie: "idp=1dp-5x6c7b8a9d0e", html: "gone" })),
    load("POST https://a.example/cb", {
      ...from("https://id.example/"),
      form: { code: "c0de-1a2b3c4d5e6f", iss: "https://id.example" },
      setCookies: SESSION,
      location: "/",
    }, false),
    ...USE,
  ));
  assert.deepEqual(flowLines(flowOf(analysis)).filter((line) => /code|^s\d [A-Z]/.test(line)), [
    "s1 POST https://id.example/login (credentials)",
    `s2 GET ${resume}`,
    "s2 gives code <- form-field code",
    "s3 POST https://a.example/cb",
    "s3 body code = {code}",
  ]);
});

Deno.test("a value that nothing explains is looked for in the page that was lost, and said so", () => {
  const { analysis } = analyzeRecording(capture(
    PAGE,
    trace("POST https://a.example/api/login", {
      headers: [["X-CSRF-Token", "9f86d081884c7d659a2feaa0c55ad015"]],
      json: TYPED,
      setCookies: SESSION,
      answer: {},
    }),
    ...USE,
  ));
  assert.equal(analysis.kind, "draft");
  assert.match(
    analysis.kind === "draft" ? analysis.reasons[0]! : "",
    /t_0001, whose body .* not got/,
  );
});
