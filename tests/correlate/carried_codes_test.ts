/** Codes that one client was given and that somebody enters elsewhere, so that it is approved: RFC 8628 and its like. */
import assert from "node:assert/strict";
import type { Trace } from "../../lib/http/exchange.ts";
import { Evidence } from "../../lib/judge/evidence.ts";
import { unsentCodes } from "../../lib/judge/issued_codes.ts";
import { Reproduced } from "../../lib/judge/reproduced.ts";
import { has, linesOf } from "../support/flow_lines.ts";
import { flowLines } from "../support/flow_text.ts";
import { provenLogin } from "../support/proven_login.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const ID = "https://id.moor.example";
const API = "https://api.moor.example";
const TOKEN = "eyJhbGciOiJub25lIn0.eyJzdWIiOiI5MTc0In0.x7Kp2mWq9xLd4vTz";
const HANDLE = "Qx9Wv4Zr8Dk7Lm2Tn5Bc";
const GRANT = "urn:ietf:params:oauth:grant-type:device_code";

const used = ["me", "boats"].map((path) =>
  trace(`GET ${API}/${path}`, {
    headers: [["Authorization", `Bearer ${TOKEN}`]],
    answer: { list: [1, 2] },
  })
);
const asked = (answer: Record<string, string>) =>
  trace(`POST ${ID}/device_authorization`, {
    form: { client_id: "mole-tv" },
    answer: { device_code: HANDLE, verification_uri: `${ID}/device`, ...answer },
  });
const traded = trace(`POST ${ID}/token`, {
  form: { grant_type: GRANT, device_code: HANDLE, client_id: "mole-tv" },
  answer: { access_token: TOKEN },
});
const cookie = "sid=f81Ld9aQ0zX7Kp2mWq9xLd4v";
const signedIn = trace(`POST ${ID}/login`, {
  form: { username: "oda.reef", password: "Moss&Fern7" },
  location: "/device",
  setCookies: [`${cookie}; Path=/`],
});
const guarded = (name: string, csrf: string) =>
  `<form method="post" action="/${name}">
  <input type="hidden" name="csrf" value="${csrf}"><input name="user_code"></form>`;
const CSRF = "Zk3v8QxT1bRm6WzC0nHd";
const entered = (user_code: string, parts: TraceParts = { text: "connected" }) => [
  trace(`GET ${ID}/device`, { cookie, html: guarded("device", CSRF) }),
  trace(`POST ${ID}/device`, { cookie, form: { csrf: CSRF, user_code }, ...parts }),
];

Deno.test("a code that an answer gave the client is handed over from there, whatever it looks like", () => {
  for (const code of ["WDJB-MJHT", "482913", "K7X2PQ"]) {
    const lines = linesOf(asked({ user_code: code }), signedIn, ...entered(code), traded, ...used);
    has(
      lines,
      "s1 gives user_code <- json user_code",
      "s4 body user_code = {user_code}",
      "s5 body device_code = {device_code}",
    );
    assert.doesNotMatch(lines.join("\n"), /\$one_time|\$user_code/);
  }
});

Deno.test("what is confirmed after the code is part of the login", () => {
  const confirm = "Yw8RmZk3v8QxT1bRm6Wz";
  const lines = linesOf(
    asked({ user_code: "WDJB-MJHT" }),
    signedIn,
    ...entered("WDJB-MJHT", { html: guarded("device/confirm", confirm) }),
    trace(`POST ${ID}/device/confirm`, { cookie, form: { csrf: confirm, allow: "yes" }, text: "" }),
    traded,
    ...used,
  );
  has(lines, 's5 body allow = "yes"', "s5 body csrf = {csrf_2}");
});

Deno.test("a client that asked before it was approved is approved by the script, with all that the approval leads to", async () => {
  const poll = (parts: TraceParts) =>
    trace(`POST ${ID}/token`, {
      form: { grant_type: GRANT, device_code: HANDLE, client_id: "mole-tv" },
      ...parts,
    });
  const pending = poll({ status: 400, answer: { error: "authorization_pending" } });
  const done = "/linked/Rw9Tn5BcQx9Wv4Zr8Dk7Lm2";
  const traces = capture(
    asked({ user_code: "WDJB-MJHT" }),
    pending,
    signedIn,
    ...entered("WDJB-MJHT", { location: done }),
    trace(`GET ${ID}${done}`, { cookie, html: "<p>Go back to your television</p>" }),
    poll({ answer: { access_token: TOKEN } }),
    ...used,
  );
  const { flow, proof, problems } = await provenLogin(traces);
  has(flowLines(flow), "s5 GET {{redirect_url}}", "s6 body device_code = {device_code}");
  assert.deepEqual([proof.passed, problems], [true, []]);
});

Deno.test("a code under another name, or that a page alone shows, is the page's", () => {
  const paired = linesOf(
    trace(`POST ${API}/pair`, {
      json: { model: "P5" },
      answer: { pairingCode: "739104", id: HANDLE },
    }),
    signedIn,
    trace(`POST ${ID}/pair`, { cookie, json: { code: "739104" }, answer: { ok: true } }),
    trace(`POST ${API}/pair/finish`, { json: { id: HANDLE }, answer: { token: TOKEN } }),
    ...used,
  );
  has(paired, "s3 body code = {pairing_code}", 'result header Authorization = "Bearer " + {token}');
  const shown = linesOf(
    trace(`GET https://tv.moor.example/activate`, {
      html: `<p>Enter</p><strong>K7X2PQ</strong><script>poll = {"id":"${HANDLE}"}</script>`,
    }),
    signedIn,
    trace(`POST ${ID}/link`, { cookie, form: { pin: "K7X2PQ" }, text: "ok" }),
    trace(`POST ${ID}/token`, { json: { device_id: HANDLE }, answer: { access_token: TOKEN } }),
    ...used,
  );
  has(shown, "s1 gives pin <- between", "s3 body pin = {pin}");
});

Deno.test("a code that came in a message stays typed, though an answer holds it afterwards", () => {
  const lines = linesOf(
    trace(`POST ${ID}/login`, { json: { email: "oda@moor.example" }, answer: { id: HANDLE } }),
    trace(`POST ${ID}/verify`, {
      json: { id: HANDLE, code: "739104" },
      answer: { code: "739104", token: TOKEN },
    }),
    ...used,
  );
  has(lines, "s2 body code = $one_time_code");
});

const pending = trace(`POST ${ID}/token`, {
  form: { grant_type: GRANT, device_code: HANDLE, client_id: "mole-tv" },
  status: 400,
  answer: { error: "authorization_pending" },
});

Deno.test("a client that was approved on another device asks its user to, with the code of its own run", async () => {
  const traces = capture(asked({ user_code: "WDJB-MJHT" }), pending, pending, traded, ...used);
  const { source, proof, problems } = await provenLogin(traces);
  assert.deepEqual([proof.passed, problems], [true, []]);
  const question =
    "`Open ${verification_uri} and allow the login with the code ${user_code}. Is it allowed?`";
  assert.ok(source.includes(`await wait_user_confirmation(${question});`), source);
  const silences: readonly ((text: string) => string)[] = [
    (text) => text.replace(/ *await wait_user_confirmation\(.*\n/, ""),
    (text) => text.replace("${user_code}", "WDJB-MJHT"),
    (text) => {
      const [line = ""] = /.*await wait_user_confirmation\(.*\n/.exec(text) ?? [];
      return text.replace(line, "").replace(/(\n {2}const access_token = )/, `\n${line}$1`);
    },
  ];
  for (const silenced of silences) {
    const { proof: without, problems } = await provenLogin(traces, silenced);
    assert.equal(without.passed, false);
    assert.match(problems.join(), /waits for its user's approval, and the script asks nobody/);
  }
});

Deno.test("a client that waits for its user's own device asks for that, and whose it is", async () => {
  const { flow, source, proof } = await provenLogin(capture(
    trace(`POST ${ID}/bc-authorize`, {
      form: { scope: "openid", login_hint: "oda.reef", client_id: "till-7" },
      answer: { auth_req_id: HANDLE, expires_in: 120, interval: 5 },
    }),
    trace(`POST ${ID}/token`, {
      form: {
        grant_type: "urn:openid:params:grant-type:ciba",
        auth_req_id: HANDLE,
        client_id: "till-7",
      },
      answer: { access_token: TOKEN },
    }),
    ...used,
  ));
  assert.equal(proof.passed, true);
  assert.deepEqual(flow.inputs.map(({ kind }) => kind), ["identifier"]);
  assert.match(source, /wait_user_confirmation\("Allow the login on the device that was asked/);
  assert.doesNotMatch(source, /oda\.reef/);
});

Deno.test("a script that trades the handle without the approval is not proven", async () => {
  const traces = capture(
    asked({ user_code: "WDJB-MJHT" }),
    signedIn,
    ...entered("WDJB-MJHT"),
    traded,
    ...used,
  );
  const { proof, problems } = await provenLogin(traces);
  assert.deepEqual([proof.passed, problems], [true, []]);
  const said = (...made: readonly string[]) => unsentIn(traces, made);
  assert.deepEqual(said("t_0001", "t_0002", "t_0005"), ['t_0004 body field "user_code"']);
  assert.deepEqual(said("t_0001", "t_0002", "t_0004", "t_0005"), []);
  assert.deepEqual(said("t_0002"), [], "the handle is not traded");
});

/** What the judge says of a script that makes only these requests. */
function unsentIn(traces: readonly Trace[], made: readonly string[]): string[] {
  const sent = traces.filter(({ id }) => made.includes(id))
    .map(({ id, request, response }) => ({ trace: id, request, answer: response! }));
  const reproduced = new Reproduced({ sent, result: null, answers: new Map() }, traces);
  const found = unsentCodes({ evidence: new Evidence(traces), reproduced });
  return found.map(({ trace, where }) => `${trace} ${where}`);
}

/** How an answer shows a code, how somebody types it, and what is sent. */
const SPELLINGS: readonly (readonly [shown: string, typed: string, sent: string])[] = [
  ["WDJB-MJHT", "wdjbmjht", 'lower(replace({user_code}, "-", ""))'],
  ["WDJB-MJHT", "WDJBMJHT", 'replace({user_code}, "-", "")'],
  ["KX7-2PQ", "kx72pq", 'lower(replace({user_code}, "-", ""))'],
  ["834 019 552", "834019552", 'replace({user_code}, " ", "")'],
  [
    "kx72pq",
    "KX7 2PQ",
    'slice(upper({user_code}), "0", "3") + " " + slice(upper({user_code}), "3", "6")',
  ],
];

for (const [shown, typed, sent] of SPELLINGS) {
  Deno.test(`a code shown as ${shown} and typed as ${typed} is made of the one that is shown`, async () => {
    const traces = capture(
      asked({ user_code: shown }),
      signedIn,
      ...entered(typed),
      traded,
      ...used,
    );
    const { flow, problems } = await provenLogin(traces);
    assert.deepEqual(problems, []);
    has(flowLines(flow), `s4 body user_code = ${sent}`);
    const copied = await provenLogin(
      traces,
      (text) => text.replace(/\["user_code", .*\]/, `["user_code", "${typed}"]`),
    );
    assert.match(copied.problems.join(), /"user_code": holds a recorded value/);
  });
}

Deno.test("a code that is another one than an answer's is not made of it", () => {
  for (const typed of ["WDJB-MJHX", "WDJB", "MJHT-WDJB"]) {
    const steps = [asked({ user_code: "WDJB-MJHT" }), signedIn, ...entered(typed), traded, ...used];
    assert.doesNotMatch(linesOf(...steps).join("\n"), /body user_code = .*\{user_code\}/);
  }
});

Deno.test("a page's yes after the code is part of the login, in JSON or without a body", async () => {
  const enter = trace(`POST ${ID}/api/device`, {
    cookie,
    json: { user_code: "WDJB-MJHT" },
    answer: { client: "Moor TV", request: "r_8810" },
  });
  const looked = trace(`POST ${ID}/api/getClient`, { cookie, json: {}, answer: { logo: "tv" } });
  const yes: readonly TraceParts[] = [
    { json: { request: "r_8810", approve: true }, answer: { ok: true } },
    { text: "" },
  ];
  for (const parts of yes) {
    const confirm = trace(`POST ${ID}/api/device/approve`, { cookie, ...parts });
    const traces = capture(
      asked({ user_code: "WDJB-MJHT" }),
      signedIn,
      enter,
      looked,
      confirm,
      traded,
      ...used,
    );
    const { flow, problems } = await provenLogin(traces);
    assert.deepEqual(problems, []);
    const lines = flowLines(flow);
    has(lines, `s4 POST ${ID}/api/device/approve`);
    assert.doesNotMatch(lines.join("\n"), /getClient/);
    const before = ["t_0001", "t_0002", "t_0003"];
    assert.deepEqual(unsentIn(traces, [...before, "t_0005", "t_0006"]), []);
    assert.deepEqual(unsentIn(traces, [...before, "t_0006"]), ["t_0005 request"]);
  }
});
