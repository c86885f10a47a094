import assert from "node:assert/strict";
import fc from "fast-check";
import { runExtraction } from "../../lib/correlate/evaluate.ts";
import { openersTo, takeOpened } from "../../lib/codec/openers.ts";
import { fingerprint, Occurrences } from "../../lib/correlate/occurrences.ts";
import { Recording } from "../../lib/correlate/recording.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const TOKEN = "k9Xw2QzL7-aa/B+c";

function provenanceOf(traces: readonly Trace[]): Occurrences {
  return new Occurrences(new Recording(traces));
}

/** How `value` is taken from the one answer: locator and openers by kind. */
function wayTo(answer: TraceParts, value: string, url = "https://a.example/start"): string | null {
  const first = trace(`GET ${url}`, answer);
  const source = provenanceOf(capture(first)).find(value, 1);
  if (source === null) return null;
  const extraction = { id: "x", step: "m0", recorded: value, ...source };
  assert.equal(runExtraction(extraction, first.response!, url), value);
  return [source.locator, ...source.openers].map(({ kind }) => kind).join(" ");
}

Deno.test("find() takes a value from each kind of place", () => {
  const jwt = `eyJhbGciOiJIUzI1NiJ9.${
    btoa(JSON.stringify({ sub: "user-4711-ab", ctx: { sid: TOKEN } })).replaceAll("=", "")
  }.c2ln`;
  const json = JSON.stringify({ t: TOKEN });
  const cases: [about: string, TraceParts, way: string][] = [
    ["a cookie", { setCookies: [`sid=${TOKEN}; Path=/`] }, "cookie"],
    ["a header", { answerHeaders: [["X-Token", TOKEN]] }, "header"],
    ["a header with a scheme", { answerHeaders: [["X-Token", `Bearer ${TOKEN}`]] }, "header strip"],
    ["JSON", { answer: { data: [{ token: TOKEN }] } }, "json"],
    ["JSON in JSON", { answer: { data: json } }, "json json"],
    ["base64 of JSON", { answer: { data: btoa(json) } }, "json base64-decode json"],
    ["a claim of a JWT", { answer: { token: jwt } }, "json jwt-payload json"],
    [
      "URL-encoded JSON in a cookie",
      { setCookies: [`s=${encodeURIComponent(json)}`] },
      "cookie url-decode json",
    ],
    ["an encoded cookie", { setCookies: [`s=${encodeURIComponent(TOKEN)}`] }, "cookie url-decode"],
    [
      "a query parameter of a redirect",
      { location: `/cb?${new URLSearchParams({ code: TOKEN })}` },
      "location-param",
    ],
    [
      "a fragment parameter of a redirect",
      { location: `https://b.example/#${new URLSearchParams({ access_token: TOKEN })}` },
      "location-param",
    ],
    ["a hidden field", {
      html: `<form><input type="hidden" name="csrf" value="${TOKEN}"></form>`,
    }, "form-field"],
    ["a form action", {
      html: `<form action="/go?${new URLSearchParams({ s: TOKEN })}"></form>`,
    }, "form-action param"],
    ["a meta tag", { html: `<meta name="csrf-token" content="${TOKEN}">` }, "meta"],
    ["an attribute", { html: `<div id="app" data-token="${TOKEN}"></div>` }, "attribute"],
    ["a page's script", { html: `<script>var csrf_token = "${TOKEN}";</script>` }, "between"],
    ["escaped slashes", {
      html: `<script>{"csrf_token":"${TOKEN.replaceAll("/", "\\/")}"}</script>`,
    }, "between json-unescape"],
    ["a text body", { text: ` ${TOKEN}\n` }, "body"],
  ];
  for (const [about, answer, way] of cases) assert.equal(wayTo(answer, TOKEN), way, about);
});

Deno.test("find() decodes the escapes of HTML where a value stands in markup", () => {
  const url = "https://a.example/next?a=kQ3vX9pLm2&b=1";
  const html = `<form action="/next?a=kQ3vX9pLm2&amp;b=1" method=post></form>`;
  assert.equal(wayTo({ html }, url), "form-action");
  assert.equal(
    wayTo(
      { html: `<script>location = "/next?a=kQ3vX9pLm2&amp;b=1";</script>` },
      "/next?a=kQ3vX9pLm2&b=1",
    ),
    "between html-unescape",
  );
});

Deno.test("find() prefers the earliest answer, and only those before the request", () => {
  const traces = capture(
    trace("GET https://a.example/1", { answer: { id: "other-value-1" } }),
    trace("GET https://a.example/2", { answer: { token: TOKEN } }),
    trace("GET https://a.example/3", { setCookies: [`t=${TOKEN}`] }),
  );
  const provenance = provenanceOf(traces);
  assert.equal(provenance.find(TOKEN, 3)?.index, 1);
  assert.equal(provenance.find(TOKEN, 2)?.index, 1);
  assert.equal(provenance.find(TOKEN, 1), null);
  assert.equal(provenance.find(TOKEN, 3, (index) => index !== 1)?.index, 2);
  assert.equal(provenance.find("never-seen-9x", 3), null);
});

Deno.test("find() sees ASCII in every encoding of a text", () => {
  for (const charset of ["utf-8", "ISO-8859-1", "utf-16le"]) {
    const text = `{"name":"Zoë","token":"${TOKEN}"}`;
    const bytes = charset === "utf-16le"
      ? new Uint8Array(Uint16Array.from(text, (char) => char.charCodeAt(0)).buffer)
      : Uint8Array.from(text, (char) => char.charCodeAt(0));
    const [first, second] = capture(
      trace("GET https://a.example/1"),
      trace("POST https://a.example/2", { json: { token: TOKEN } }),
    );
    const headers = [["Content-Type", `application/json; charset=${charset}`]] as const;
    const answered = { ...first!, response: { status: 200, headers, body: bytes } };
    assert.equal(provenanceOf([answered, second!]).find(TOKEN, 1)?.index, 0, charset);
  }
});

Deno.test("find() takes the first field of a repeated name, and none that a locator cannot tell apart", () => {
  const html = `<form><input name=t value=first-1a><input name=t value="${TOKEN}"></form>`;
  assert.equal(
    wayTo({ html: `<form><input name=t value="${TOKEN}"><input name=t value=x></form>` }, TOKEN),
    "form-field",
  );
  assert.equal(wayTo({ html }, TOKEN), "between");
});

Deno.test("fingerprint() survives escaping and is null for what occurs everywhere", () => {
  const cases: [string, string | null][] = [
    ["ab/cdefgh+ij", "cdefgh"],
    ["a-b-c", null],
    ["", null],
    ["abcd", "abcd"],
  ];
  for (const [value, print] of cases) assert.equal(fingerprint(value), print, value);
});

Deno.test("openersTo() answers null for a value that shares its neighbours with other text", () => {
  const cases: [string, string][] = [
    ["prefixk9Xw2QzL7", "k9Xw2QzL7"],
    ["k9Xw2QzL7 k9Xw2QzL7", "k9Xw2QzL7"],
    ["session 8812 k9Xw2QzL7", "k9Xw2QzL7"],
    ["abc", "x"],
  ];
  for (const [text, value] of cases) assert.equal(openersTo(text, value), null, text);
});

Deno.test("openersTo() finds openers that yield exactly the value, under any nesting of encodings", () => {
  const wraps: readonly ((text: string) => string)[] = [
    (text) => encodeURIComponent(text),
    (text) => JSON.stringify({ a: 1, v: text }),
    (text) => `https://a.example/cb?x=1&${new URLSearchParams({ v: text })}`,
    (text) => `a=1&${new URLSearchParams({ v: text })}`,
    (text) => btoa(JSON.stringify({ v: text })),
    (text) => `Bearer ${text}`,
    (text) => `)]}',\n${JSON.stringify([text])}`,
  ];
  const value = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9+/=_.-]{6,30}[A-Za-z0-9]$/);
  fc.assert(
    fc.property(value, fc.array(fc.constantFrom(...wraps), { maxLength: 3 }), (wanted, layers) => {
      const text = layers.reduce((inner, wrap) => wrap(inner), wanted);
      const openers = openersTo(text, wanted);
      if (openers !== null) assert.equal(takeOpened(openers, text), wanted);
    }),
    { numRuns: 300 },
  );
});

Deno.test("find() takes a value as long as signed SAML responses are", () => {
  const response = btoa(`<Response>${"group-4711/".repeat(6000)}</Response>`);
  assert.ok(response.length > 80_000);
  assert.equal(
    wayTo(
      { html: `<form><input type="hidden" name="SAMLResponse" value="${response}">` },
      response,
    ),
    "form-field",
  );
});

Deno.test("what surrounds a value is fixed only where it is plain: another token is not", () => {
  const state = "s7A8b9C0d1E2f3G4";
  const signed = `{"nonce":"XbEznS_yAqNSyKszQwoKfTxVAWz","state":"${state}"}.jkYvDSYdNgJwgmsBvkzIC`;
  const signedCookie = `flow=${encodeURIComponent(signed)}; Path=/`;
  assert.equal(wayTo({ setCookies: [signedCookie] }, state), null);
  assert.equal(
    wayTo(
      { setCookies: [signedCookie], location: `https://id.example/auth?state=${state}` },
      state,
    ),
    "location-param",
  );
});
