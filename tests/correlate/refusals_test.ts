/** What no script can reproduce is said at analysis time, with the way that remains. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const TOKEN = "acc-7f6e5d4c3b2a1908";
const USER = { username: "ann.b", password: "hunter2!" };
const USE = trace("GET https://a.example/api/me", {
  headers: [["Authorization", `Bearer ${TOKEN}`]],
  answer: { name: "Ann" },
});

/** 96 bytes that hold no text, in base64. */
const SEALED = btoa(
  String.fromCharCode(...Array.from({ length: 96 }, (_, at) => (at * 197 + 7) % 256)),
);
const JWE = `eyJhbGciOiJSU0EtT0FFUCJ9.${"Ab3_".repeat(12)}.c2FsdHNhbHQ.${
  "Zz9-".repeat(16)
}.dGFndGFn`;

function login(parts: TraceParts): Trace[] {
  return capture(
    trace("POST https://a.example/login", { answer: { token: TOKEN }, ...parts }),
    USE,
  );
}

/** A page with a login's form. */
function mooring(knot: string): string {
  return `<form method=post><select name=tongue><option value=en selected>English<option value=de>Deutsch</select>
    <input type=hidden name=knot value="${knot}"><input name=skipper><input type=password name=skipper_pass></form>`;
}

const REFUSALS: readonly (readonly [string, readonly Trace[], RegExp])[] = [
  ["reCAPTCHA", login({ json: { ...USER, "g-recaptcha-response": "03AGdBq25xYz" } }), /CAPTCHA/],
  ["hCaptcha", login({ form: { ...USER, "h-captcha-response": "P0_eyJ0eXAi" } }), /CAPTCHA/],
  ["Turnstile", login({ form: { ...USER, "cf-turnstile-response": "0.Ab3xYz" } }), /CAPTCHA/],
  ["a typed CAPTCHA", login({ form: { ...USER, captcha: "x7k2p" } }), /CAPTCHA/],
  [
    "a passkey",
    login({
      json: { id: "cred", response: { clientDataJSON: "eyJ0", authenticatorData: "SZYN" } },
    }),
    /passkey or security key/,
  ],
  [
    "a session bound to the device",
    login({
      json: USER,
      answerHeaders: [["Secure-Session-Registration", '(ES256);path="/dbsc"']],
    }),
    /bound to a key of the device/,
  ],
  ["SRP", login({ json: { username: "ann.b", A: "9f".repeat(40), srp_proof: "x" } }), /SRP/],
  [
    "SRP at Cognito",
    login({
      json: { AuthFlow: "USER_SRP_AUTH", AuthParameters: { USERNAME: "ann", SRP_A: "9f" } },
    }),
    /SRP/,
  ],
  [
    "an encrypted password",
    login({ json: { username: "ann.b", password: SEALED } }),
    /encrypts "password"/,
  ],
  ["an encrypted body", login({ json: { payload: SEALED } }), /encrypts the login's body/],
  ["a JWE", login({ json: { request: JWE } }), /encrypts the login's body/],
  [
    "a signed request",
    login({
      json: USER,
      headers: [[
        "X-Signature",
        "b1946ac92492d2347c6235b4d2611184b1946ac92492d2347c6235b4d2611184",
      ]],
    }),
    /signs its requests/,
  ],
  [
    "a login whose form is served anew, with another session and token for the stranger",
    capture(
      trace("GET https://a.example/", {
        html: mooring("b81fc0d2a97e4635"),
        setCookies: ["berth=c41d8e70f2b95a36", "tongue=en"],
      }),
      trace("POST https://a.example/", {
        cookie: "berth=c41d8e70f2b95a36; tongue=en",
        form: { tongue: "en", knot: "b81fc0d2a97e4635", skipper: "ann", skipper_pass: "wrong 1" },
        html: mooring("5d90e7ab31f8c264"),
        setCookies: ["berth=91be5a07d3c2f684"],
      }),
      trace("GET https://a.example/?view=boats", {
        cookie: "berth=91be5a07d3c2f684; tongue=en",
        html: mooring("e27c4f80b1d6395a"),
      }),
      trace("POST https://a.example/hint", {
        cookie: "berth=91be5a07d3c2f684; tongue=en",
        form: { knot: "e27c4f80b1d6395a", berth: "91be5a07d3c2f684" },
        answer: { ok: true },
      }),
    ),
    /Every login in the recording was refused by the server \(t_0002\)/,
  ],
  [
    "a login that was refused",
    capture(
      trace("POST https://a.example/login", { json: USER, status: 401, answer: {} }),
      trace("GET https://a.example/", { html: "<p>hi" }),
    ),
    /Every login in the recording was refused by the server \(t_0001\)/,
  ],
  [
    "a login after which nothing happens",
    capture(
      trace("POST https://a.example/login", { json: USER, answer: { token: TOKEN } }),
    ),
    /recording ends with the login \(t_0001\): no request follows.*use the app for a few clicks/,
  ],
  [
    "a login after which requests carry nothing",
    capture(
      trace("POST https://a.example/login", { json: USER, answer: { token: TOKEN } }),
      trace("GET https://a.example/api/boats", { answer: { boats: [] } }),
    ),
    /the requests after it \(t_0002\) carry no credential: .*exported without/,
  ],
  [
    "a login that has its password changed on the way",
    capture(
      trace("POST https://a.example/login", {
        json: USER,
        answer: { must: "renew", stub: "9f8e7d6c5b4a3f21" },
      }),
      trace("POST https://a.example/renew", {
        json: { stub: "9f8e7d6c5b4a3f21", currentPassword: "hunter2!", newPassword: "hunter3?" },
        answer: { token: TOKEN },
      }),
      USE,
    ),
    /t_0002 sets a new password, and each repetition of this login would set it again/,
  ],
  [
    "a login whose page makes the credential out of two answers",
    capture(
      trace("POST https://a.example/login", { json: USER, answer: { half: "ab12cd34ef" } }),
      trace("GET https://a.example/api/rest", { answer: { rest: "77ffee00" } }),
      trace("GET https://a.example/api/boats", {
        headers: [["X-Entry", "FE43DC21BA.00EEFF77aa"]],
        answer: { boats: [] },
      }),
    ),
    /requests carry a value that no answer holds as it is \(t_0003 header X-Entry\).*--answers/,
  ],
  [
    "a login whose answer was recorded without its body",
    login({ json: USER }).map((one, at) =>
      at === 0 ? { ...one, response: { ...one.response!, body: null } } : one
    ),
    /does not hold the body of the login's answer \(t_0001\)/,
  ],
  [
    "a login that goes on from the answer to a failed attempt",
    capture(
      trace("POST https://a.example/login", {
        form: { ...USER, password: "hunter1" },
        html:
          "<form><input name=password type=password><input name=csrf value=c7Rf9a8b7c6d5e4a></form>",
      }),
      trace("POST https://a.example/login", {
        form: { ...USER, csrf: "c7Rf9a8b7c6d5e4a" },
        answer: { token: TOKEN },
      }),
      USE,
    ),
    /t_0001: the accepted login goes on from the answer to this failed attempt/,
  ],
  [
    "a session id that travels in the path",
    capture(
      trace("POST https://a.example/login", { json: USER, answer: { sid: TOKEN } }),
      trace(`POST https://a.example/list/${TOKEN}`, { json: { page: 1 }, answer: {} }),
    ),
    /where nothing can be put in \(t_0002 path segment 2\)/,
  ],
  [
    "a session id that travels inside a text",
    capture(
      trace("POST https://a.example/rpc", {
        body: ["text/xml", "<login><user>ann</user><password>hunter2!</password></login>"],
        text: `<session>${TOKEN}</session>`,
      }),
      trace("POST https://a.example/rpc", {
        body: ["text/plain", `list of the session ${TOKEN}`],
        text: "nothing",
      }),
    ),
    /where nothing can be put in \(t_0002 body\)/,
  ],
  [
    "a login that asks for single characters of a secret",
    capture(
      trace("GET https://a.example/logon", {
        html: `<form><input name=user><input type=password name=c1><input type=password name=c2>
          <input type=hidden name=t value="c5Rf9a8b7c6d5e4f"></form>`,
      }),
      trace("POST https://a.example/logon", {
        form: { user: "annb", c1: "u", c2: "t", t: "c5Rf9a8b7c6d5e4f" },
        location: "/logon/code",
      }),
      trace("GET https://a.example/logon/code", {
        html: `<form><input name=otp><input type=hidden name=t value="d6Sg0b9c8d7e6f5a"></form>`,
      }),
      trace("POST https://a.example/logon/code", {
        form: { otp: "493817", t: "d6Sg0b9c8d7e6f5a" },
        setCookies: ["sid=7d8e9f0a1b2c; Path=/"],
      }),
      trace("GET https://a.example/api/me", { cookie: "sid=7d8e9f0a1b2c", answer: {} }),
    ),
    /^t_0002: .*single characters of a secret \("c1", "c2"\)/,
  ],
  [
    "the account of the operating system",
    capture(
      trace("GET https://a.example/api/me", {
        status: 401,
        answerHeaders: [["WWW-Authenticate", "Negotiate"]],
      }),
      trace("GET https://a.example/api/me", {
        headers: [["Authorization", "Negotiate YIIGhgYGKwYBBQUCoIIGejCCBnag"]],
        answer: { name: "Ann" },
      }),
    ),
    /^t_0002: the browser signs in with the account of the operating system/,
  ],
  [
    "a recording that starts logged in",
    capture(
      trace("GET https://a.example/", { html: "<p>hi", cookie: "session=k3Xw9QzL7mNp" }),
      trace("GET https://a.example/api/me", { cookie: "session=k3Xw9QzL7mNp", answer: {} }),
    ),
    /starts logged in: t_0001/,
  ],
];

for (const [about, traces, reason] of REFUSALS) {
  Deno.test(`analyzeLogin() refuses ${about} and says what to do instead`, () => {
    const analysis = analyzeLogin(traces);
    assert.equal(analysis.kind, "refused");
    assert.match(analysis.reasons.join("\n"), reason);
    assert.match(analysis.reasons.join("\n"), /t_000\d/);
    // A session that stays with its device cannot be handed over: another client remains.
    const remains = about === "a session bound to the device"
      ? /no session can be handed over; use the app's official client/
      : /auth (set|extract)|record/i;
    assert.match(analysis.reasons.join("\n"), remains);
  });
}

Deno.test("analyzeLogin() does not take ordinary fields for obstacles", () => {
  const fine: readonly TraceParts[] = [
    { json: { ...USER, captchaRequired: false } },
    { json: { ...USER, captcha: "" } },
    { json: { ...USER, a: "1", m1: "x" } },
    {
      json: { ...USER, message: "a longer text that a person wrote, with spaces and commas in it" },
    },
  ];
  for (const parts of fine) {
    assert.equal(analyzeLogin(login(parts)).kind, "flow", JSON.stringify(parts.json));
  }
});

Deno.test("analyzeLogin() finds nothing in traffic without credentials", () => {
  const quiet = [
    capture(),
    capture(trace("GET https://a.example/", { html: "<p>hi" })),
    capture(trace("GET https://a.example/api/items?page=2", { answer: [{ id: 1 }] })),
  ];
  for (const traces of quiet) {
    assert.deepEqual(analyzeLogin(traces), {
      kind: "none",
      reasons: ["No request hands over credentials or carries any"],
    });
  }
});
