/** A token against forgery, or what anybody is shown, beside no session: an export that left the session out. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { flowOf } from "../support/flow_text.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://barge.example";
const page = (action: string, token: string, rest: string) =>
  `<form action="${action}" method="post"><input type="hidden" name="authenticity_token" value="${token}">${rest}</form>`;

/** A login with a form, and one POST of the app: with `session` as its export keeps it. */
function recorded(session: TraceParts, setCookie: TraceParts) {
  return capture(
    trace(`GET ${SITE}/enter`, {
      html: page(
        "/enter",
        "4fKz81mQx7Lw2vTd",
        '<input name="user"><input type="password" name="pass">',
      ),
    }),
    trace(`POST ${SITE}/enter`, {
      form: { authenticity_token: "4fKz81mQx7Lw2vTd", user: "oda", pass: "reef" },
      status: 302,
      location: "/cargo",
      ...setCookie,
    }),
    trace(`GET ${SITE}/cargo`, {
      html: page("/cargo", "9mQw27TzLd81vXkf", '<input name="what">'),
      ...session,
    }),
    trace(`POST ${SITE}/cargo`, {
      form: { authenticity_token: "9mQw27TzLd81vXkf", what: "rope" },
      answer: { id: 7 },
      ...session,
    }),
  );
}

Deno.test("analyzeLogin() takes no token against forgery for a session that the export left out", () => {
  const analysis = analyzeLogin(recorded({}, {}));
  assert.equal(analysis.kind, "refused");
  assert.match(
    (analysis as { reasons: readonly string[] }).reasons.join("\n"),
    /\(t_0002\), but .* requests carry only "authenticity_token", which guards a session .* exported without cookies/s,
  );
});

Deno.test("analyzeLogin() takes a session beside a token against forgery", () => {
  const value = "q8Kp2mWq9xLd4vTzR7";
  const analysis = analyzeLogin(
    recorded({ cookie: `sid=${value}` }, { setCookies: [`sid=${value}; Path=/; HttpOnly`] }),
  );
  assert.equal(analysis.kind, "flow");
});

const BUILD = "b7e3c1f09a4d5e6b8c2f1a0d9e8c7b6a5f4e3d2c";
const json = { user: "oda", password: "reef & knot" };
const shown = trace(`GET ${SITE}/`, { html: `<html data-build="${BUILD}"><div id=app></div>` });
const told = trace(`GET ${SITE}/config.json`, { answer: { deploy: { sha: BUILD } } });
const login = (parts: TraceParts = {}) =>
  trace(`POST ${SITE}/enter`, { json, answer: { ok: true }, ...parts });
const used = (query: string, parts: TraceParts = {}) =>
  ["cargo", "crew"].map((what) =>
    trace(`GET ${SITE}/data/${what}${query}`, { answer: { list: [1] }, ...parts })
  );
const inHeader: TraceParts = { headers: [["X-Build", BUILD]] };

for (
  const [where, traces] of [
    ["page", [shown, login(), ...used(`?sha=${BUILD}`)]],
    ["page, in a header", [shown, login(), ...used("", inHeader)]],
    ["configuration before the login", [told, login(), ...used(`?sha=${BUILD}`)]],
    ["configuration after the login", [login(), told, ...used(`?sha=${BUILD}`)]],
    ["configuration after the login, in a header", [login(), told, ...used("", inHeader)]],
  ] as const
) {
  Deno.test(`a build of a ${where} that each request carries is no session`, () => {
    const analysis = analyzeLogin(capture(...traces));
    assert.match(
      analysis.kind === "refused" ? analysis.reasons.join() : analysis.kind,
      /There is a login .* but the requests after it .* carry no credential/,
    );
  });
}

Deno.test("a build that each request carries beside a session is taken from where it stands", () => {
  const sid = "sid=q8Kp2mWq9xLd4vTzR7";
  const entered = login({ setCookies: [`${sid}; Path=/`] });
  for (
    const traces of [
      [shown, entered, ...used(`?sha=${BUILD}`, { cookie: sid })],
      [entered, told, ...used(`?sha=${BUILD}`, { cookie: sid })],
    ]
  ) {
    const { result } = flowOf(analyzeLogin(capture(...traces)));
    assert.deepEqual(result.queryParams.map(([name, { kind }]) => [name, kind]), [
      ["sha", "extracted"],
    ]);
    assert.deepEqual(result.cookies?.names, ["sid"]);
  }
});

Deno.test("a build that requests carry where nobody logs in is no guest's credential", () => {
  for (const traces of [[shown, ...used("", inHeader)], [told, ...used(`?sha=${BUILD}`)]]) {
    assert.equal(analyzeLogin(capture(...traces)).kind, "none");
  }
});

Deno.test("the hash of a persisted query is of one operation, wherever it stands, and goes with no other", () => {
  const sid = "sid=q8Kp2mWq9xLd4vTzR7";
  const query = { persistedQuery: { version: 1, sha256Hash: BUILD } };
  const traces = capture(
    trace(`GET ${SITE}/operations.json`, { answer: { Cargo: BUILD } }),
    login({ setCookies: [`${sid}; Path=/`] }),
    ...[1, 2].map((page) =>
      trace(`POST ${SITE}/graphql`, {
        cookie: sid,
        json: { operationName: "Cargo", variables: { page }, extensions: query },
        answer: { data: { cargo: [page] } },
      })
    ),
  );
  const { result } = flowOf(analyzeLogin(traces));
  assert.deepEqual([result.bodyParams, result.queryParams], [[], []]);
  assert.deepEqual(result.cookies?.names, ["sid"]);
});
