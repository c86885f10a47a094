import assert from "node:assert/strict";
import { readHar } from "../../lib/capture/har.ts";
import { bytesOf, entry, harHeaders, harOf } from "./har_builder.ts";

const CHROME = "WebInspector";
const TOKEN = "9f8e7d6c5b4a39281706f5e4d3c2b1a0";
const JSON_TYPE = harHeaders("content-type: application/json");

const JSON_ANSWER = {
  headers: JSON_TYPE,
  content: { text: '{"key":"MIIB"}', mimeType: "application/json", size: 14 },
};

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
    // What is served before anybody logs in needs no credential.
    [
      entry({ request: { url: "https://garden.example/api/key" }, response: JSON_ANSWER }),
      login({ token: TOKEN }),
      api(`token: ${TOKEN}`),
    ],
    [login({ access: "Dk7Lm2Qx9Wv4Zr8" }), api("x-access: Dk7Lm2Qx9Wv4Zr8")],
    [login({ data: { sessionToken: TOKEN } }), api(`x-garden: ${TOKEN}`)],
    [login({ result: TOKEN }), entry({ request: { url: `https://garden.example/?k=${TOKEN}` } })],
    // Equality with the login's answer decides, whatever the token looks like and the header is called.
    [login({ desk: 48213 }), api("x-desk: 48213")],
    [login({ v: "harbour" }), api("x-v: Desk harbour")],
    // A file of logins alone shows nothing of what follows, whatever their fields are called.
    [login({ token: TOKEN })],
    [
      entry({
        request: {
          method: "POST",
          url: "https://garden.example/login",
          postData: { mimeType: "application/json", text: '{"u":"hedda","p":"kompost"}' },
        },
        response: { status: 403 },
      }),
    ],
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

const ACCESS = "5c0a9d1e7b3f48261a2b3c4d5e6f7081";
const API = "https://api.garden.example";

function preflight(url: string, headers: string): unknown {
  return entry({
    request: {
      method: "OPTIONS",
      url,
      headers: harHeaders(
        "Access-Control-Request-Method: GET",
        `Access-Control-Request-Headers: ${headers}`,
      ),
    },
    response: { status: 204 },
  });
}

const data = (url: string, ...headers: string[]) =>
  entry({
    request: { url, headers: harHeaders(...headers) },
    response: { headers: JSON_TYPE, content: { text: '{"beds":[1]}', size: 12 } },
  });

Deno.test("readHar() believes a preflight that announces Authorization, whoever recorded", () => {
  const beds = `${API}/beds`;
  for (const creator of [CHROME, "Firefox"]) {
    const stripped = [preflight(beds, "apikey,authorization"), data(beds, `apikey: ${TOKEN}`)];
    assert.equal(isSanitised(creator, ...stripped), true);
    assert.equal(
      isSanitised(
        creator,
        ...stripped,
        entry({
          request: { url: "https://other.example/", headers: harHeaders("Cookie: sid=1") },
        }),
      ),
      true,
    );
  }
  const fine = [
    [preflight(beds, "authorization"), data(beds, `Authorization: Bearer ${TOKEN}`)],
    [preflight(beds, "content-type,x-client"), data(beds, `apikey: ${TOKEN}`)],
    // The server said no, and the request was never sent.
    [preflight(beds, "authorization"), data(`${API}/public`, `apikey: ${TOKEN}`)],
  ];
  for (const entries of fine) assert.equal(isSanitised(CHROME, ...entries), false);
});

Deno.test("readHar() does not take a token left in one address for a whole recording", () => {
  const stream = data(`https://garden.example/stream?token=${ACCESS}`);
  const beds = data("https://garden.example/api/beds");
  const plants = data("https://garden.example/api/plants");
  assert.equal(isSanitised(CHROME, login({ token: ACCESS }), beds, plants, stream, stream), true);
  assert.equal(isSanitised(CHROME, login({ token: ACCESS }), stream), false);
});

Deno.test("readHar() takes a key sent with the password for the client's, and no session", () => {
  const key = `apikey: ${TOKEN}`;
  const withKey = login({ access_token: ACCESS }) as { request: Record<string, unknown> };
  withKey.request["headers"] = harHeaders(key);
  const beds = data("https://garden.example/rest/beds", key);
  assert.equal(isSanitised(CHROME, withKey, beds), true);
  const own = data("https://garden.example/rest/beds", key, `x-session: ${ACCESS}`);
  assert.equal(isSanitised(CHROME, withKey, own), false);
});

Deno.test("readHar() takes a token in the fields of later requests for a session", () => {
  const post = (path: string, fields: unknown, answer: unknown) =>
    entry({
      request: {
        method: "POST",
        url: `https://garden.example${path}`,
        postData: { mimeType: "application/json", text: JSON.stringify(fields) },
      },
      response: {
        headers: JSON_TYPE,
        content: { text: JSON.stringify(answer), mimeType: "application/json", size: 9 },
      },
    });
  const lookUp = post("/v1/lookup", { idToken: TOKEN }, { users: [1] });
  assert.equal(isSanitised(CHROME, login({ idToken: TOKEN }), lookUp, lookUp), false);
  assert.equal(
    isSanitised(CHROME, login({ idToken: TOKEN }), post("/v1/lookup", {}, { a: 1 })),
    true,
  );
  const call = (...args: unknown[]) => post("/call", ["beds.list", args], [0, [1]]);
  assert.equal(isSanitised(CHROME, login([0, [TOKEN, 600]]), call(TOKEN, 20)), false);
  assert.equal(isSanitised(CHROME, login([0, [TOKEN, 600]]), call("", 20)), true);
});

Deno.test("readHar() takes what a job that is polled answers for the session of the requests after it", () => {
  const job = entry({
    request: { url: "https://garden.example/jobs/7" },
    response: {
      headers: JSON_TYPE,
      content: {
        text: `{"state":"ready","pass":"${TOKEN}"}`,
        mimeType: "application/json",
        size: 9,
      },
    },
  });
  assert.equal(isSanitised(CHROME, login({ job: 7 }), job, api(`x-entry-pass: ${TOKEN}`)), false);
  assert.equal(isSanitised(CHROME, login({ job: 7 }), job, api("x-entry-pass: none")), true);
});

Deno.test("readHar() judges each origin alone", () => {
  const origins = (...entries: unknown[]) =>
    readHar(bytesOf(harOf(entries, CHROME)), "x.har").sanitisedOrigins;
  const vendor = data("https://vendor.example/v1/hit", `x-api-key: ${TOKEN}`);
  assert.deepEqual(origins(login(), api(), vendor), ["https://garden.example"]);
  // A tracker that allows credentials shows no session of the site.
  const tracker = entry({
    request: { url: "https://www.google-analytics.com/g/collect" },
    response: { headers: harHeaders("Access-Control-Allow-Credentials: true") },
  });
  assert.deepEqual(origins(tracker, data("https://garden.example/search")), []);
  // A vendor's stripped interface beside an application that is whole.
  const vendorUrl = "https://vendor.example/v1/hit";
  const beside = [
    api("Cookie: sid=1"),
    api("Cookie: sid=1"),
    preflight(vendorUrl, "authorization"),
  ];
  const reading = readHar(bytesOf(harOf([...beside, data(vendorUrl)], "Firefox")), "x.har");
  assert.deepEqual([reading.sanitisedOrigins, reading.sanitised], [
    ["https://vendor.example"],
    false,
  ]);
  // An identity provider whose token another origin is sent.
  assert.deepEqual(origins(login({ token: ACCESS }), data(`${API}/beds`, `x-t: ${ACCESS}`)), []);
});

Deno.test("readHar() takes a session of the client's own, and one in the addresses, for credentials", () => {
  const redirect = entry({
    request: {
      method: "POST",
      url: "https://garden.example/login",
      postData: {
        mimeType: "application/x-www-form-urlencoded",
        text: "username=hedda&password=kompost",
      },
    },
    response: { status: 302, headers: harHeaders("Location: /beds;jsessionid=8A71C05E9D3B42F6") },
  });
  const inPath = (path: string) =>
    entry({
      request: { url: `https://garden.example${path};jsessionid=8A71C05E9D3B42F6` },
      response: JSON_ANSWER,
    });
  assert.equal(isSanitised(CHROME, redirect, inPath("/beds"), inPath("/seeds")), false);
  const own = "X-Session: 5d0c7a52-91be-4f06-8a3d-6e2f41b7c980";
  assert.equal(isSanitised(CHROME, login({ ok: true }), api(own), api(own)), false);
});
