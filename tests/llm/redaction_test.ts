import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { base64Encode, base64UrlEncode } from "../../lib/http/base64.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { recordedFacts, type Typed } from "../../lib/llm/recorded_facts.ts";
import { redactCode } from "../../lib/llm/redact_code.ts";
import { redactSentence } from "../../lib/llm/redact_prose.ts";
import { RecordingView } from "../../lib/llm/recording_view.ts";
import { Redaction } from "../../lib/llm/redaction.ts";
import { applyTransform } from "../../lib/codec/transforms.ts";
import { capture, RECORDED_AT_MS, trace } from "../support/traces.ts";
import { Canaries, canaryRecording } from "./canaries.ts";

const PASSWORD: Typed = { kind: "password", value: "Tr0ub4dor&3" };
const EMAIL: Typed = { kind: "identifier", value: "jane.doe@mail.example" };

function redactionOf(typed: readonly Typed[] = [], traces: readonly Trace[] = []): Redaction {
  const facts = recordedFacts(traces, null, typed);
  return new Redaction({ ...facts, startedAtMs: RECORDED_AT_MS });
}

/** All that a model could ever be shown of a recording. */
function everything(traces: readonly Trace[]): string {
  const analysis = analyzeLogin(traces);
  const flow = "flow" in analysis ? analysis.flow : null;
  const view = new RecordingView(traces, new Redaction(recordedFacts(traces, flow, [])));
  const shown = traces.map(({ id }) => view.trace(id));
  return [view.summary(), JSON.stringify(shown), JSON.stringify(view.search("#", null))].join("\n");
}

Deno.test("Redaction lets no canary through, whatever field of a recording it is in", () => {
  const canaries = new Canaries();
  const traces = canaryRecording(canaries);
  assert.ok(canaries.texts.length > 50);
  const recorded = JSON.stringify(traces.map(({ request, response }) => [
    request.url,
    request.headers,
    new TextDecoder().decode(request.body ?? new Uint8Array()),
    response?.headers,
    new TextDecoder().decode(response?.body ?? new Uint8Array()),
  ]));
  assert.ok(canaries.foundIn(recorded).length > 45, "the canaries are in the recording");
  assert.deepEqual(canaries.foundIn(everything(traces)), []);
});

Deno.test("Redaction shows the whole login form and every Set-Cookie by name", () => {
  const shown = everything(canaryRecording(new Canaries()));
  for (
    const part of [
      "password (password)",
      "username (text)",
      "token (hidden)",
      "session=‹",
      "HttpOnly",
    ]
  ) {
    assert.ok(shown.includes(part), part);
  }
});

Deno.test("Redaction.show() gives a value the same name under every encoding", () => {
  const redaction = redactionOf([PASSWORD, EMAIL]);
  const { value } = EMAIL;
  const cases: readonly [text: string, shown: string][] = [
    [value, "‹email#1 typed by the user›"],
    [encodeURIComponent(value), "‹email#1 typed by the user, url-encoded›"],
    [
      encodeURIComponent(encodeURIComponent(value)),
      "‹email#1 typed by the user, url-encoded, url-encoded›",
    ],
    [value.replace("@", "&#64;"), "‹email#1 typed by the user, html-escaped›"],
    [value.replace("@", "\\u0040"), "‹email#1 typed by the user, json-escaped›"],
    [`Bearer ${value}`, "Bearer ‹email#1 typed by the user›"],
    [`"${value}"`, '"‹email#1 typed by the user›"'],
    [`user:${value}`, "user:‹email#1 typed by the user›"],
    [`{"user":"${value}"}`, '{"user":"‹email#1 typed by the user›"}'],
    [`user=${encodeURIComponent(value)}&x=1`, "user=‹email#1 typed by the user›&x=1"],
    [
      `https://a.example/login?user=${encodeURIComponent(value)}`,
      "https://a.example/login?user=‹email#1 typed by the user›",
    ],
  ];
  for (const [text, shown] of cases) assert.equal(redaction.show(text), shown, text);
});

Deno.test("Redaction.show() says which digest or encoding of a typed value a value is", () => {
  const redaction = redactionOf([PASSWORD]);
  for (const op of ["sha256-hex", "md5-hex", "sha512-base64", "base64"] as const) {
    const shown = redaction.show(applyTransform(op, [PASSWORD.value]));
    assert.match(shown, new RegExp(`^‹secret#\\d+ ${op} of secret#1`), op);
  }
});

Deno.test("Redaction.show() opens base64 of a pair and tells what a JWT says of itself", () => {
  const redaction = redactionOf([PASSWORD, EMAIL]);
  const pair = redaction.show(base64Encode(`${EMAIL.value}:${PASSWORD.value}`));
  assert.match(pair, /^‹base64#1 of: email#1 typed by the user:secret#1 typed by the user›$/);
  const jwt = [
    { alg: "RS256" },
    { iat: 1000, exp: 4600, iss: "https://id.example.com", sub: "248289761001" },
  ].map((part) => base64UrlEncode(JSON.stringify(part))).join(".") + ".c2lnbmF0dXJl";
  assert.equal(redaction.show(jwt), "‹jwt#1 exp=+3600 iss=https://id.example.com/›");
});

Deno.test("Redaction.show() shows the words of protocols and hides typed words all the same", () => {
  const redaction = redactionOf([{ kind: "identifier", value: "admin" }]);
  for (
    const word of ["authorization_code", "openid profile email", "application/json", "true", "S256"]
  ) {
    assert.equal(redaction.show(word), word);
  }
  assert.equal(redaction.show("admin"), "‹user#1 typed by the user›");
  assert.equal(redaction.name("admin"), "admin");
});

Deno.test("Redaction.show() never says how long a typed secret is", () => {
  const redaction = redactionOf([PASSWORD, { kind: "one-time-code", value: "492817" }]);
  assert.equal(redaction.show(PASSWORD.value), "‹secret#1 typed by the user›");
  assert.equal(redaction.show("492817"), "‹code#1 typed by the user›");
});

Deno.test("Redaction.url() and name() hide people in paths and names", () => {
  const traces = capture(
    trace("GET https://a.example/me", { answer: { display_name: "Jane Quill", id: 4 } }),
  );
  const redaction = redactionOf([], traces);
  assert.match(
    redaction.url("https://a.example/users/jane-quill/settings"),
    /users\/‹text#1 [^/]*›\/settings$/,
  );
  assert.match(redaction.name("prefs_janequill"), /^‹/);
  // Members are named for numbers and addresses in base64, too.
  for (const text of ["730007063", "12 Rose Lane"]) {
    for (const encoded of [base64Encode(text), base64UrlEncode(text)]) {
      assert.ok(!redaction.name(encoded).includes(encoded), encoded);
    }
  }
  assert.match(redaction.url("https://jane-quill.a.example/"), /^https:\/\/‹/);
});

Deno.test("Redaction.name() hides people whom an answer names after much else", () => {
  const rows = Array.from({ length: 40 }, (_, number) => ({ id: number, full_name: `${number}` }));
  const answer = { rows, page: { owner: { full_name: "Ida Quist" } } };
  const redaction = redactionOf([], capture(trace("GET https://a.example/list", { answer })));
  assert.match(redaction.name("prefs_idaquist"), /^‹/);
  assert.equal(redactionOf().name("prefs_idaquist"), "prefs_idaquist");
});

Deno.test("Placeholders.fill() fills constants in and refuses everything else", () => {
  const redaction = redactionOf([PASSWORD]);
  const constant = redaction.constant('ab"c`${x}');
  const secret = redaction.show(PASSWORD.value);
  const { source, refused } = redaction.placeholders.fill(
    `const a = "${constant}"; const b = "${secret}"; const c = "‹constant#99 x›";`,
  );
  assert.deepEqual(refused, ["secret#1", "constant#99"]);
  assert.ok(source.startsWith('const a = "ab\\u0022c\\u0060\\u0024{x}";'), source);
});

Deno.test("Redaction.show() opens what is encoded in a value of a scheme nobody knows", () => {
  const redaction = redactionOf();
  const inner = "Wexler:4711:9f8a7b6c5d4e3f2a1b0c";
  const hex = new TextEncoder().encode(inner).toHex();
  const shown = /^Session ‹\w+#1 of: text#\d+ 6 letters:number#\d+ 4 digits:secret#\d+ 20 hex›$/;
  assert.match(redaction.show(`Session ${base64Encode(inner)}`), shown);
  assert.match(redaction.show(`Session ${hex}`), shown);
  assert.match(
    redaction.show(base64Encode(base64Encode(inner))),
    /^‹base64#\d+ of: base64#1 of: text#\d+ 6 letters:number#\d+ 4 digits:secret#\d+ 20 hex›$/,
  );
});

Deno.test("Redaction.show() shows the user's name inside an address as what it is", () => {
  const redaction = redactionOf([
    { kind: "identifier", value: "nora" },
    { kind: "identifier", value: "kim.b@corp.example" },
    PASSWORD,
  ]);
  const user = "‹user#1 typed by the user›";
  assert.match(redaction.show("nora@quarz.example"), new RegExp(`^${user}@‹text#\\d+ [^›]*›$`));
  assert.match(
    redaction.show("NORA@quarz.example"),
    /^‹user#1 typed by the user, in another case›@/,
  );
  assert.match(redaction.show("nora.vale@quarz.example"), new RegExp(`^${user}‹`));
  assert.equal(
    redaction.show("kim.b"),
    "‹user#2 what stands before @ in email#1 typed by the user›",
  );
  assert.match(redaction.show("eleonora@quarz.example"), /^‹email#\d+›$/);
});

Deno.test("Redaction shows names of headers, cookies and members, and those of Web Crypto", () => {
  const redaction = redactionOf([EMAIL]);
  const names =
    "__RequestVerificationToken .AspNetCore.Session user[name] _ga_ABC123 Größe X-Amz-Date";
  for (const name of names.split(" ")) assert.equal(redaction.name(name), name);
  const webCrypto =
    "PBKDF2 HKDF RSA-OAEP RSA-PSS RSASSA-PKCS1-v1_5 ECDSA ECDH AES-GCM AES-CBC AES-CTR AES-KW HMAC SHA-1 " +
    "SHA-512 P-256 Ed25519 X25519 raw pkcs8 spki jwk encrypt decrypt deriveKey deriveBits wrapKey unwrapKey";
  for (const name of webCrypto.split(" ")) assert.equal(redaction.show(name), name);
});

Deno.test("redactSentence() never hides words of ours, whatever the user is called", () => {
  const redaction = redactionOf([
    { kind: "identifier", value: "answer" },
    { kind: "password", value: "recorded" },
    { kind: "identifier", value: "quorvane" },
  ]);
  const sentence =
    "t_0004 body proof: is not what the recorded client sent, and no answer holds it";
  assert.equal(redactSentence(sentence, redaction), sentence);
  const quoted = redactSentence('prompt "recorded" of quorvane', redaction);
  assert.equal(quoted, 'prompt "‹secret#1 typed by the user›" of ‹user#2 typed by the user›');
});

Deno.test("redactCode() keeps what stands before and behind values, white space included", () => {
  const redaction = redactionOf([EMAIL]);
  const code =
    'a = "v2|"; b = "user-key:"; c = "  salt  of v1: "; d = "Jane Quill"; e = "k9X2mLq8Zt4R";';
  assert.match(
    redactCode(code, redaction, "asset") ?? "",
    /^a = "v2\|"; b = "user-key:"; c = " {2}salt {2}of v1: "; d = "Jane Quill"; e = "‹constant#1 /,
  );
  const page = redactCode(code, redaction, "page") ?? "";
  assert.match(page, /^a = "v2\|"; b = "user-key:"; c = " {2}salt {2}of v1: ";/);
  assert.ok(!page.includes("Jane"), "a page may hold its reader's name");
});

Deno.test("redactCode() shows the numbers that a page computes with, and hides those it was handed", () => {
  const code =
    "const id = 48151623; a = b ^ 0xedb88320; c = d % 1000000; e = 65521 * f; g = h >>> 2654435769; " +
    'who({ pin: 4815 }, 7301234, -7301235); open("n" + 7301236); n = BigInt("0x00" + b);';
  const page = redactCode(code, redactionOf(), "page") ?? "";
  for (const part of ["b ^ 0xedb88320", "d % 1000000", "65521 * f", "2654435769", '"0x00"']) {
    assert.ok(page.includes(part), `${part} in ${page}`);
  }
  for (const part of ["48151623", "4815", "7301234", "7301235", "7301236"]) {
    assert.ok(!page.includes(part), `${part} in ${page}`);
  }
});

Deno.test("redactCode() shows in a page what members are called, in quotes as well as without", () => {
  const code =
    'send({"who": a, "k9X2mQ7vT4": b}); row()["kind"] = c ? "Zyblith" : ["Jane"]["lot"];';
  const page = redactCode(code, redactionOf(), "page") ?? "";
  for (const part of ['{"who":', '["kind"]', '["lot"]']) assert.ok(page.includes(part), page);
  for (const value of ["k9X2mQ7vT4", "Zyblith", "Jane"]) assert.ok(!page.includes(value), page);
});

Deno.test("redactCode() shows in a page what the recording's headers and fields are called", () => {
  const traces = capture(
    trace("POST https://shop.example.com/in", {
      headers: [["X-Qrl", "9f8e7d6c5b4a"]],
      json: { vzk: "Jane", about: "Zyblith" },
      answerHeaders: [["X-Zkv", "17"]],
    }),
  );
  const code =
    'send({ "X-Qrl": seal, "vzk": who }); open(answer.headers.get("x-zkv")); a = "Zyblith"; b = "Jane";';
  const page = redactCode(code, redactionOf([], traces), "page") ?? "";
  for (const name of ['"X-Qrl"', '"vzk"', '"x-zkv"']) assert.ok(page.includes(name), page);
  for (const value of ["Zyblith", "Jane"]) assert.ok(!page.includes(value), page);
});
