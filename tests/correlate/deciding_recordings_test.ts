/** Whole recordings in which one rule decides, for `deno task bench:rules`. Each says which. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { flowLines, flowOf } from "../support/flow_text.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://a.example";
const TOKEN = "q81Zp4Tz0Lk9f8e7d6c5";
const bearer: TraceParts = { headers: [["Authorization", `Bearer ${TOKEN}`]] };

/** The lines of the flow for a login that answers a token, which the next request carries. */
function login(line: string, parts: TraceParts): string[] {
  const answer = { token: TOKEN, user: { name: "kim.stone" } };
  return flowLines(flowOf(analyzeLogin(capture(
    trace(line, { answer, ...parts }),
    trace(`GET ${SITE}/me`, { ...bearer, answer: { name: "kim.stone" } }),
  ))));
}

Deno.test("who logs in may stand in the address alone (namedInPath)", () => {
  const parts = { json: { password: "Kestrel-44" } };
  assert.deepEqual(login(`PUT ${SITE}/login/kim.stone`, parts).slice(0, 2), [
    "s1 PUT https://a.example/login/$username (credentials)",
    "s1 body password = $password",
  ]);
});

Deno.test("credentials behind a scheme are taken whole, marks and all", () => {
  const tokens = [
    "7|Qz8vKk2mTt5xYy1bNn4cRr7dWw0aSs3f",
    "9f8e7d6c:Zq3!kk2mTt5x$Yy1b",
    "a{b}c1d2;g5h6i7",
  ];
  for (const [index, token] of tokens.entries()) {
    const lines = flowLines(flowOf(analyzeLogin(capture(
      trace(`POST ${SITE}/login`, {
        json: { user: "kim.stone", password: "Kestrel-44" },
        answer: { issued: token, last: "7", kind: "Ticket" },
      }),
      trace(`GET ${SITE}/me`, { headers: [["Authorization", `Ticket ${token}`]], answer: {} }),
    ))));
    assert.ok(lines.includes('result header Authorization = "Ticket " + {issued}'), String(index));
  }
});

Deno.test("a PIN that is remembered is asked for as a password (rememberedPins)", () => {
  const json = { memberId: "kim.stone", pin: "471123" };
  const flow = flowOf(analyzeLogin(capture(
    trace(`POST ${SITE}/login`, { json, answer: { token: TOKEN } }),
    trace(`GET ${SITE}/me`, { ...bearer, answer: { name: "kim.stone" } }),
  )));
  assert.deepEqual(flow.inputs.map(({ kind }) => kind), ["identifier", "password"]);
});

Deno.test("a PIN is remembered where nobody was named before it (withoutCodeSent)", () => {
  const flow = flowOf(analyzeLogin(capture(
    trace(`POST ${SITE}/consent`, { json: { statistics: false } }),
    trace(`POST ${SITE}/login`, {
      json: { memberId: "kim.stone", pin: "471123" },
      answer: { token: TOKEN },
    }),
    trace(`GET ${SITE}/me`, { ...bearer, answer: { name: "kim.stone" } }),
  )));
  assert.deepEqual(flow.inputs.map(({ kind }) => kind), ["identifier", "password"]);
});

Deno.test("a name inside a document is written as the document is (embeddingOf)", () => {
  const other = "zz91Qp4Tz0Lk9f8e7d6c5";
  const lines = flowLines(flowOf(analyzeLogin(capture(
    trace(`POST ${SITE}/login`, {
      json: { user: "kim&co.9", password: "Kestrel-44" },
      answer: { ticket: TOKEN },
    }),
    trace(`POST ${SITE}/auth/token`, {
      json: { xml: `<T><Ticket>${TOKEN}</Ticket><For>kim&amp;co.9</For></T>` },
      answer: { token: other },
    }),
    trace(`GET ${SITE}/me`, { headers: [["Authorization", `Bearer ${other}`]], answer: {} }),
  ))));
  assert.ok(lines.includes(
    's2 body xml = "<T><Ticket>" + {ticket} + "</Ticket><For>" + xml-escape($username) + "</For></T>"',
  ));
});

Deno.test("a name within a longer word is not a name (endsInWord, beginsInWord)", () => {
  const json = {
    user: "kim.stone",
    password: "Kestrel-44",
    note: "akim.stone kim.stones kim.stone",
  };
  assert.ok(
    login(`POST ${SITE}/login`, { json }).includes(
      's1 body note = "akim.stone kim.stones " + $username',
    ),
  );
});

Deno.test("what a page gives along in a hidden field was not typed (isGiven)", () => {
  const html = "<form action=/login method=post><input type=hidden name=account value=main-shop>" +
    "<input type=text name=kenn><input type=password name=geheim></form>";
  const lines = flowLines(flowOf(analyzeLogin(capture(
    trace(`GET ${SITE}/login`, { html }),
    trace(`POST ${SITE}/login`, {
      form: { account: "main-shop", kenn: "kim.stone", geheim: "Kestrel-44" },
      answer: { token: TOKEN },
    }),
    trace(`GET ${SITE}/me`, { ...bearer, answer: { name: "Kim" } }),
  ))));
  assert.ok(lines.some((line) => line.endsWith('body account = "main-shop"')), lines.join("\n"));
  assert.ok(lines.some((line) => line.endsWith("body kenn = $username")), lines.join("\n"));
});

Deno.test("who logs in stands in the object of the password (isBeside)", () => {
  const json = { who: "kim.stone", device: { model: "slate" }, password: "Kestrel-44" };
  const lines = login(`POST ${SITE}/login`, { json });
  assert.ok(lines.includes('s1 body device.model = "slate"'), lines.join("\n"));
});

Deno.test("a cookie for the one next request is not a session (isUsedUp)", () => {
  const both = "sid=5x6c7b8a9d0e; flash=9f8e7d6c5b4a";
  const flow = flowOf(analyzeLogin(capture(
    trace(`POST ${SITE}/login`, {
      form: { username: "kim.stone", password: "Kestrel-44" },
      location: "/",
      setCookies: ["sid=5x6c7b8a9d0e; Path=/", "flash=9f8e7d6c5b4a; Path=/"],
    }),
    trace(`GET ${SITE}/`, { cookie: both, html: "<p>", setCookies: ["flash=; Path=/; Max-Age=0"] }),
    trace(`GET ${SITE}/api/me`, { cookie: "sid=5x6c7b8a9d0e", answer: { name: "Kim" } }),
    trace(`GET ${SITE}/orders`, { cookie: "sid=5x6c7b8a9d0e", html: "<p>" }),
  )));
  assert.deepEqual(flow.result.cookies?.names, ["sid"]);
});

Deno.test("how long a cookie of taste lasts says nothing of the session (authenticates)", () => {
  const cookie = "sid=5x6c7b8a9d0e; theme=dark";
  const flow = flowOf(analyzeLogin(capture(
    trace(`POST ${SITE}/login`, {
      form: { username: "kim.stone", password: "Kestrel-44" },
      location: "/",
      setCookies: ["sid=5x6c7b8a9d0e; Path=/; Max-Age=3600", "theme=dark; Path=/; Max-Age=60"],
    }),
    trace(`GET ${SITE}/`, { cookie, html: "<p>" }),
    trace(`GET ${SITE}/api/me`, { cookie, answer: { name: "Kim" } }),
  )));
  assert.deepEqual(flow.result.expiresIn, { kind: "constant", seconds: 3600 });
});

Deno.test("a token of small letters alone comes from the page (vowelPoor)", () => {
  const mark = "qwxzrtplkmnbvcxdfghjklpqst";
  const lines = flowLines(flowOf(analyzeLogin(capture(
    trace(`GET ${SITE}/login`, {
      html: `<form action=/login method=post><input type=hidden name=mark value=${mark}>` +
        "<input name=username><input type=password name=password></form>",
    }),
    trace(`POST ${SITE}/login`, {
      form: { mark, username: "kim.stone", password: "Kestrel-44" },
      answer: { token: TOKEN },
    }),
    trace(`GET ${SITE}/me`, { ...bearer, answer: { name: "Kim" } }),
  ))));
  assert.ok(lines.includes("s2 body mark = {mark}"), lines.join("\n"));
});

Deno.test("what an answer gives back is explained where it was first sent", () => {
  const state = "f81d4fae7dec11d0a765";
  const lines = flowLines(flowOf(analyzeLogin(capture(
    trace(`POST ${SITE}/login?state=${state}`, {
      form: { username: "kim.stone", password: "Kestrel-44" },
      location: `/back?state=${state}&code=Zx81kQp03mNv`,
    }),
    trace(`GET ${SITE}/back?state=${state}&code=Zx81kQp03mNv`, { html: "<p>" }),
    trace(`POST ${SITE}/token`, {
      json: { code: "Zx81kQp03mNv", check: state },
      answer: { access_token: TOKEN },
    }),
    trace(`GET ${SITE}/me`, { ...bearer, answer: { name: "Kim" } }),
  ))));
  assert.ok(lines.some((line) => line.endsWith("body check = ~state")), lines.join("\n"));
});

Deno.test("sealed state is nothing that a client makes up (isSigned)", () => {
  const part = (claims: object) => btoa(JSON.stringify(claims)).replaceAll("=", "");
  const state = `${part({ alg: "HS256" })}.${part({ to: "/" })}.9f3kQ2mZx81pLw7Tb4Vn6Yc0Rd5Sg1Hj`;
  const analysis = analyzeLogin(capture(
    trace(`GET ${SITE}/login`, { html: "<form></form>" }),
    trace(`POST ${SITE}/login`, {
      json: { state, username: "kim.stone", password: "Kestrel-44" },
      answer: { token: TOKEN },
    }),
    trace(`GET ${SITE}/me`, { ...bearer, answer: { name: "Kim" } }),
  ));
  assert.equal(analysis.kind, "draft");
});

Deno.test("a frame of another site is not a page of the app, by who asked for it (askingSite)", () => {
  const map = (path: string) =>
    trace(`GET https://maps.test${path}`, {
      headers: [["Referer", "https://maps.test/embed"], ["X-Api-Key", TOKEN]],
      answer: { tiles: [1] },
    });
  const analysis = analyzeLogin(capture(
    trace("GET https://boats.example/", { html: "<html><body><iframe>" }),
    trace("GET https://maps.test/embed", {
      headers: [["Referer", "https://boats.example/"]],
      html: "<html><body>",
    }),
    map("/v1/tiles"),
    map("/v1/names"),
    trace("GET https://boats.example/api/boats", {
      headers: [["Referer", "https://boats.example/"]],
      answer: { boats: [1] },
    }),
  ));
  assert.equal(analysis.kind, "none");
});

Deno.test("a client's own password is not the user's (isClientSecretName)", () => {
  const form = { username: "kim.stone", password: "Kestrel-44", client_password: "web-9" };
  const lines = login(`POST ${SITE}/login`, { form });
  assert.ok(lines.includes('s1 body client_password = "web-9"'), lines.join("\n"));
});

Deno.test("a load balancer's cookie is not a credential (isBystanderCookie)", () => {
  const balancer = "AWSALB=zz91Qp4Tz0Lk9f8e7d6c5";
  const cookie = `${balancer}; sid=5x6c7b8a9d0e`;
  const flow = flowOf(analyzeLogin(capture(
    trace(`POST ${SITE}/login`, {
      form: { username: "kim.stone", password: "Kestrel-44" },
      location: "/",
      setCookies: [`${balancer}; Path=/`, "sid=5x6c7b8a9d0e; Path=/"],
    }),
    trace(`GET ${SITE}/`, { cookie, html: "<p>" }),
    trace(`GET ${SITE}/api/me`, { cookie, answer: { name: "Kim" } }),
  )));
  assert.deepEqual(flow.result.cookies?.names, ["sid"]);
});

Deno.test("an id that a page writes into a cookie and sends beside it is made anew in both (isDoubled)", () => {
  const id = "7d0a4f1c-52b6-4e0b-9a53-0c1f6e2d8b94";
  const lines = login(`POST ${SITE}/login`, {
    json: { user: "kim.stone", password: "Kestrel-44" },
    headers: [["X-Device-Id", id], ["Cookie", `device=${id}`]],
  });
  assert.ok(lines.includes("s1 cookie device = ~x_device_id"), lines.join("\n"));
});

Deno.test("a person may be called by a digit (isNumberedName)", () => {
  const json = { username: "1", password: "Kestrel-44" };
  assert.ok(login(`POST ${SITE}/login`, { json }).includes("s1 body username = $username"));
});

Deno.test("a person may be called so at a step before the password, too (isNumberedName)", () => {
  for (const name of ["true", "null", "12"]) {
    const analysis = analyzeLogin(capture(
      trace(`POST ${SITE}/auth/login/name`, { json: { email: name }, answer: { ticket: 517 } }),
      trace(`POST ${SITE}/auth/login/secret`, {
        json: { ticket: 517, password: "Kestrel-44" },
        answer: { token: "q81Zp4Tz0Lk9f8e7d6c5Aa" },
      }),
      trace(`GET ${SITE}/boats`, {
        headers: [["Authorization", "Bearer q81Zp4Tz0Lk9f8e7d6c5Aa"]],
        answer: { boats: [] },
      }),
    ));
    assert.ok(analysis.kind === "flow", JSON.stringify(analysis));
    assert.deepEqual(analysis.flow.inputs.map(({ recorded }) => recorded), [name, "Kestrel-44"]);
  }
});

Deno.test("a bearer token from nowhere beside pages is an old session's (isStandingToken)", () => {
  const analysis = analyzeLogin(capture(
    trace(`GET ${SITE}/`, { html: "<h1>Meadow</h1>" }),
    trace(`GET ${SITE}/me`, { ...bearer, answer: { name: "kim.stone" } }),
    trace(`GET ${SITE}/boats`, { ...bearer, answer: { boats: [] } }),
  ));
  assert.equal(analysis.kind, "refused");
});

Deno.test("a cookie of the app's settings that a later page sets is not part of the login (isSessionSetter)", () => {
  const session = "sid=q81Zp4Tz0Lk9f8e7d6c5";
  const flow = flowOf(analyzeLogin(capture(
    trace(`POST ${SITE}/login`, {
      json: { user: "kim.stone", password: "Kestrel-44" },
      setCookies: [session],
      answer: {},
    }),
    trace(`GET ${SITE}/layout`, {
      headers: [["Cookie", session]],
      setCookies: ["layout=wide-7f2a9c1e4b"],
      answer: {},
    }),
    trace(`GET ${SITE}/boats`, {
      headers: [["Cookie", `${session}; layout=wide-7f2a9c1e4b`]],
      answer: { boats: [] },
    }),
  )));
  assert.deepEqual(flow.steps.map(({ method }) => method), ["POST"]);
});
