/** Logins under names and in places that nobody knows: the answer that hands out a credential shows them. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { has, linesOf } from "../support/flow_lines.ts";
import { flowLines, flowOf } from "../support/flow_text.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://quay.example";
const TOKEN = "Zk3v8QxT1bRm6WzC0nHd";
const BEARER: TraceParts = { headers: [["Authorization", `Bearer ${TOKEN}`]] };

const reading = (parts: TraceParts): Trace[] =>
  ["/api/boats", "/api/piers"].map((path) =>
    trace(`GET ${SITE}${path}`, { answer: { list: [1] }, ...parts })
  );

Deno.test("two strings of JSON inside a form field are typed where another field says that it logs in", () => {
  const lines = linesOf(
    trace(`POST ${SITE}/dispatch`, {
      form: { do: "signin", args: JSON.stringify({ a: "o&m", b: 'tide "low" 7%' }) },
      setCookies: ["berth=q0w9e8r7t6y5u4i3; Path=/"],
      answer: { ok: true },
    }),
    ...reading({ cookie: "berth=q0w9e8r7t6y5u4i3" }),
  );
  has(
    lines,
    's1 body args = "{\\"a\\":\\"" + json-escape($username) + "\\",\\"b\\":\\"" + json-escape($password) + "\\"}"',
    "result cookie berth",
  );
});

Deno.test("the arguments of a server's function are typed at a login's address", () => {
  const state = encodeURIComponent(JSON.stringify(["", { children: ["login", {}] }]));
  const lines = linesOf(
    trace(`POST ${SITE}/login`, {
      headers: [["Next-Router-State-Tree", state]],
      body: ["text/plain;charset=UTF-8", '["maren", "Salt \\"and\\" rope"]'],
      setCookies: ["session=a1f09e8d7c6b5a43; Path=/"],
      status: 303,
    }),
    ...reading({ cookie: "session=a1f09e8d7c6b5a43" }),
  );
  has(lines, "s1 body 0 = $username", "s1 body 1 = $password");
  has(lines, `s1 header Next-Router-State-Tree = ${JSON.stringify(state)}`);
});

Deno.test("a choice of two words that answers with a cookie is not a login", () => {
  const analysis = analyzeLogin(capture(
    trace(`POST ${SITE}/choose`, {
      json: { harbour: "north", view: "Map-2" },
      setCookies: ["choice=q0w9e8r7t6y5u4i3; Path=/"],
      answer: {},
    }),
    ...reading({ cookie: "choice=q0w9e8r7t6y5u4i3" }),
  ));
  assert.ok(analysis.kind === "none", analysis.kind);
});

Deno.test("name and key in two headers of a GET are typed where its answer hands out a token", () => {
  const lines = linesOf(
    trace(`GET ${SITE}/auth/v1`, {
      headers: [["X-Storage-User", "dock:maren"], ["X-Storage-Pass", "Rope~Walk 3"]],
      answerHeaders: [["X-Storage-Token", "AUTH_tk4471"]],
      status: 204,
    }),
    ...reading({ headers: [["X-Storage-Token", "AUTH_tk4471"]] }),
  );
  has(
    lines,
    "s1 header X-Storage-User = $username",
    "s1 header X-Storage-Pass = $password",
    "result header X-Storage-Token = {x_storage_token}",
  );
});

Deno.test("a pair with a mark between stands in one field; a token of small letters is carried", () => {
  const lines = linesOf(
    trace(`POST ${SITE}/open`, {
      json: { auth: "maren.k|Salt-Rope" },
      answer: { gate: "plankton" },
    }),
    ...reading({ headers: [["X-Gate", "plankton"]] }),
  );
  has(lines, 's1 body auth = $username + "|" + $password', "result header X-Gate = {gate}");
});

Deno.test("credentials with marks in them are one value behind their scheme", () => {
  const token = `00Q${TOKEN}!AQ_${TOKEN.toLowerCase()}`;
  const lines = linesOf(
    trace(`POST ${SITE}/soap/login`, {
      body: [
        "text/xml",
        "<E><login><username>maren</username><password>a&lt;b c</password></login></E>",
      ],
      answerHeaders: [["Content-Type", "text/xml"]],
      text: `<E><sessionId>${token}</sessionId></E>`,
    }),
    ...reading({ headers: [["Authorization", `Bearer ${token}`]] }),
  );
  assert.ok(
    lines.some((line) => /^result header Authorization = "Bearer " \+ \{\w+\}$/.test(line)),
  );
});

Deno.test("parameters of a header that every request repeats are the client's, the one that is added is taken", () => {
  const client =
    'Player Client="Deck", Device="Web", DeviceId="c2FsdC1yb3BlLTQ3MTE", Version="1.2"';
  const lines = linesOf(
    trace(`POST ${SITE}/Users/AuthenticateByName`, {
      headers: [["X-Authorization", client]],
      json: { Username: "Søren", Pw: "salt & rope" },
      answer: { AccessToken: TOKEN },
    }),
    ...reading({ headers: [["X-Authorization", `${client}, Token="${TOKEN}"`]] }),
  );
  has(lines, `s1 header X-Authorization = ${JSON.stringify(client)}`);
  assert.ok(
    lines.some((line) => line.endsWith('Token=\\"" + {access_token} + "\\""')),
    lines.join("\n"),
  );
});

Deno.test("an argument that stands for no session yet is a constant, and so is the nil UUID", () => {
  for (const none of ["00000000000000000000000000000000", "00000000-0000-0000-0000-000000000000"]) {
    const call = (params: string[], id: number) => ({
      jsonrpc: "2.0",
      id,
      method: "login",
      params,
    });
    const lines = linesOf(
      trace(`POST ${SITE}/bus`, {
        json: { ...call([none], 1), username: "root", password: "salt%rope 2" },
        answer: { result: [0, { sid: TOKEN }] },
      }),
      ...reading(BEARER),
    );
    has(lines, `s1 body params.0 = "${none}"`);
  }
});

Deno.test("a gate with Basic before a site with its own login asks for both pairs", () => {
  const gate = ["Authorization", `Basic ${btoa("stage:Pier-4 x")}`] as const;
  const session = "7d2f90ab41c8e6f3";
  const flow = flowOf(analyzeLogin(capture(
    trace(`POST ${SITE}/login`, {
      headers: [gate],
      form: { email: "maren@quay.example", password: "Salt&Rope" },
      setCookies: [`berth=${session}; Path=/`],
      location: `${SITE}/home`,
    }),
    ...reading({ headers: [gate], cookie: `berth=${session}` }),
  )));
  assert.deepEqual(flow.inputs.map(({ label }) => label), [
    "Email",
    "Password",
    "Basic username",
    "Basic password",
  ]);
  has(
    flowLines(flow),
    'result header Authorization = "Basic " + base64($basic_username + ":" + $basic_password)',
  );
});

Deno.test("a value is taken from a place whose name does not hold the user's", () => {
  const state = "Qs4hz1c53FWYOjaXitLMfp";
  const cookie = `hub-maren.k-state=${state}; Path=/user/maren.k/`;
  const lines = linesOf(
    trace(`POST ${SITE}/hub/login`, {
      form: { username: "maren.k", password: "Salt&Rope" },
      setCookies: ["hub=7d2f90ab41c8e6f3; Path=/hub/"],
      location: `${SITE}/user/maren.k/`,
    }),
    trace(`GET ${SITE}/user/maren.k/`, {
      setCookies: [cookie],
      location: `${SITE}/hub/authorize?state=${state}`,
    }),
    trace(`GET ${SITE}/user/maren.k/callback?state=${state}`, {
      cookie: `hub-maren.k-state=${state}`,
      setCookies: ["desk=90b1c7d3e5f2a846; Path=/user/maren.k/"],
      location: `${SITE}/user/maren.k/lab`,
    }),
    trace(`GET ${SITE}/user/maren.k/api/list`, { cookie: "desk=90b1c7d3e5f2a846", answer: {} }),
  );
  assert.ok(lines.some((line) => /gives \w+ <- query state$/.test(line)), lines.join("\n"));
});

Deno.test("a pair in a cookie that the page writes is typed; an address that each login makes anew is said", () => {
  const cookie = `Authorization=${encodeURIComponent(`Basic ${btoa("maren:Rope;9 x")}`)}`;
  const data = (path: string) => trace(`GET ${SITE}${path}`, { cookie, answer: { wan: [1] } });
  const plain = analyzeLogin(capture(data("/status.json"), data("/wan.json")));
  assert.equal(plain.kind, "flow");
  has(
    flowLines(flowOf(plain)),
    'result client cookie Authorization = url-encode("Basic " + base64($username + ":" + $password))',
  );
  const anew = analyzeLogin(capture(
    trace(`GET ${SITE}/login.htm`, {
      cookie,
      html: `<script>top.location.href = "${SITE}/QWUZDFATAJYLOJCE/index.htm";</script>`,
    }),
    data("/QWUZDFATAJYLOJCE/status.json"),
  ));
  assert.ok(anew.kind === "draft");
  assert.match(anew.reasons.join(), /each login makes this part of the address anew/);
});

Deno.test("a step in the redirects after a login sets the session, under whatever name", () => {
  const next = "/auth/finish/1a2b3c4d5e6f7081";
  const lines = linesOf(
    trace(`POST ${SITE}/auth/step`, { json: { secret: "Salt-Rope" }, answer: { next } }),
    trace(`GET ${SITE}${next}`, { setCookies: ["plv=c0ffee1234deadbe"], location: `${SITE}/` }),
    ...reading({ cookie: "plv=c0ffee1234deadbe" }),
  );
  has(lines, "result cookie plv");
});

Deno.test("the user's name before a slash in a pair with the token is asked for", () => {
  const pair = btoa(`maren@quay.example/token:${TOKEN}`);
  const lines = linesOf(
    trace(`POST ${SITE}/access`, {
      json: { email: "maren@quay.example", password: "Salt-Rope" },
      answer: { api_token: TOKEN },
    }),
    ...reading({ headers: [["Authorization", `Basic ${pair}`]] }),
  );
  has(lines, 'result header Authorization = "Basic " + base64($email + "/token:" + {api_token})');
});

Deno.test("a cookie of the user's folder is read at an address with the user's name in it", () => {
  const flow = flowOf(analyzeLogin(capture(
    trace(`POST ${SITE}/signin`, {
      form: { user: "oddny", pass: "Kelp, 2 rows" },
      setCookies: ["desk-oddny=f0e1d2c3b4a59687; Path=/~oddny/"],
      location: `${SITE}/~oddny/`,
    }),
    trace(`GET ${SITE}/~oddny/files`, { cookie: "desk-oddny=f0e1d2c3b4a59687", answer: {} }),
  )));
  const addresses = JSON.stringify(flow.result.cookies?.addresses);
  assert.ok(addresses.includes('"input":"username"') && !addresses.includes("oddny"), addresses);
});

for (
  const [about, field, value, asked] of [
    ["of signs", "password", "********", ["identifier", "password"]],
    ["of dots", "password", "•••••••••", ["identifier", "password"]],
    ["that is another text than was told", "password", "not-it 9", ["identifier", "password"]],
  ] as const
) {
  Deno.test(`a field ${about} beside the told password is not a second one`, () => {
    const flow = flowOf(analyzeLogin(
      capture(
        trace(`POST ${SITE}/login`, {
          form: { user: "maren", [field]: value, pw_plain: "Salt-Rope" },
          setCookies: [`berth=${TOKEN}; Path=/`],
          answer: {},
        }),
        ...reading({ cookie: `berth=${TOKEN}` }),
      ),
      {
        hints: [["identifier", "maren"], ["password", "Salt-Rope"]].map(([kind, value]) => ({
          kind: kind as "identifier" | "password",
          name: kind!,
          value: value!,
          place: { kind: "text" },
        })),
      },
    ));
    assert.deepEqual(flow.inputs.map(({ kind }) => kind), asked);
  });
}

Deno.test("a field of signs beside another password's is asked for by nobody", () => {
  const flow = flowOf(analyzeLogin(capture(
    trace(`POST ${SITE}/login`, {
      form: { user: "maren", password: "********", pwd: "Salt-Rope" },
      setCookies: [`berth=${TOKEN}; Path=/`],
      answer: {},
    }),
    ...reading({ cookie: `berth=${TOKEN}` }),
  )));
  assert.deepEqual(flow.inputs.map(({ kind }) => kind), ["identifier", "password"]);
});

Deno.test("two password boxes that hold different texts are two secrets", () => {
  const flow = flowOf(analyzeLogin(capture(
    trace(`GET ${SITE}/login`, {
      html: "<form method=post><input name=cust><input type=password name=pw1>" +
        "<input type=password name=memorable></form>",
    }),
    trace(`POST ${SITE}/login`, {
      form: { cust: "9921", pw1: "Salt-7", memorable: "beacon" },
      setCookies: [`berth=${TOKEN}; Path=/`],
      location: `${SITE}/in`,
    }),
    ...reading({ cookie: `berth=${TOKEN}` }),
  )));
  const secrets = flow.inputs.filter(({ secret }) => secret).map(({ recorded }) => recorded);
  assert.deepEqual(secrets, ["Salt-7", "beacon"]);
});

Deno.test("an id that an answer gives is taken from there, plain as it is", () => {
  const lines = linesOf(
    trace(`POST ${SITE}/lookup`, {
      json: { email: "maren@quay.example" },
      answer: { workspaces: [{ id: "wk-902" }] },
    }),
    trace(`POST ${SITE}/login`, {
      json: { workspace_id: "wk-902", email: "maren@quay.example", password: "Salt-Rope" },
      answer: { token: TOKEN },
    }),
    ...reading(BEARER),
  );
  has(lines, "s2 body workspace_id = {id}");
});

/** Bodies of a login under names nobody knows, and how the script writes the same. */
const OPENED: Readonly<Record<string, readonly [TraceParts, RegExp]>> = {
  "two values beside a moment and a device": [
    { json: { q1: "noor", q2: "Salt 4", ts: 1_767_225_600, device: "kiosk-12" } },
    /^s1 body q2 = \$password$/,
  ],
  "two values beside a state that is a document": [
    {
      form: { q1: "noor", q2: "Salt 4", state: btoa('{"back":"pier-12","seen":"tide-99"}') },
    },
    /^s1 body q2 = \$password$/,
  ],
  "a list of two short texts in a field": [
    { form: { action: "enter", list: '["bo","k7"]' } },
    /^s1 body list = .*\$username.*\$password/,
  ],
  "arguments of a GraphQL document": [
    { json: { query: 'mutation { enter(q1: "noor", q2: "Salt 4") { token } }' } },
    /^s1 body query = .*\$username.*\$password/,
  ],
  "elements of XML in a text": [
    { body: ["text/plain", "<enter><q1>noor</q1><q2>Salt 4</q2></enter>"] },
    /^s1 body = .*\$username.*\$password/,
  ],
  "members of JSON in base64": [
    { json: { data: btoa('{"q1":"noor","q2":"Salt 4"}') } },
    /^s1 body data = base64\(.*\$username.*\$password/,
  ],
};

for (const [what, [parts, line]] of Object.entries(OPENED)) {
  Deno.test(`a login whose answer hands out a token is found in ${what}`, () => {
    const token = "q81Zp4Tz0Lk9f8e7d6c5";
    const flow = flowOf(analyzeLogin(capture(
      trace("POST https://works.example/login", { ...parts, answer: { token } }),
      trace("GET https://works.example/me", {
        headers: [["Authorization", `Bearer ${token}`]],
        answer: {},
      }),
    )));
    assert.deepEqual(flow.inputs.map(({ label }) => label), ["Username", "Password"]);
    const lines = flowLines(flow);
    assert.ok(lines.some((one) => line.test(one)), lines.join("\n"));
  });
}

Deno.test("who sets a new password inside a document logs nobody in", () => {
  const bodies: readonly TraceParts[] = [
    {
      json: {
        query: 'mutation { join(email: "noor@quay.example", password: "Salt 4", ' +
          'passwordConfirmation: "Salt 4") { token } }',
      },
    },
    { form: { data: '{"user":"noor","password":"Salt 4","repeat_password":"Salt 4"}' } },
    { json: { data: btoa('{"user":"noor","password":"Salt 4","newPassword":"Salt 5"}') } },
  ];
  for (const body of bodies) {
    const analysis = analyzeLogin(capture(
      trace(`POST ${SITE}/graph`, { ...body, answer: { token: TOKEN } }),
      ...reading(BEARER),
    ));
    assert.ok(analysis.kind === "refused", JSON.stringify(body));
    assert.match(analysis.reasons.join(), /^t_0001 sets a new password, which is done once/);
  }
});
