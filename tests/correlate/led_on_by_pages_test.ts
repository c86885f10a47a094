/** What pages hand on in ways of their own: redirects in markup and code, numbers of a form's state, plain text. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Analysis, LoginFlow } from "../../lib/correlate/flow.ts";
import type { TypedValue } from "../../lib/correlate/typed_value.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { provenLogin } from "../support/proven_login.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://quay.example";
const TICKET = "xK7qPz20LmVd94TnRb";
const SESSION = "m2Vw81TzQpLk0RxNc7";

const reading = (parts: TraceParts): Trace[] =>
  ["/api/boats", "/api/ropes"].map((path) =>
    trace(`GET ${SITE}${path}`, { answer: { list: [1] }, ...parts })
  );

function flowOf(analysis: Analysis): LoginFlow {
  assert.equal(analysis.kind, "flow", JSON.stringify(analysis));
  return (analysis as { flow: LoginFlow }).flow;
}

const REDIRECTS = [
  `<meta http-equiv="refresh" content="0;URL='/enter?lang=en&amp;tk=${TICKET}'">`,
  `<script>top.location.replace("\\/enter?lang=en\\u0026tk=${TICKET}");</script>`,
  `<body onload="go()"><a id="go" href="/enter?lang=en&amp;tk=${TICKET}">on</a>`,
];

for (const html of REDIRECTS) {
  Deno.test(`the ticket of ${html.slice(1, 14)} is exchanged for the session`, () => {
    const flow = flowOf(analyzeLogin(capture(
      trace(`POST ${SITE}/login`, { form: { user: "bea", password: "Hemp 3" }, html }),
      trace(`GET ${SITE}/enter?lang=en&tk=${TICKET}`, {
        status: 302,
        answerHeaders: [["Location", "/"], ["Set-Cookie", `qs=${SESSION}; Path=/`]],
      }),
      ...reading({ headers: [["Cookie", `qs=${SESSION}`]] }),
    )));
    assert.deepEqual(flow.steps.map(({ trace }) => trace), ["t_0001", "t_0002"]);
    assert.deepEqual(flow.result.cookies?.names, ["qs"]);
  });
}

Deno.test("the state of a form is taken from its page, if it is numbers or a counted name", () => {
  const state = "8817263549012345678:4410927365512908127";
  const page = `<form id="f_id7"><input type="hidden" name="f_id7" value="f_id7">` +
    `<input name="f_id7:user"><input type="password" name="f_id7:word">` +
    `<input type="hidden" name="ViewState" value="${state}"></form>`;
  const flow = flowOf(analyzeLogin(capture(
    trace(`GET ${SITE}/in`, { html: page }),
    trace(`POST ${SITE}/in`, {
      form: { f_id7: "f_id7", "f_id7:user": "bea", "f_id7:word": "Hemp 3", ViewState: state },
      answer: { token: SESSION },
    }),
    ...reading({ headers: [["Authorization", `Bearer ${SESSION}`]] }),
  )));
  const taken = flow.steps[0]!.extractions.map(({ recorded }) => recorded);
  assert.deepEqual(taken.toSorted(), [state, "f_id7"].toSorted());
});

for (
  const [sent, escape] of [["Hemp & 3".replace(" & ", " "), null], ["Hemp%203%26", "url-encode"]]
) {
  Deno.test(`a form sent as plain text, ${escape ?? "without escapes"}, holds what was typed`, () => {
    const flow = flowOf(analyzeLogin(capture(
      trace(`POST ${SITE}/login`, {
        body: ["text/plain", `user=bea&pwd=${sent}`],
        answer: { token: SESSION },
      }),
      ...reading({ headers: [["X-Session", SESSION]] }),
    )));
    assert.deepEqual(flow.inputs.map(({ recorded }) => recorded), [
      "bea",
      decodeURIComponent(sent!),
    ]);
    assert.match(JSON.stringify(flow.steps[0]!.body), escape === null ? /input/ : /url-encode/);
  });
}

Deno.test("what looks computed is not a constant where the told password travels nowhere", () => {
  const told: TypedValue[] = [
    { kind: "identifier", name: "username", value: "bea", place: { kind: "text" } },
    { kind: "password", name: "password", value: "Hemp 3", place: { kind: "text" } },
  ];
  const key = "9f31c0a7d5e2486b9f31c0a7d5e2486b0b1c2d3e4f5a69788796a5b4c3d2e1f0";
  for (const [name, value] of [["key", key], ["hash", `$2b$10$${"aB3".repeat(18)}`]]) {
    const analysis = analyzeLogin(
      capture(
        trace(`POST ${SITE}/login`, {
          json: { user: "bea", [name!]: value! },
          answer: { token: SESSION },
        }),
        ...reading({ headers: [["X-Session", SESSION]] }),
      ),
      { hints: told },
    );
    assert.equal(analysis.kind, "draft");
    const gaps = analysis.kind === "draft" ? analysis.gaps.map(({ place }) => place) : [];
    assert.deepEqual(gaps, [`body ${name}`]);
  }
});

/** An address in an address in an address, as logins of several sites hand on where to go in the end. */
const ID = "https://id.quay.example";
const asked = `/authorize?client=ropes&tx=${TICKET}&back=${encodeURIComponent(`${SITE}/cb`)}`;
const chosen = `/choose?next=${encodeURIComponent(asked)}`;
const entered = `/login?next=${encodeURIComponent(chosen)}`;
const idp = "idp=f81Ld9aQ0zX7Kp2mWq9xLd4v";
const landed = [
  trace(`GET ${ID}${asked}`, { cookie: idp, location: `${SITE}/cb?code=Cc88fQ2mWq9xLd4vTz` }),
  trace(`GET ${SITE}/cb?code=Cc88fQ2mWq9xLd4vTz`, {
    location: "/home",
    setCookies: [`sid=${SESSION}; Path=/`],
  }),
  ...reading({ cookie: `sid=${SESSION}` }),
];

for (
  const [how, login] of [
    ["the page goes on to", { json: { user: "bea", password: "Hemp 3" }, answer: { ok: true } }],
    ["the login hands on", { json: { user: "bea", password: "Hemp 3", to: asked }, answer: {} }],
  ] as const
) {
  Deno.test(`what ${how} is taken out of an address within an address`, async () => {
    const { flow, problems, source } = await provenLogin(capture(
      trace(`GET ${SITE}/`, { location: `${ID}${entered}` }),
      trace(`GET ${ID}${entered}`, { html: "<div id=app></div>" }),
      trace(`POST ${ID}/api/login`, { ...login, setCookies: [`${idp}; Path=/`] }),
      ...landed,
    ));
    assert.deepEqual(problems, []);
    assert.doesNotMatch(source, new RegExp(TICKET));
    const openers = flow.steps[0]!.extractions.map(({ openers }) => openers.length);
    assert.equal(Math.max(...openers), 2);
  });
}

Deno.test("a relay state that holds an address with a ticket in another one is handed on whole", async () => {
  const relay = `${SITE}/go?next=${encodeURIComponent(`${SITE}/ropes?tx=${TICKET}`)}`;
  const response = btoa('<samlp:Response ID="_99f2c3d4e5f60718"><x>bea</x></samlp:Response>');
  const state = `<input type=hidden name=RelayState value="${relay}">`;
  const address = `${ID}/sso?RelayState=${encodeURIComponent(relay)}`;
  const { problems, source } = await provenLogin(capture(
    trace(`GET ${SITE}/`, { location: address }),
    trace(`GET ${address}`, {
      html:
        `<form method=post action="/sso">${state}<input name=user><input type=password name=pw>`,
    }),
    trace(`POST ${ID}/sso`, {
      form: { RelayState: relay, user: "bea", pw: "Hemp 3" },
      html: `<form method=post action="${SITE}/acs">${state}
        <input type=hidden name=SAMLResponse value="${response}"></form>`,
    }),
    trace(`POST ${SITE}/acs`, {
      form: { SAMLResponse: response, RelayState: relay },
      location: relay,
      setCookies: [`sid=${SESSION}; Path=/`],
    }),
    ...reading({ cookie: `sid=${SESSION}` }),
  ));
  assert.deepEqual(problems, []);
  assert.doesNotMatch(source, new RegExp(TICKET));
});
