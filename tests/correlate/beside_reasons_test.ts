/** What was recorded decides what is said, and what goes with every request: each where it would be false, too. */
import assert from "node:assert/strict";
import { CredentialWitness } from "../../lib/capture/sanitised.ts";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { flowLines, flowOf } from "../support/flow_text.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://spit.example";
const TOKEN = "Zk3v8QxT1bRm6WzC0nHd";
const BEARER: TraceParts = { headers: [["Authorization", `Bearer ${TOKEN}`]] };

const said = (...traces: Trace[]) => {
  const analysis = analyzeLogin(capture(...traces));
  return analysis.kind === "flow"
    ? flowLines(analysis.flow).join("\n")
    : analysis.reasons.join("\n");
};

Deno.test("the hash of one operation goes with no other request", () => {
  const hash = (seed: string) => seed.repeat(16);
  const code = `var op={a:"${hash("9f2b")}",b:"${hash("7c1d")}"}`;
  const ask = (seed: string, variables: Record<string, string>, parts: TraceParts = {}) =>
    trace(`POST ${SITE}/graph`, { json: { hash: hash(seed), variables }, ...parts });
  const lines = flowLines(flowOf(analyzeLogin(capture(
    trace(`GET ${SITE}/main.js`, {
      answerHeaders: [["Content-Type", "text/javascript"]],
      text: code,
    }),
    ask("9f2b", { user: "oda", password: "reef" }, { answer: { token: TOKEN } }),
    ask("7c1d", { page: "1" }, { ...BEARER, answer: { list: [1] } }),
    ask("7c1d", { page: "2" }, { ...BEARER, answer: { list: [2] } }),
  ))));
  assert.ok(lines.every((line) => !/^result body/.test(line)), lines.join("\n"));
});

Deno.test("a login between a refusal and the accepted request is named as the approval, and somebody else where there is none", () => {
  const device = trace(`POST ${SITE}/device`, {
    form: { client_id: "tv" },
    answer: { device_code: "d7Kp2mWq9xLd4vTz" },
  });
  const poll = (parts: TraceParts) =>
    trace(`POST ${SITE}/token`, {
      form: { device_code: "d7Kp2mWq9xLd4vTz", client_id: "tv" },
      ...parts,
    });
  const pending = poll({ status: 400, answer: { error: "authorization_pending" } });
  const login = trace(`POST ${SITE}/activate`, {
    form: { username: "oda", password: "reef" },
    text: "connected",
  });
  const use = trace(`GET ${SITE}/api/boats`, { ...BEARER, answer: { list: [1] } });
  const done = poll({ answer: { access_token: TOKEN } });
  const elsewhere = /somebody allowed the client in between/;
  assert.match(said(device, pending, done, use), elsewhere);
  const approved = /the client was allowed in between, by t_0003 or what followed it/;
  assert.match(said(device, pending, login, done, use), approved);
  assert.match(
    said(login, device, pending, done, use),
    /the credential that t_0005 carries is not seen to come from it/,
  );
});

Deno.test("an approval by a code that the device was given asks nobody for that code", () => {
  const device = trace(`POST ${SITE}/device`, {
    form: { client_id: "tv" },
    answer: { device_code: "d7Kp2mWq9xLd4vTz", user_code: "BQRT-KLXW" },
  });
  const poll = (parts: TraceParts) =>
    trace(`POST ${SITE}/token`, { form: { device_code: "d7Kp2mWq9xLd4vTz" }, ...parts });
  const form =
    `<form action="/activate" method="post"><input name="user_code"><input name="username">
    <input type="password" name="password"></form>`;
  const lines = said(
    device,
    poll({ status: 400, answer: { error: "authorization_pending" } }),
    trace(`GET ${SITE}/activate`, { html: form }),
    trace(`POST ${SITE}/activate`, {
      form: { user_code: "BQRT-KLXW", username: "oda", password: "reef" },
      text: "connected",
    }),
    poll({ answer: { access_token: TOKEN } }),
    trace(`GET ${SITE}/api/boats`, { ...BEARER, answer: { list: [1] } }),
  );
  assert.match(lines, /^s2 body user_code = \{user_code\}$/m);
});

Deno.test("a body that is not read is said to be one", () => {
  const login = (type: string, text: string) =>
    said(
      trace(`POST ${SITE}/rpc`, { body: [type, text], answer: { v: 1 } }),
      trace(`GET ${SITE}/boats`, { answer: { list: [1] } }),
    );
  assert.match(
    login("application/msgpack", "\x82\xa1u"),
    /the body of t_0001 is not read \(application\/msgpack\)/,
  );
  assert.match(
    said(trace(`GET ${SITE}/boats`, { answer: [] })),
    /^No request hands over credentials or carries any$/,
  );
});

Deno.test("of a header that holds what was told nobody says that it is an earlier session's", () => {
  const use = trace(`GET ${SITE}/boats`, {
    headers: [["X-Access", "oda.skov/9C1185A5C5E9FC54612808977EE8F548B2258D31"]],
    answer: { list: [1] },
  });
  const reasons = (value: string) => {
    const place = { kind: "text" } as const;
    const analysis = analyzeLogin(capture(use, use), {
      hints: [{ kind: "identifier", name: "username", value, place }],
    });
    return analysis.kind === "flow" ? "" : analysis.reasons.join("\n");
  };
  assert.match(reasons("oda.skov"), /X-Access, in which what you told stands/);
  assert.match(reasons("ben.holm"), /The recording starts logged in/);
});

Deno.test("a session in an address is a credential that the export kept", () => {
  const sanitised = (...traces: Trace[]) => {
    const witness = new CredentialWitness();
    for (const one of capture(...traces)) witness.observe(one);
    return witness.verdict("WebInspector 537.36").sanitised;
  };
  const login = (parts: TraceParts) =>
    trace(`POST ${SITE}/login`, { form: { user: "oda", password: "reef" }, ...parts });
  const typed = { answerHeaders: [["Content-Type", "text/xml"]] as const };
  const boats = (url: string) => trace(`GET ${SITE}${url}`, { answer: { list: [1] } });
  assert.ok(sanitised(login({ answer: { ok: true } }), boats("/api/boats"), boats("/api/piers")));
  const answer = { ...typed, text: "<Info><SID>9c1185a5c5e9fc54</SID></Info>" };
  assert.ok(!sanitised(login(answer), boats("/api/boats?sid=9c1185a5c5e9fc54")));
  const location = "/s/q8Kp2mWq9xLd4vTz/home";
  assert.ok(!sanitised(login({ location }), boats("/s/q8Kp2mWq9xLd4vTz/boats")));
});

Deno.test("a credential in an answer that is not read is not said to be from before the recording", () => {
  const call = (path: string, parts: TraceParts) =>
    trace(`POST ${SITE}${path}`, {
      body: ["application/grpc-web+proto", "\0oda"],
      answerHeaders: [["Content-Type", "application/grpc-web+proto"]],
      ...parts,
    });
  const answer = (text: string) =>
    said(
      trace(`GET ${SITE}/`, { html: "app" }),
      call("/Auth/Login", { text }),
      call("/Boats/List", { ...BEARER, text: "\0" }),
    );
  assert.match(
    answer(`\0\n\x14${TOKEN}`),
    /Authorization, which stands in the answer of t_0002, and that is not read/,
  );
  assert.match(answer("\0\n\x02ok"), /The recording starts logged in/);
});

Deno.test("a text is no digest because it holds one", () => {
  const hash = "9A0C3FBE6D2B1A5577E0C4B8D1F2A3B4";
  const body = (text: string) =>
    said(
      trace(`POST ${SITE}/call`, {
        body: ["text/x-rpc", text],
        answerHeaders: [["Content-Type", "text/plain"]],
        text: `OK["${TOKEN}"]`,
      }),
      trace(`GET ${SITE}/boats`, { headers: [["X-Call-Token", TOKEN]], answer: { list: [1] } }),
    );
  assert.match(
    body(`7|0|${hash}|LoginService|login|oda|reef|`),
    /body: holds what may be a digest/,
  );
  assert.doesNotMatch(body(`7|0|${hash}|LoginService|login|oda|reef|`), /looks like a digest/);
});

Deno.test("a session that an unanswered login may have handed out is not said to be from before the recording", () => {
  const cookie = "session_of_berths=f81Ld9aQ0zX7Kp2mWq9xLd4v";
  const use = trace(`GET ${SITE}/boats`, { cookie, answer: { list: [1] } });
  const login = (status: number) =>
    trace(`POST ${SITE}/enter`, { form: { name: "oda", __enter_password: "reef" }, status });
  assert.match(
    said(login(0), use),
    /^t_0002 carries cookie session_of_berths, which no answer hands out, and t_0001, which hands over a password, has no answer/,
  );
  assert.match(said(use, login(0), use), /^The recording starts logged in: t_0001/);
  assert.match(said(use), /^The recording starts logged in: t_0001/);
});
