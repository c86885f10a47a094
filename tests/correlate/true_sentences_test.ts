/** What is said of recordings from which no script comes: each sentence where it is true, and the way that remains. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { JsonValue } from "../../lib/base/json.ts";
import type { Analysis } from "../../lib/correlate/flow.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://mole.example";
const TOKEN = "Zk3v8QxT1bRm6WzC0nHd";

const reading = (parts: TraceParts): Trace[] =>
  ["/api/boats", "/api/piers"].map((path) =>
    trace(`GET ${SITE}${path}`, { answer: { list: [1] }, ...parts })
  );

const bearer = reading({ headers: [["Authorization", `Bearer ${TOKEN}`]] });

function said(...traces: Trace[]): { kind: Analysis["kind"]; text: string; analysis: Analysis } {
  const analysis = analyzeLogin(capture(...traces));
  const text = analysis.kind === "flow" ? "" : analysis.reasons.join("\n");
  return { kind: analysis.kind, text, analysis };
}

Deno.test("an assertion that the client signs with a key of its own is said to be one", () => {
  const jwt = [{ alg: "RS256" }, { iss: "crane-7" }].map((part) => btoa(JSON.stringify(part)))
    .join(".").replaceAll("=", "") + ".c2lnbmF0dXJlLW92ZXItZXZlcnl0aGluZw";
  const form = { grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: jwt };
  const { kind, text } = said(
    trace(`POST ${SITE}/token`, { form, answer: { access_token: TOKEN } }),
    ...bearer,
  );
  assert.equal(kind, "draft");
  assert.match(text, /t_0001 body assertion: a signed token that no answer holds/);
  assert.match(text, /keysmith auth set APP/);
});

Deno.test("a renewal with a token from before says so, and that a login is wanted", () => {
  const form = { grant_type: "refresh_token", refresh_token: "01JQ8PV5ADMDYYK42QKSJPQWVK" };
  const { kind, text } = said(
    trace(`GET ${SITE}/`, { html: "<div id=root></div>" }),
    trace(`POST ${SITE}/token`, { form, answer: { access_token: TOKEN } }),
    ...bearer,
  );
  assert.equal(kind, "draft");
  assert.match(text, /refresh_token: comes from before the recording/);
});

Deno.test("a digest that an answered challenge stands before is no text that was typed", () => {
  const response = "9a0efdf7-b63040cb87c4e54d5f7c0687254ea9c1";
  const { kind, text, analysis } = said(
    trace(`GET ${SITE}/login_sid`, { answer: { challenge: "9a0efdf7" } }),
    trace(`POST ${SITE}/login_sid`, {
      form: { username: "boxer4711", response },
      answer: { token: TOKEN },
    }),
    ...bearer,
  );
  assert.equal(kind, "draft");
  assert.match(text, /body response: looks like a digest.*--answers/);
  assert.ok(analysis.kind === "draft");
  assert.ok(!JSON.stringify(analysis.flow.steps.map(({ body }) => body)).includes("b63040"));
});

Deno.test("a session in a cookie that looks plain was there before, where nothing else is carried", () => {
  const cookie = "buyer=np5ck3";
  const { text } = said(
    trace(`POST ${SITE}/logon`, {
      cookie,
      json: { user: "freya", password: "Nordwind!7" },
      answer: { status: "ok" },
    }),
    ...reading({ cookie }),
  );
  assert.match(text, /already carries cookie buyer/);
});

Deno.test("a session that a request with a body earns is given to nobody else", () => {
  const { kind, text } = said(
    trace(`POST ${SITE}/choose`, {
      json: { harbour: "north" },
      setCookies: [`session=${TOKEN}; Path=/`],
      answer: {},
    }),
    ...reading({ cookie: `session=${TOKEN}` }),
  );
  assert.equal(kind, "none");
  assert.match(text, /cookie "session", which t_0001 hands out.*--answers/);
});

Deno.test("what one request's answer gives and later ones carry under its name is named, and --answers", () => {
  const call = (op: string) =>
    trace(`POST ${SITE}/call`, { json: { op, handle: "irfvwi" }, answer: { rows: [1] } });
  const { kind, text } = said(
    trace(`POST ${SITE}/call`, {
      json: { op: "enter", who: "liv@mole.example", word: "Kelp" },
      answer: { handle: "irfvwi" },
    }),
    call("list"),
    call("stat"),
  );
  assert.equal(kind, "refused");
  assert.match(text, /t_0001 may be a login: what its answer calls "handle"/);
  assert.match(text, /--answers/);
});

Deno.test("a password that goes with every call again is said, where no token is handed out", () => {
  const call = (service: string, method: string, args: JsonValue[]) =>
    trace(`POST ${SITE}/jsonrpc`, {
      json: { jsonrpc: "2.0", method: "call", params: { service, method, args } },
      answer: { result: 7 },
    });
  const { kind, text } = said(
    call("common", "login", ["mossdb", "ingrid", "Moss&Fern"]),
    call("object", "execute", ["mossdb", 7, "Moss&Fern", "res.partner", "search"]),
    call("object", "execute", ["mossdb", 7, "Moss&Fern", "sale.order", "search"]),
  );
  assert.equal(kind, "refused");
  assert.match(text, /carry the password itself again \(t_0002 body params.args.2\)/);
});

Deno.test("what OpenSSL encrypts under a passphrase is no base64 of a text that was typed", () => {
  const sealed = btoa("Salted__saltSALTchangedAgain and on");
  const { kind, text } = said(
    trace(`POST ${SITE}/login`, {
      json: { username: "nils", password: sealed },
      answer: { token: TOKEN },
    }),
    ...bearer,
  );
  assert.equal(kind, "draft");
  assert.match(text, /body password: looks like a cipher text.*--answers/);
});

Deno.test("a session of letters alone is known for one by its length and its lack of vowels", () => {
  const { kind, text } = said(...reading({ cookie: "session=qwxzrtplkmnbvcxdfghjklpqst" }));
  assert.equal(kind, "refused");
  assert.match(text, /starts logged in: t_0001 already carries cookie session/);
});
