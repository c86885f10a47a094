/** Tokens that every page masks anew, as two habits of frameworks have it. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { isSameSecret } from "../../lib/correlate/masked_token.ts";
import { toBase64Url } from "../../lib/http/base64.ts";
import { flowOf, linesOf } from "../support/flow_text.ts";
import { capture, trace } from "../support/traces.ts";

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

function bytes(seed: number): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, index) => (seed * (index + 7) * 31 + index) % 256);
}

function xored(secret: number, pad: number): string {
  const key = bytes(pad);
  const hidden = bytes(secret).map((byte, index) => byte ^ key[index]!);
  return new Uint8Array([...key, ...hidden]).toBase64();
}

function added(secret: number, pad: number): string {
  const [hidden, key] = [bytes(secret), bytes(pad)];
  const letter = (at: number) => LETTERS[at % 62]!;
  return [...key].map(letter).join("") +
    [...hidden].map((byte, index) => letter(byte + key[index]! % 62)).join("");
}

Deno.test("isSameSecret() sees through a mask, and takes no two secrets for one", () => {
  for (const masked of [xored, added, (a: number, b: number) => toBase64Url(xored(a, b))]) {
    assert.ok(isSameSecret(masked(5, 11), masked(5, 13)));
    assert.ok(!isSameSecret(masked(5, 11), masked(6, 13)));
  }
  assert.ok(!isSameSecret("short", "other"));
  assert.ok(!isSameSecret("c5Rf9a8b7c6d5e4fc5Rf9a8b7c6d5e4f", "d6Rf9a8b7c6d5e4fc5Rf9a8b7c6d5e4f"));
});

const SITE = "https://a.example";
const SID = "sid=5x6c7b8a9d0e1f2a";
const meta = (token: string) => `<meta name="csrf-token" content="${token}">`;
const hidden = (token: string) =>
  `<form><input type=hidden name=csrf_token value="${token}"></form>`;

function login() {
  return [
    trace(`GET ${SITE}/login`, { html: hidden(xored(3, 1)) }),
    trace(`POST ${SITE}/login`, {
      form: { username: "ann.b", password: "hunter2!", csrf_token: xored(3, 1) },
      location: "/",
      setCookies: [`${SID}; Path=/; HttpOnly`],
    }),
  ];
}

Deno.test("a masked token is taken from the page the login leads to, not from one the user went to", () => {
  const flow = flowOf(analyzeLogin(capture(
    ...login(),
    trace(`GET ${SITE}/`, { cookie: SID, html: meta(xored(5, 11)) }),
    trace(`GET ${SITE}/orders/7`, { cookie: SID, html: meta(xored(5, 13)) }),
    trace(`DELETE ${SITE}/orders/7`, {
      cookie: SID,
      headers: [["X-CSRF-Token", xored(5, 13)]],
      answer: {},
    }),
  )));
  assert.deepEqual(linesOf(flow, "s3 GET"), ["s3 GET https://a.example/"]);
  assert.equal(flow.steps.length, 3);
});

Deno.test("a page's token of another secret stays where it is", () => {
  const flow = flowOf(analyzeLogin(capture(
    ...login(),
    trace(`GET ${SITE}/`, { cookie: SID, html: meta(xored(6, 11)) }),
    trace(`GET ${SITE}/orders/7`, { cookie: SID, html: meta(xored(5, 13)) }),
    trace(`DELETE ${SITE}/orders/7`, {
      cookie: SID,
      headers: [["X-CSRF-Token", xored(5, 13)]],
      answer: {},
    }),
  )));
  assert.deepEqual(linesOf(flow, "s3 GET"), ["s3 GET https://a.example/orders/7"]);
});

/** Two forms, each answered with a redirect, as forms of pages are. */
function forms(one: string, other: string, landing: string) {
  const post = (path: string, token: string) =>
    trace(`POST ${SITE}${path}`, {
      cookie: SID,
      form: { csrf_token: token, title: "new" },
      location: path,
    });
  return linesOf(
    flowOf(analyzeLogin(capture(
      ...login(),
      trace(`GET ${SITE}/`, { cookie: SID, html: landing }),
      trace(`GET ${SITE}/orders`, { cookie: SID, html: hidden(one) }),
      post("/orders", one),
      trace(`GET ${SITE}/notes`, { cookie: SID, html: hidden(other) }),
      post("/notes", other),
    ))),
    "result body",
  );
}

Deno.test("the token of forms that are answered with a redirect is a credential", () => {
  assert.deepEqual(forms(xored(5, 11), xored(5, 13), meta(xored(5, 17))), [
    "result body csrf_token = {csrf_token_2}",
  ]);
});

Deno.test("masking by shifted letters is one too (addedSecret)", () => {
  assert.deepEqual(forms(added(5, 11), added(5, 13), meta(added(5, 17))), [
    "result body csrf_token = {csrf_token_2}",
  ]);
});

Deno.test("a token of one form only, or one that no page of the login holds, is none", () => {
  assert.deepEqual(forms(xored(5, 11), xored(6, 13), meta(xored(5, 17))), []);
  assert.deepEqual(forms(xored(5, 11), xored(5, 13), "<p>"), []);
});
