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

Deno.test("a digest that an answered challenge stands before is not a text that was typed", () => {
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
  assert.match(text, /cookie session, which t_0001 hands out.*--answers/);
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

Deno.test("what OpenSSL encrypts under a passphrase is not base64 of a text that was typed", () => {
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

Deno.test("what was refused and then accepted unchanged was allowed by somebody elsewhere", () => {
  const poll = (parts: TraceParts) =>
    trace(`POST ${SITE}/token`, {
      form: { grant_type: "device_code", device_code: "Qx9Wv4Zr8Dk7Lm2Tn5Bc" },
      ...parts,
    });
  const start = trace(`POST ${SITE}/device`, {
    form: { client_id: "mole-tv" },
    answer: { device_code: "Qx9Wv4Zr8Dk7Lm2Tn5Bc", interval: 5 },
  });
  const earned = poll({ answer: { access_token: TOKEN } });
  const { kind, text } = said(
    start,
    poll({ status: 400, answer: { error: "authorization_pending" } }),
    earned,
    ...bearer,
  );
  assert.equal(kind, "refused");
  assert.match(text, /t_0003 is accepted, and t_0002 was refused although it sent the same/);
  const handle = trace(`POST ${SITE}/device`, { answer: { device_code: "Qx9Wv4Zr8Dk7Lm2Tn5Bc" } });
  for (const status of [429, 503]) {
    assert.notEqual(said(handle, poll({ status, answer: {} }), earned, ...bearer).kind, "refused");
  }
});

Deno.test("an answer's key in later paths is named, and that somebody pressed a button before", () => {
  const key = "Zk3v8QxT1bRm6WzC0nHdZk3v8QxT";
  const pair = (answer: JsonValue) =>
    trace(`POST ${SITE}/api`, { json: { devicetype: "lamp" }, answer });
  const using = ["lights", "groups"].map((what) =>
    trace(`GET ${SITE}/api/${key}/${what}`, { answer: { on: true } })
  );
  const refused = pair([{ error: { type: 101 } }]);
  const accepted = pair([{ success: { username: key } }]);
  assert.match(
    said(refused, accepted, ...using).text,
    /t_0002 is accepted, and t_0001 was refused/,
  );
  assert.match(
    said(accepted, ...using).text,
    /t_0001 may be a login: what its answer calls "username"/,
  );
});

Deno.test("credentials that are signed anew in each request are no session from before", () => {
  const signing = (signature: string): TraceParts => ({
    headers: [["Authorization", `OAuth oauth_token="tk9XwQ2", oauth_signature="${signature}"`]],
  });
  const anew = ["Zm9vYmFyYmF6cXV4", "cXV4YmF6YmFyZm9v"].flatMap((one) =>
    reading(signing(one)).slice(0, 1)
  );
  const { kind, text } = said(...anew);
  assert.equal(kind, "refused");
  assert.match(text, /^Each request is signed anew \(header Authorization, scheme OAuth\)/);
  assert.match(
    said(...reading(signing("Zm9vYmFyYmF6cXV4"))).text,
    /^The recording starts logged in|^$/,
  );
});

Deno.test("a token that is bound to a key of the page is not one from before", () => {
  const part = (value: object) => btoa(JSON.stringify(value)).replaceAll("=", "");
  const proof = (n: number, typ = "dpop+jwt") =>
    [
      "dpop",
      `${part({ typ, alg: "ES256" })}.${part({ jti: `a8f3-${n}` })}.q7ZxW2Lk9${n}Tb4Rm1Vc`,
    ] as const;
  const session = (typ?: string) => [
    trace("POST https://a.example/token", {
      form: { username: "ann.lee", password: "kiwi-7731" },
      headers: [proof(1, typ)],
      answer: { access_token: "acc-7f6e5d4c3b2a1908" },
    }),
    ...[2, 3].map((n) =>
      trace(`GET https://a.example/api/${n}`, {
        headers: [["Authorization", "DPoP acc-7f6e5d4c3b2a1908"], proof(n, typ)],
        answer: { boats: [n] },
      })
    ),
  ];
  const { kind, text } = said(...session());
  assert.equal(kind, "refused");
  assert.match(text, /^Each request proves that its client has a key .*"dpop: true"$/);
  assert.doesNotMatch(said(...session("JWT")).text, /has a key/);
});

Deno.test("a session in a header of the app's own was there from the start", () => {
  const { kind, text } = said(...reading({ headers: [["X-Auth-Token", TOKEN]] }));
  assert.equal(kind, "refused");
  assert.match(text, /starts logged in: t_0001 already carries header X-Auth-Token/);
});

Deno.test("a key that each request carries is named, where only one endpoint shows it", () => {
  const asked = (key: string) =>
    ["Oslo", "Bodo"].map((city) =>
      trace(`GET ${SITE}/weather?q=${city}&appid=${key}`, { answer: { temp: 4 } })
    );
  const key = "9f8e7d6c5b4a39281706f5e4d3c2b1a0";
  assert.match(said(...asked(key)).text, /query appid is the same in each request \(t_0001\)/);
  assert.equal(said(...asked("public")).text, "No request hands over credentials or carries any");
});

Deno.test("a credential that no answer shows to be taken is named with what is known of the answer", () => {
  const headers: [string, string][] = [["Authorization", `Bearer ${TOKEN}`]];
  const asked = (status: number) => said(trace(`GET ${SITE}/api/boats`, { headers, status }));
  assert.equal(
    asked(0).text,
    "No request hands over credentials. t_0001 carries header Authorization, but no answer is recorded",
  );
  assert.match(
    asked(401).text,
    /t_0001 carries header Authorization, but the answer has status 401$/,
  );
});

Deno.test("a session in a parameter of the path is said to be out of a call's reach", () => {
  const stok = "9f8e7d6c5b4a39281706f5e4d3c2b1a0";
  const login = trace(`POST ${SITE}/luci`, {
    form: { username: "root", password: "Salt 4" },
    location: `/luci/;stok=${stok}/`,
    setCookies: [`sysauth=q0w9e8r7t6y5u4i3; Path=/luci/;stok=${stok}`],
  });
  const pages = (cookie: string) =>
    ["wifi", "status"].map((page) =>
      trace(`GET ${SITE}/luci/;stok=${stok}/${page}`, { cookie, answer: { up: 1 } })
    );
  const { kind, text } = said(login, ...pages("sysauth=q0w9e8r7t6y5u4i3"));
  assert.equal(kind, "draft");
  assert.match(text, /path segment 2: each login makes this part of the address anew/);
  const same = said(
    trace(`POST ${SITE}/luci`, {
      form: { username: "root", password: "Salt 4" },
      location: `/luci/;stok=${stok}/`,
      setCookies: [`sysauth=${stok}; Path=/luci`],
    }),
    ...pages(`sysauth=${stok}`),
  );
  assert.doesNotMatch(same.text, /makes this part of the address/);
});

Deno.test("a form's page that came from the browser's cache is said to, and not to be older", () => {
  const form = { _token: "Qx9Wv4Zr8Dk7Lm2Tn5BcHp", email: "noor@mole.example", password: "Salt 4" };
  const login = trace(`POST ${SITE}/login`, { form, answer: { token: TOKEN } });
  const cached = trace(`GET ${SITE}/login`, { status: 304 });
  assert.match(
    said(cached, login, ...bearer).text,
    /the page t_0001, which the browser took from its cache/,
  );
  assert.match(said(login, ...bearer).text, /_token: comes from before the recording/);
});

Deno.test("a cookie that a text nobody can read earns is not said to be nothing", () => {
  const call = trace(`POST ${SITE}/app/login`, {
    body: ["text/x-rpc; charset=utf-8", "7|0|8|LoginService|login|noor|Salt 4|1|2|3|"],
    text: "//OK[1]",
    setCookies: ["MOLE=q0w9e8r7t6y5u4i3; Path=/"],
  });
  const { text } = said(call, ...reading({ cookie: "MOLE=q0w9e8r7t6y5u4i3" }));
  assert.match(text, /t_0002 carries cookie MOLE, which t_0001 hands out.*--answers/);
});

Deno.test("a word of the protocol that the password is too is not a password carried again", () => {
  const call = (method: string, extra: Record<string, string> = {}): Trace =>
    trace(`POST ${SITE}/rpc`, { json: { method, ...extra }, answer: { ok: 1 } });
  const login = call("call", { user: "noor", password: "call" });
  assert.doesNotMatch(said(login, call("call"), call("call")).text, /carry the password itself/);
});

Deno.test("one call that sends what the login handed out shows no session, and is not called without one", () => {
  const call = (name: string) =>
    trace(`POST ${SITE}/call`, { json: [name, [TOKEN, 20]], answer: [0] });
  const login = trace(`POST ${SITE}/call`, {
    json: ["berth.open", [{ user: "ole.b", password: "Tide 4 low" }]],
    answer: [0, [TOKEN, 600]],
  });
  const { kind, text } = said(login, call("berth.list"));
  assert.equal(kind, "refused");
  assert.match(text, /t_0002 sends a value that it handed out .body 1\.0.*a few clicks more/);
  assert.equal(said(login, call("berth.list"), call("boat.list")).kind, "flow");
  const none = trace(`POST ${SITE}/call`, { json: ["berth.list", ["", 20]], answer: [0] });
  assert.match(said(login, none).text, /carry no credential/);
});

Deno.test("a key before the login in the header of the session is said to be from before the recording", () => {
  const OLD = "Q7rT29pBv5Kc30QsLm71";
  const login = (value: string) =>
    trace(`POST ${SITE}/in`, {
      headers: [["X-Access-Key", value]],
      json: { user: "ole.b", password: "Tide 4 low" },
      answer: { pass: TOKEN },
    });
  const own = reading({ headers: [["X-Access-Key", TOKEN]] });
  const { kind, text } = said(login(OLD), ...own);
  assert.equal(kind, "draft");
  assert.match(text, /header X-Access-Key: comes from before the recording/);
  // Where nothing takes its place it is the application's.
  const kept = reading({ headers: [["X-Access-Key", OLD], ["Authorization", `Bearer ${TOKEN}`]] });
  assert.equal(said(login(OLD), ...kept).kind, "flow");
});
