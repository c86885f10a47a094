/**
 * Generated scripts as text, and their code by what it does. The texts are in `golden/`; after a wanted
 * change `KEYSMITH_UPDATE_GOLDEN=1 deno test -A tests/script/generate_test.ts` writes them anew.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { createHash } from "node:crypto";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { answerFacts } from "../../lib/correlate/answer_facts.ts";
import { evaluateExpr, runExtraction } from "../../lib/correlate/evaluate.ts";
import type { Expr, Extraction, LoginFlow } from "../../lib/correlate/flow.ts";
import { quote, Uses } from "../../lib/codec/code.ts";
import type { Locator } from "../../lib/codec/locators.ts";
import type { Opener } from "../../lib/codec/openers.ts";
import { writePlace } from "../../lib/codec/place.ts";
import type { TransformOp } from "../../lib/codec/transforms.ts";
import { isReservedName } from "../../lib/correlate/reserved_names.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { ambientDeclarations } from "../../lib/script/ambient.ts";
import { exprCode } from "../../lib/script/expr_code.ts";
import { generateScript } from "../../lib/script/generate.ts";
import { prepareScript } from "../../lib/script/prepare.ts";
import { SNIPPETS, withNeeds } from "../../lib/script/snippets.ts";
import { flowOf } from "../support/flow_text.ts";
import { capture, RECORDED_AT_MS, trace } from "../support/traces.ts";
import { moduleOf } from "./script_module.ts";

const ACCESS = "acc-7f6e5d4c3b2a1908";
const REFRESH = "ref-0a1b2c3d4e5f6071";
const PASSWORD = "hunter2!";
const USE = trace("GET https://api.example/me", {
  headers: [["Authorization", `Bearer ${ACCESS}`]],
  answer: { name: "Ann" },
});

/** A JSON login with a recorded refresh. */
const BEARER = capture(
  trace("POST https://api.example/v1/login", {
    headers: [["Accept", "application/json"], ["X-App-Version", "7.1"]],
    json: { user: { email: "ann@a.example", password: PASSWORD }, remember: true },
    answer: { data: { accessToken: ACCESS, refreshToken: REFRESH }, expiresIn: 900 },
  }),
  USE,
  trace("POST https://api.example/v1/refresh", {
    json: { refreshToken: REFRESH },
    answer: { accessToken: "acc-2b3c4d5e6f708192", expiresIn: 900 },
  }),
);

/** A form behind redirects on two hosts, then a one-time code; a session cookie. */
const FORM = capture(
  trace("GET https://shop.example/account", {
    location: "https://id.example/auth?tx=tx5a6b7c8d9e0f1a",
  }),
  trace("GET https://id.example/auth?tx=tx5a6b7c8d9e0f1a", {
    html: `<form method="post" action="/login?code=5x6c7b8a9d0e1f2a">
      <input type="hidden" name="csrf" value="c5Rf9a8b7c6d5e4f">
      <input name="username"><input type="password" name="password"></form>`,
    setCookies: ["pre=9e8d7c6b5a4f; Path=/"],
  }),
  trace("POST https://id.example/login?code=5x6c7b8a9d0e1f2a", {
    cookie: "pre=9e8d7c6b5a4f",
    form: { csrf: "c5Rf9a8b7c6d5e4f", username: "ann.b", password: PASSWORD },
    html: `<meta name="csrf-token" content="d6Sg0b9c8d7e6f5a"><form><input name="otp"></form>`,
  }),
  trace("POST https://id.example/otp", {
    cookie: "pre=9e8d7c6b5a4f",
    headers: [["X-CSRF-Token", "d6Sg0b9c8d7e6f5a"]],
    form: { otp: "493817" },
    location: "https://shop.example/sso?ticket=tk8a7b6c5d4e3f2a",
  }),
  trace("GET https://shop.example/sso?ticket=tk8a7b6c5d4e3f2a", {
    setCookies: ["session=1a2b3c4d5e6f7a8b; Path=/; Max-Age=3600"],
    location: "/account",
  }),
  trace("GET https://shop.example/api/me", { cookie: "session=1a2b3c4d5e6f7a8b", answer: {} }),
);

/** What a client computes: a salted digest, a timestamp, a uuid. */
const COMPUTED = capture(
  trace("POST https://api.example/salt", {
    json: { username: "ann.b" },
    answer: { salt: "s4lt-0a1b2c3d4e" },
  }),
  trace("POST https://api.example/login", {
    headers: [["X-Request-Id", "3f2b8c1e-9a44-4f0d-8b1a-2f7d9c0e5a61"]],
    json: {
      username: "ann.b",
      password: createHash("sha256").update(`s4lt-0a1b2c3d4e${PASSWORD}`).digest("hex"),
      timestamp: RECORDED_AT_MS + 1000,
    },
    answer: { token: ACCESS },
  }),
  USE,
);

function scriptOf(traces: readonly Trace[]): { flow: LoginFlow; source: string } {
  const hints = [
    {
      kind: "password" as const,
      name: "password",
      value: PASSWORD,
      place: { kind: "text" as const },
    },
  ];
  const flow = flowOf(analyzeLogin(traces, { hints }));
  return {
    flow,
    source: generateScript(flow, { app: "shop", answers: answerFacts(traces, flow) }),
  };
}

const SCRIPTS: readonly (readonly [name: string, traces: readonly Trace[]])[] = [
  ["bearer", BEARER],
  ["form", FORM],
  ["computed", COMPUTED],
];

for (const [name, traces] of SCRIPTS) {
  Deno.test(`generateScript() writes golden/${name}.ts.txt`, async () => {
    const file = new URL(`golden/${name}.ts.txt`, import.meta.url);
    const { source } = scriptOf(traces);
    if (Deno.env.get("KEYSMITH_UPDATE_GOLDEN") === "1") await Deno.writeTextFile(file, source);
    assert.equal(source, await Deno.readTextFile(file));
  });

  Deno.test(`generateScript(): the script of ${name} is accepted and holds nothing recorded`, () => {
    const { flow, source } = scriptOf(traces);
    assert.ok(prepareScript(source, "auth_acquire.ts").exports.has("acquire_token"));
    const steps = [...flow.steps, ...flow.refresh?.steps ?? []];
    const recorded = [
      ...flow.inputs.map((input) => input.recorded),
      ...flow.generated.map((item) => item.recorded),
      ...steps.flatMap(({ extractions }) => extractions.map((item) => item.recorded)),
    ].filter((value) => value.length > 4);
    for (const value of recorded) assert.ok(!source.includes(value), value);
  });
}

Deno.test("generateScript() gives no name of its own to a value of the flow", () => {
  const ambient = [
    ...ambientDeclarations(
      "prompt_text( prompt_secret( debug( cookie_session( html_forms( tell_user(",
    ).matchAll(/declare function (\w+)/g),
  ].map(([, name = ""]) => name);
  for (const name of [...SNIPPETS.map((snippet) => snippet.name), ...ambient]) {
    assert.ok(isReservedName(name), `"${name}" may become the name of a value`);
  }
  assert.ok(ambient.length >= 5);
  for (const name of ["s1", "s12_text", "r1_url", "session", "current_refresh_token"]) {
    assert.ok(isReservedName(name), name);
  }
});

Deno.test("generateScript() survives answers whose fields are called like its own names", () => {
  const names = ["session", "at", "found", "s1", "s1_text", "debug", "crypto", "digest", "class"];
  const values = names.map((name, index) => [name, `v${index}-5a6b7c8d9e0f1a2b`] as const);
  const { source } = scriptOf(capture(
    trace("POST https://id.example/start", { answer: Object.fromEntries(values) }),
    trace("POST https://id.example/login", {
      json: { ...Object.fromEntries(values), username: "ann", password: PASSWORD },
      answer: { session: ACCESS },
    }),
    USE,
  ));
  assert.ok(prepareScript(source, "x.ts").exports.has("acquire_token"));
  const variables = [...source.matchAll(/^ {2}const (\w+) =/gm)].map(([, name]) => name);
  assert.equal(new Set(variables).size, variables.length, String(variables));
  for (const { name } of SNIPPETS) assert.ok(!variables.includes(name), name);
});

Deno.test("quote() writes any text as a literal of that text", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const literal = quote(text);
    assert.equal((0, eval)(literal), text);
    assert.doesNotMatch(literal, /[\n\r\u2028\u2029]/);
  }));
});

const NAMES = { typed: "pass ?&=ü`${x}", taken: "a/b+c==", made: "0aF" };

const TYPED: Expr = { kind: "input", input: "typed" };

const OPS: readonly TransformOp[] = [
  "base64",
  "base64url",
  "url-encode",
  "form-encode",
  "json-escape",
  "xml-escape",
  "lower",
  "upper",
  "md5-hex",
  "md5-base64",
  "sha1-hex",
  "sha1-base64",
  "sha256-hex",
  "sha256-base64",
  "sha512-hex",
  "sha512-base64",
  "pkce-s256",
];
const KEYED: readonly TransformOp[] = [
  "hmac-sha1-hex",
  "hmac-sha1-base64",
  "hmac-sha256-hex",
  "hmac-sha256-base64",
  "hmac-sha512-hex",
  "hmac-sha512-base64",
];

const { expr: anyExpr } = fc.letrec<{ expr: Expr; atom: Expr }>((tie) => ({
  atom: fc.oneof(
    fc.string({
      unit: fc.constantFrom("a", "`", "$", "{", "}", "\\", '"', "'", "\n", "ü", "\u2028"),
    })
      .map((value): Expr => ({ kind: "constant", value })),
    fc.constantFrom<Expr>(
      { kind: "input", input: "typed" },
      { kind: "extracted", extraction: "taken" },
      { kind: "generated", generated: "made" },
    ),
  ),
  expr: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    tie("atom"),
    fc.array(tie("expr"), { minLength: 2, maxLength: 4 })
      .map((parts): Expr => ({ kind: "concat", parts })),
    fc.tuple(fc.constantFrom(...OPS), tie("expr"))
      .map(([op, arg]): Expr => ({ kind: "transform", op, args: [arg] })),
    fc.tuple(fc.constantFrom(...KEYED), tie("atom"), tie("expr"))
      .filter(([, key]) => key.kind !== "constant" || key.value !== "")
      .map(([op, key, arg]): Expr => ({ kind: "transform", op, args: [key, arg] })),
  ),
}));

Deno.test("exprCode() computes what the replay expects, for any expression", async () => {
  const exprs = [
    ...OPS.map((op): Expr => ({ kind: "transform", op, args: [TYPED] })),
    ...KEYED.map((op): Expr => ({ kind: "transform", op, args: [TYPED, TYPED] })),
    ...fc.sample(anyExpr, 200),
  ];
  const uses = new Uses();
  const codes = exprs.map((expr) => exprCode(expr, uses));
  const module = await moduleOf([
    ...Object.entries(NAMES).map(([name, value]) => `const ${name} = ${quote(value)};`),
    ...withNeeds(uses.snippets).map(({ source }) => source),
    `export async function values() { return [${codes.join(",\n")}]; }`,
  ].join("\n"));
  const computed = await module["values"]!() as string[];
  const env = { values: new Map(Object.entries(NAMES)), refreshToken: null };
  for (const [index, expr] of exprs.entries()) {
    assert.equal(computed[index], evaluateExpr(expr, env), codes[index]);
  }
});

const PAGE_URL = "https://a.example/account/login?next=%2F";
const PAGE =
  `<meta name="csrf-token" content="m&amp;1"><body data-key="d1"><form action="../signin?x=1&amp;y=2">
  <input type=hidden name=t value="v%2F1"></form><div id=app data-page="{&quot;k&quot;:{&quot;l&quot;:1}}"></div>
  <script>var nonce = "n\\/1"; var b64 = "eyJhIjoidyJ9"; var html = "a&amp;b&#x2F;";</script>`;
const JSON_BODY = JSON.stringify({
  a: { b: ["x", 2, true, null] },
  jwt: `e30.${btoa('{"sub":"u1","n":{"v":7}}')}.sig`,
  url: "https://b.example/cb?next=/x?y=1&code=c%2B1#state=s1",
  inner: '{"t":"deep"}',
});

const EXTRACTIONS: readonly (readonly [body: string, Locator, ...Opener[]])[] = [
  [PAGE, { kind: "meta", name: "csrf-token" }],
  [PAGE, { kind: "form-field", form: 0, name: "t" }, { kind: "url-decode" }],
  [PAGE, { kind: "form-field", form: null, name: "t" }],
  [PAGE, { kind: "form-action", form: 0 }, { kind: "param", name: "y" }],
  [PAGE, { kind: "attribute", selector: "body", attribute: "data-key" }],
  [PAGE, { kind: "attribute", selector: "#app", attribute: "data-page" }, {
    kind: "json",
    path: ["k", "l"],
  }],
  [PAGE, { kind: "between", before: 'nonce = "', after: '"' }, { kind: "json-unescape" }],
  [PAGE, { kind: "between", before: 'b64 = "', after: '"' }, { kind: "base64-decode" }, {
    kind: "json",
    path: ["a"],
  }],
  [PAGE, { kind: "between", before: 'html = "', after: '"' }, { kind: "html-unescape" }],
  [JSON_BODY, { kind: "json", path: ["a", "b", 1] }],
  [JSON_BODY, { kind: "json", path: ["jwt"] }, { kind: "jwt-payload" }, {
    kind: "json",
    path: ["n", "v"],
  }],
  [JSON_BODY, { kind: "json", path: ["url"] }, { kind: "param", name: "code" }],
  [JSON_BODY, { kind: "json", path: ["url"] }, { kind: "param", name: "state" }],
  [JSON_BODY, { kind: "json", path: ["inner"] }, { kind: "json", path: ["t"] }],
  ["  raw-1 \n", { kind: "body" }, { kind: "strip", prefix: "raw-", suffix: "" }],
  ["", { kind: "cookie", name: "sid" }],
  ["", { kind: "header", name: "x-token" }, { kind: "strip", prefix: "Bearer ", suffix: "" }],
  ["", { kind: "location" }],
  ["", { kind: "location-param", part: "query", name: "code" }],
  ["", { kind: "location-param", part: "fragment", name: "state" }],
];

const HEADERS: readonly (readonly [string, string])[] = [
  ["Location", "/cb?code=c%2B1#state=s1"],
  ["Set-Cookie", "sid=first; Path=/"],
  ["Set-Cookie", "sid=second==; HttpOnly"],
  ["Set-Cookie", "sid=; Path=/old; Max-Age=0"],
  ["X-Token", "Bearer h1"],
];

Deno.test("writePlace() takes from an answer what the replay expects", async () => {
  const uses = new Uses();
  const codes = EXTRACTIONS.map(([, locator, ...openers]) =>
    `(s1, s1_text) => ${writePlace({ ...NOWHERE, locator, openers }, "s1", uses)}`
  );
  const module = await moduleOf([
    ...withNeeds(uses.snippets).map(({ source }) => source),
    `export const takes = [${codes.join(",\n")}];`,
  ].join("\n"));
  const takes = module["takes"] as unknown as ((s1: Response, text: string) => string)[];
  for (const [index, [body, locator, ...openers]] of EXTRACTIONS.entries()) {
    const response = new Response(body, { headers: HEADERS.map(([name, value]) => [name, value]) });
    Object.defineProperty(response, "url", { value: PAGE_URL });
    const recorded = { status: 200, headers: HEADERS, body: new TextEncoder().encode(body) };
    const expected = runExtraction({ ...NOWHERE, locator, openers }, recorded, PAGE_URL);
    assert.ok(expected !== undefined, codes[index]);
    assert.equal(takes[index]!(response, body), expected, codes[index]);
  }
});

const NOWHERE: Omit<Extraction, "locator" | "openers"> = { id: "x", step: "s1", recorded: "" };

Deno.test("generateScript() writes a parameter without a sign of equality as it was, beside constants and others", () => {
  const written = (query: string) => {
    const traces = capture(
      trace("GET https://api.example/start", { answer: { csrf: "c5Rf9a8b7c6d5e4f" } }),
      trace(`POST https://api.example/enter?${query}`, {
        form: { username: "ann.b", password: PASSWORD },
        answer: { token: ACCESS },
      }),
      USE,
    );
    const flow = flowOf(analyzeLogin(traces));
    return generateScript(flow, { app: "app", answers: answerFacts(traces, flow) });
  };
  assert.ok(written("/login").includes('"https://api.example/enter?/login"'));
  assert.ok(written("wsdl&v=2&x=").includes('"https://api.example/enter?wsdl&v=2&x="'));
  assert.match(
    written("wsdl&csrf=c5Rf9a8b7c6d5e4f&raw"),
    /enter\?wsdl&\$\{new URLSearchParams\(\[\s+\["csrf", csrf\],\s+\]\)\}&raw`/,
  );
});

Deno.test("generateScript() makes a UUID in capitals where the recorded client did", () => {
  const made = (id: string) => {
    const traces = capture(
      trace("POST https://api.example/enter", {
        headers: [["X-Request-Id", id]],
        json: { username: "ann.b", password: PASSWORD },
        answer: { token: ACCESS },
      }),
      USE,
    );
    const flow = flowOf(analyzeLogin(traces));
    return generateScript(flow, { app: "app", answers: answerFacts(traces, flow) });
  };
  const id = "7c1e5a20-93b4-4d0e-8f61-0a2b6c9d3e17";
  assert.match(made(id), /crypto\.randomUUID\(\);/);
  assert.match(made(id.toUpperCase()), /crypto\.randomUUID\(\)\.toUpperCase\(\);/);
});
