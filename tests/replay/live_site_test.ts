/** What a repaired script is answered where the site refused the broken one. */
import assert from "node:assert/strict";
import type { HttpRequest, Trace } from "../../lib/http/exchange.ts";
import { LiveSite } from "../../lib/replay/repair/live_site.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://kiln.example";
const SHA1 = "9f2c4e7a1b8d3f605c2e9a7b4d1f8c3e6a0b5d72";
const OTHER_SHA1 = "1c7e5a90b3d2f846e0a9c7b5d3f1e8204a6c9b7e";
const SHA256 = "5b1e9c7a3d8f2046e1b7a9c5d3f08e2a4c6b9d7f1e3a5c8b0d2f4e6a9c7b5d31";

const login = (password: string, more: Readonly<Record<string, string>> = {}): HttpRequest =>
  trace(`POST ${SITE}/login`, { json: { user: "ann", password, ...more } }).request;

/** @param refusal how the site answered the login with `SHA1` and a nonce */
function statusOf(
  refusal: TraceParts,
  request: HttpRequest,
): { status: number; problems: string[] } {
  const json = { user: "ann", password: SHA1, nonce: OTHER_SHA1.slice(0, 24) };
  const recorded = capture(trace(`POST ${SITE}/login`, { json, answer: { token: "t" } }));
  const live = capture(trace(`POST ${SITE}/login`, { json, status: 400, ...refusal }));
  const site = new LiveSite(recorded, live);
  const { status } = site.respond(request);
  return { status, problems: site.problems.map(({ where, problem }) => `${where} ${problem}`) };
}

const nonce = (text: string) => ({ nonce: text });
const OLD_NONCE = OTHER_SHA1.slice(0, 24);
const NEW_NONCE = SHA256.slice(0, 24);
const NO_WORDS = { answer: { error: "bad request" } };

Deno.test("LiveSite refuses again what is sent again, whatever nonce it has", () => {
  assert.equal(statusOf(NO_WORDS, login(SHA1, nonce(NEW_NONCE))).status, 400);
  assert.equal(statusOf(NO_WORDS, login(SHA1, nonce(OLD_NONCE))).status, 400);
});

Deno.test("LiveSite takes a digest of another length, or of a field that the refusal names, for a change", () => {
  assert.equal(statusOf(NO_WORDS, login(SHA256, nonce(NEW_NONCE))).status, 200);
  assert.equal(statusOf(NO_WORDS, login(OTHER_SHA1, nonce(OLD_NONCE))).status, 400);
  const naming = { answer: { error: "the password has to be salted" } };
  assert.equal(statusOf(naming, login(OTHER_SHA1, nonce(OLD_NONCE))).status, 200);
  assert.equal(statusOf(naming, login(SHA1, nonce(NEW_NONCE))).status, 400);
});

Deno.test("LiveSite lets a repair go where the refusal says that the login is, and nowhere else", () => {
  const moved = {
    answer: { error: "this is at /v2/login now", or: "https://kiln.example/v3/login, /v4/login." },
  };
  const to = (path: string) => statusOf(moved, { ...login(SHA1), url: `${SITE}${path}` }).problems;
  for (const path of ["/v2/login", "/v3/login", "/v4/login"]) assert.deepEqual(to(path), []);
  for (const path of ["/v2/login/other", "/v2", "/login2", "/v2/log", "/v5/login"]) {
    assert.match(to(path).join(), /neither the recording nor an answer of the site names/);
  }
});

const ACCEPTED = { json: { user: "ann", password: "tulip" }, answer: { session: { token: "t" } } };
const sends = (json: Readonly<Record<string, unknown>>, parts: TraceParts = {}, query = "") =>
  trace(`POST ${SITE}/login${query}`, {
    json: { user: "ann", password: "tulip", ...json },
    ...parts,
  }).request;

/** Where what is sent stands that neither the site nor the recording names. */
function addedAt(request: HttpRequest, live: readonly Trace[], first?: HttpRequest): string[] {
  const recorded = capture(trace(`POST ${SITE}/login`, ACCEPTED));
  const site = new LiveSite(recorded, live, "731904");
  if (first !== undefined) site.respond(first);
  site.respond(request);
  return site.problems.flatMap(({ where, problem }) =>
    /neither the recording nor an answer of the site names it/.test(problem) ? [where] : []
  );
}

/** What a repair adds to a login, and where that stands. */
const ADDED: readonly (readonly [request: HttpRequest, where: string])[] = [
  [sends({ zork: "x" }), "body zork"],
  [sends({ zork: null }), "body zork"],
  [sends({ more: { kind: [] } }), "body more.kind"],
  [sends({ repeated: "tulip" }), "body repeated"],
  [sends({}, {}, "?force=1"), "query force"],
  [sends({}, { headers: [["X-Client", "9"]] }), "header X-Client"],
  [sends({}, { headers: [["Authorization", "Basic YW5uOnR1bGlw"]] }), "header Authorization"],
  [sends({}, { cookie: "seen=1" }), "cookie seen"],
];

for (const [request, where] of ADDED) {
  Deno.test(`LiveSite takes no ${where} that nobody names, whether the site accepted the login or refused it`, () => {
    for (const parts of [ACCEPTED, { ...ACCEPTED, status: 400, answer: { error: "no" } }]) {
      const live = capture(trace(`POST ${SITE}/login`, parts));
      assert.deepEqual(addedAt(request, live), [where]);
      assert.deepEqual(addedAt(sends({}), live), []);
    }
  });
}

/** How a site names what a repair adds. */
const NAMED: readonly (readonly [what: string, request: HttpRequest, said: TraceParts])[] = [
  ["a refusal", sends({ clientVersion: 3 }), { status: 422, answer: { field: "client_version" } }],
  ["an accepting answer", sends({ branch: "north" }), { answer: { wants: ["branch"] } }],
  ["a sentence", sends({}, { headers: [["X-Client", "9"]] }), {
    status: 400,
    text: "No X-Client.",
  }],
  ["a form", sends({ _t: "1" }), {
    status: 400,
    html: '<input type="hidden" name="_t" value="1">',
  }],
  ["a cookie that is set", sends({}, { cookie: "seen=1" }), { setCookies: ["seen=1; Path=/"] }],
  ["a challenge", sends({}, { headers: [["Authorization", "Basic YW5uOnR1bGlw"]] }), {
    status: 401,
    answerHeaders: [["WWW-Authenticate", "Basic"]],
  }],
  ["the value in a page", sends({}, { headers: [["X-Guard", `v1 ${SHA1}`]] }), {
    html: `<meta name="t" content="${SHA1}">`,
  }],
  ["nobody, and somebody is asked for it", sends({ otp: "731904" }), { status: 400, text: "no" }],
];

for (const [what, request, said] of NAMED) {
  Deno.test(`LiveSite lets a repair add what is named by ${what}`, () => {
    const { json } = ACCEPTED;
    const live = capture(trace(`POST ${SITE}/login`, { json, ...said }));
    assert.deepEqual(addedAt(request, live), []);
    const before = capture(
      trace(`GET ${SITE}/start`, said),
      trace(`POST ${SITE}/login`, { json, status: 400, text: "no" }),
    );
    assert.deepEqual(addedAt(request, before, before[0]!.request), []);
  });
}

Deno.test("LiveSite lets as many fields stand for refused ones as are left out", () => {
  const live = capture(trace(`POST ${SITE}/login`, {
    json: { user: "ann", password: "tulip" },
    status: 400,
    answer: { error: "the password has to be salted" },
  }));
  const salted = (more: Readonly<Record<string, string>>) =>
    trace(`POST ${SITE}/login`, { json: { user: "ann", digest: SHA256, ...more } }).request;
  assert.deepEqual(addedAt(salted({}), live), []);
  assert.deepEqual(addedAt(salted({ zork: "x" }), live), ["body zork"]);
});
