import assert from "node:assert/strict";
import { readHar } from "../../lib/capture/har.ts";
import { bytesOf, entry, harHeaders, harOf } from "./har_builder.ts";

const CHROME = "WebInspector";
const TOKEN = "9f8e7d6c5b4a39281706f5e4d3c2b1a0";
const JSON_TYPE = harHeaders("content-type: application/json");

const login = (answer: unknown = {}) =>
  entry({
    request: {
      method: "POST",
      url: "https://garden.example/login",
      postData: { mimeType: "application/json", text: '{"user":"hedda","password":"kompost"}' },
    },
    response: {
      headers: JSON_TYPE,
      content: { text: JSON.stringify(answer), mimeType: "application/json", size: 9 },
    },
  });
const api = (...headers: string[]) =>
  entry({
    request: { url: "https://garden.example/api/plants", headers: harHeaders(...headers) },
  });

function isSanitised(creator: string, ...entries: unknown[]): boolean {
  return readHar(bytesOf(harOf(entries, creator)), "x.har").sanitised;
}

Deno.test("readHar() finds Chrome's default export by a session without any credential", () => {
  const sessions = [
    [login(), api()],
    [api(), entry({ response: { status: 401 } })],
    [entry({ response: { headers: harHeaders("Vary: Accept, Cookie") } })],
    [entry({ response: { headers: harHeaders("Access-Control-Allow-Credentials: true") } })],
    [login({ csrfToken: TOKEN }), api(`x-csrf-token: ${TOKEN}`)],
    [login({ token: TOKEN }), api()],
  ];
  for (const entries of sessions) assert.equal(isSanitised(CHROME, ...entries), true);
});

Deno.test("readHar() does not suspect Chrome when a credential or no session is there", () => {
  const fine = [
    [login(), api("cookie: sid=1")],
    [login(), api("Authorization: Bearer x")],
    [login(), entry({ response: { headers: harHeaders("Set-Cookie: sid=1") } })],
    [login(), entry({ request: { cookies: [{ name: "sid", value: "1" }] } })],
    [login(), api(`X-Api-Key: ${TOKEN}`)],
    [login({ data: { sessionToken: TOKEN } }), api(`x-garden: ${TOKEN}`)],
    [login({ result: TOKEN }), entry({ request: { url: `https://garden.example/?k=${TOKEN}` } })],
    [entry(), entry()],
  ];
  for (const entries of fine) assert.equal(isSanitised(CHROME, ...entries), false);
});

Deno.test("readHar() does not suspect recorders that leave nothing out", () => {
  for (const creator of ["Firefox", "Playwright", "mitmproxy har_dump", "unknown"]) {
    assert.equal(isSanitised(creator, login(), api()), false);
  }
});

Deno.test("readHar() finds placeholders in the place of credentials, whoever recorded", () => {
  const placeholders = [
    "Authorization: [REDACTED]",
    "Authorization: Bearer <redacted>",
    "Cookie: sid=***; theme=***",
    "Cookie: sid=[sanitized]",
    "Authorization: **********",
  ];
  for (const header of placeholders) {
    assert.equal(isSanitised("Firefox", login(), api(header)), true, header);
  }
  assert.equal(isSanitised("Firefox", login(), api("Cookie: a=***"), api("Cookie: a=b")), false);
});
