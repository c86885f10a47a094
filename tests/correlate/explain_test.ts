/** How each kind of value is explained: one hand-made login per kind. */
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { flowLines, flowOf, linesOf } from "../support/flow_text.ts";
import { capture, RECORDED_AT_MS, trace, type TraceParts } from "../support/traces.ts";

const TOKEN = "acc-7f6e5d4c3b2a1908";
const PASSWORD = "hunter2!";
const USE = trace("GET https://a.example/api/me", {
  headers: [["Authorization", `Bearer ${TOKEN}`]],
  answer: { name: "Ann" },
});

const md5 = (text: string) => createHash("md5").update(text).digest("hex");
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

function login(parts: TraceParts, ...before: readonly Trace[]): Trace[] {
  return capture(
    ...before,
    trace("POST https://a.example/login", { answer: { token: TOKEN }, ...parts }),
    USE,
  );
}

/** How the fields of the login's body come to be; the body's own step is the last. */
function bodyOf(traces: readonly Trace[]): Record<string, string> {
  const flow = flowOf(analyzeLogin(traces));
  const id = flow.steps.at(-1)!.id;
  return Object.fromEntries(
    linesOf(flow, `${id} body`).map((line) => line.slice(`${id} body `.length).split(" = ", 2)),
  );
}

Deno.test("a value is typed, taken from an answer, or a constant of the client", () => {
  const page = trace("GET https://a.example/login", {
    html: `<form><input type=hidden name=csrf value="c5Rf9a8b7c6d5e4f"></form>`,
  });
  const form = {
    csrf: "c5Rf9a8b7c6d5e4f",
    username: "ann.b",
    password: PASSWORD,
    locale: "en",
    empty: "",
  };
  assert.deepEqual(bodyOf(login({ form }, page)), {
    csrf: "{csrf}",
    username: "$username",
    password: "$password",
    locale: '"en"',
    empty: '""',
  });
});

Deno.test("what stands in a script is a constant, what a request sent first is the client's own", () => {
  const script = trace("GET https://a.example/app.js", {
    body: ["", ""],
    answerHeaders: [["Content-Type", "text/javascript"]],
    text: `const CLIENT = "9f8e7d6c5b4a39281706";`,
    noise: "static-asset",
  });
  const page = trace("GET https://a.example/", { html: "<script src=/app.js></script>" });
  const echo = trace("POST https://a.example/hello", {
    json: { device_id: "5d8c1f0e7a6b4392" },
    answer: { device_id: "5d8c1f0e7a6b4392" },
  });
  const json = {
    username: "ann",
    password: PASSWORD,
    appKey: "9f8e7d6c5b4a39281706",
    device_id: "5d8c1f0e7a6b4392",
  };
  const fields = bodyOf(login({ json }, page, script, echo));
  assert.equal(fields["appKey"], '"9f8e7d6c5b4a39281706"');
  assert.equal(fields["device_id"], "~device_id");
});

Deno.test("known values are found inside encodings and longer texts", () => {
  const salt = trace("GET https://a.example/start", { answer: { nonce: "n0nce-5a6b7c8d9e" } });
  const json = {
    username: "ann.b",
    password: PASSWORD,
    pair: btoa(`ann.b:${PASSWORD}`),
    encoded: encodeURIComponent("https://a.example/x?n=n0nce-5a6b7c8d9e"),
    inner: JSON.stringify({ n: "n0nce-5a6b7c8d9e", v: 1 }),
  };
  assert.deepEqual(bodyOf(login({ json }, salt)), {
    username: "$username",
    password: "$password",
    pair: 'base64($username + ":" + $password)',
    encoded: 'url-encode("https://a.example/x?n=" + {nonce})',
    inner: '"{\\"n\\":\\"" + {nonce} + "\\",\\"v\\":1}"',
  });
});

Deno.test("digests are found by trial over what was typed, told and handed out", () => {
  const hints = [
    {
      kind: "password" as const,
      name: "password",
      value: PASSWORD,
      place: { kind: "text" as const },
    },
  ];
  const start = trace("GET https://a.example/start", {
    answer: { salt: "s4lt-0a1b2c3d", challenge: "ch-9e8d7c6b5a49" },
  });
  const hmac = createHmac("sha256", "ch-9e8d7c6b5a49").update(PASSWORD).digest("hex");
  const cases: [string, string][] = [
    [md5(PASSWORD), "md5-hex($password)"],
    [md5(PASSWORD).toUpperCase(), "upper(md5-hex($password))"],
    [sha256(`s4lt-0a1b2c3d${PASSWORD}`), "sha256-hex({salt} + $password)"],
    [sha256(`ann:${PASSWORD}`), 'sha256-hex($username + ":" + $password)'],
    [
      sha256(`s4lt-0a1b2c3d${sha256(PASSWORD)}`),
      "sha256-hex({salt} + sha256-hex($password))",
    ],
    [hmac, "hmac-sha256-hex({challenge}, $password)"],
    [createHash("sha1").update(PASSWORD).digest("base64"), "sha1-base64($password)"],
  ];
  for (const [proof, expected] of cases) {
    const traces = login({ json: { username: "ann", proof } }, start);
    const analysis = analyzeLogin(traces, { hints });
    assert.equal(analysis.kind, "flow", `${expected}: ${JSON.stringify(analysis)}`);
    const [line] = linesOf(flowOf(analysis), "s1 body proof", "s2 body proof");
    assert.equal(line?.split(" = ")[1], expected);
  }
});

Deno.test("PKCE is one verifier for both of its requests", () => {
  const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
  const query = `client_id=web&state=Zx81kQmW0pL7aa3R&code_challenge=${challenge}`;
  const traces = capture(
    trace(`GET https://id.example/authorize?${query}`, {
      html:
        `<form method=post action="/login"><input name=username><input type=password name=password></form>`,
      setCookies: ["as=as-5a6b7c8d9e0f; Path=/"],
    }),
    trace("POST https://id.example/login", {
      cookie: "as=as-5a6b7c8d9e0f",
      form: { username: "ann", password: PASSWORD },
      location: "https://a.example/cb?code=cd-5a6b7c8d9e0f1a2b&state=Zx81kQmW0pL7aa3R",
    }),
    trace("POST https://id.example/token", {
      form: {
        grant_type: "authorization_code",
        client_id: "web",
        code: "cd-5a6b7c8d9e0f1a2b",
        code_verifier: verifier,
      },
      answer: { access_token: TOKEN },
    }),
    USE,
  );
  const flow = flowOf(analyzeLogin(traces));
  assert.deepEqual(linesOf(flow, "s1 query", "s3 body"), [
    's1 query client_id = "web"',
    "s1 query state = ~state",
    "s1 query code_challenge = pkce-s256(~code_verifier)",
    's3 body grant_type = "authorization_code"',
    's3 body client_id = "web"',
    "s3 body code = {code}",
    "s3 body code_verifier = ~code_verifier",
  ]);
  assert.deepEqual(flow.generated.map(({ id, shape }) => [id, shape.kind]), [
    ["state", "random"],
    ["code_verifier", "pkce-verifier"],
  ]);
});

Deno.test("values the client makes up keep their shape", () => {
  const json = {
    username: "ann",
    password: PASSWORD,
    request_id: "3f2b8c1e-9a44-4f0d-8b1a-2f7d9c0e5a61",
    nonce: "Zx81kQmW0pL7aa3R",
    timestamp: String(RECORDED_AT_MS),
    ts: RECORDED_AT_MS / 1000,
    sent_at: new Date(RECORDED_AT_MS).toISOString(),
  };
  const flow = flowOf(analyzeLogin(login({ json })));
  assert.deepEqual(
    flow.generated.map(({ id, shape }) => [
      id,
      shape.kind === "timestamp" ? shape.unit : shape.kind === "random" ? shape.length : shape.kind,
    ]),
    [["request_id", "uuid"], ["nonce", 16], ["timestamp", "ms"], ["ts", "s"], ["sent_at", "iso"]],
  );
  assert.ok(flowLines(flow).includes("s1 body ts = ~ts as number"));
});

Deno.test("what nothing explains makes a draft that asks for it and says where it stands", () => {
  const digest = login({ json: { username: "ann", password: md5(PASSWORD) } });
  const analysis = analyzeLogin(digest);
  assert.equal(analysis.kind, "draft");
  assert.match(analysis.reasons.join(), /^t_0001 body password: looks like a digest .*--answers/);
  assert.deepEqual(linesOf(flowOf(analysis), "s1 body"), [
    "s1 body username = $username",
    "s1 body password = $password",
  ]);
  assert.deepEqual(analysis.values.filter(({ kind }) => kind === "unexplained"), [{
    where: "t_0001 POST /login body password",
    from: "nothing in this recording",
    kind: "unexplained",
  }]);
});

Deno.test("explanations name places and never values", () => {
  const page = trace("GET https://a.example/login", {
    html: `<meta name="csrf-token" content="c5Rf9a8b7c6d5e4f">`,
  });
  const analysis = analyzeLogin(login({
    headers: [["X-CSRF-Token", "c5Rf9a8b7c6d5e4f"]],
    form: { username: "ann.b", password: PASSWORD },
  }, page));
  assert.equal(analysis.kind, "flow");
  assert.deepEqual(analysis.values, [
    {
      where: "t_0002 POST /login body password",
      from: 'typed by the user as "Password": the field is called "password"',
      kind: "credential",
    },
    {
      where: "t_0002 POST /login body username",
      from: 'typed by the user as "Username": the field is called "username"',
      kind: "credential",
    },
    {
      where: "t_0002 POST /login header X-CSRF-Token",
      from: 't_0001 response meta "csrf-token"',
      kind: "extracted",
    },
    {
      where: "t_0003 GET /api/me header Authorization",
      from: "t_0002 response body token",
      kind: "extracted",
    },
  ]);
});

Deno.test("an Authorization from nowhere that comes only after the login is not a constant", () => {
  const page = (html: string) => trace("GET https://a.example/login", { html });
  const use = trace("GET https://a.example/api/me", {
    headers: [["Authorization", `Token ${TOKEN}`]],
    cookie: "sid=5x6c7b8a9d0e",
    answer: {},
  });
  const done = trace("POST https://a.example/login", {
    form: { username: "ann.b", password: PASSWORD },
    html: "",
    setCookies: ["sid=5x6c7b8a9d0e; Path=/"],
  });
  const lost = analyzeLogin(capture(page("<form></form>"), done, use, use));
  assert.equal(lost.kind, "draft");
  assert.match(
    lost.reasons.join(),
    /^t_0003 header Authorization: .* the page t_0002, whose body the recording has not got/,
  );
  const early = analyzeLogin(capture(page("<form></form>"), use, done, use, use));
  assert.deepEqual(linesOf(flowOf(early), "result header"), [
    `result header Authorization = "Token ${TOKEN}"`,
  ]);
});

Deno.test("what a client's library says of itself in base64 is a constant", () => {
  const info = btoa(JSON.stringify({ name: "spa-js", version: "2.1.0" }));
  const analysis = analyzeLogin(login({
    headers: [["Auth-Client", info]],
    json: { username: "ann.b", password: PASSWORD },
  }, trace("GET https://a.example/", { html: "<p>Welcome" })));
  assert.equal(analysis.kind, "flow");
});

Deno.test("what begins after somebody typed is not a constant for being repeated", () => {
  const page = trace("GET https://a.example/", { html: "<p>Welcome" });
  const post = trace("POST https://a.example/api/enter", {
    json: { username: "ann", password: PASSWORD },
    setCookies: ["sid=5x6c7b8a9d0e; Path=/"],
    answer: {},
  });
  const used = (value: string) =>
    trace("GET https://a.example/api/me", {
      headers: [["X-Access", value]],
      cookie: "sid=5x6c7b8a9d0e",
      answer: {},
    });
  const value = "q7Xk29LmPq83RtVw10Zz";
  const late = flowOf(analyzeLogin(capture(page, post, used(value), used(value))));
  assert.equal(linesOf(late, "result header").some((line) => line.includes(value)), false);
});

Deno.test("a password of the size of a cipher's blocks is computed, and said to be", () => {
  const analysis = analyzeLogin(login({ json: { username: "ann", password: "8F1A6C0BD2E47795" } }));
  assert.equal(analysis.kind, "draft");
  assert.match(
    analysis.reasons.join(),
    /^t_0001 body password: looks like a cipher text .*--answers/,
  );
});

Deno.test("a signed value is taken whole or not at all", () => {
  const part = (value: unknown) => btoa(JSON.stringify(value)).replace(/=+$/, "");
  const mac = "dGhpcy1pcy1hLXNpZ25hdHVyZS1vZi0zMi1ieXRlcyE";
  const jwt = `${part({ alg: "RS256", typ: "JWT" })}.${part({ email: "ann@a.example" })}.${mac}`;
  const analysis = analyzeLogin(capture(
    trace("POST https://a.example/login", {
      json: { email: "ann@a.example", password: PASSWORD },
      setCookies: ["sid=5x6c7b8a9d0e; Path=/"],
      answer: {},
    }),
    trace("GET https://a.example/api/me", {
      headers: [["Authorization", `Bearer ${jwt}`]],
      cookie: "sid=5x6c7b8a9d0e",
      answer: {},
    }),
  ));
  assert.notEqual(analysis.kind, "flow");
});

Deno.test("a digest is not made up by the client, whatever its field is called", () => {
  for (const name of ["verifier", "challenge", "device", "proof", "session"]) {
    const analysis = analyzeLogin(login({ json: { username: "ann", [name]: sha256(PASSWORD) } }));
    assert.equal(analysis.kind, "draft", name);
  }
});
