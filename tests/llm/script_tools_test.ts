import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { base64Encode, base64UrlEncode } from "../../lib/http/base64.ts";
import { readReply } from "../../lib/llm/candidate.ts";
import { recordedFacts } from "../../lib/llm/recorded_facts.ts";
import { RecordingView } from "../../lib/llm/recording_view.ts";
import { redactProse } from "../../lib/llm/redact_prose.ts";
import { Redaction } from "../../lib/llm/redaction.ts";
import { answerCall, SCRIPT_TOOLS, type ToolDesk } from "../../lib/llm/script_tools.ts";
import { capture, trace } from "../support/traces.ts";
import { Canaries, canaryRecording } from "./canaries.ts";
import { computedLogin, SALT, USER } from "./computed_login.ts";

function deskOf(traces = computedLogin()): ToolDesk {
  const analysis = analyzeLogin(traces);
  const facts = recordedFacts(traces, "flow" in analysis ? analysis.flow : null, []);
  return {
    view: new RecordingView(traces, new Redaction(facts)),
    prove: () => Promise.resolve("not proven here"),
    findings: null,
    proveFlow: () => Promise.resolve(null),
  };
}

function call(desk: ToolDesk, name: string, args: unknown): Promise<string> {
  return answerCall({
    id: "1",
    name,
    arguments: typeof args === "string" ? args : JSON.stringify(args),
  }, desk);
}

Deno.test("search_traces shows everywhere that a value flows", async () => {
  const desk = deskOf();
  const salt = desk.view.redaction.show(SALT);
  const name = /‹(secret#\d+)/.exec(salt)![1]!;
  const found = await call(desk, "search_traces", { text: name });
  assert.deepEqual(found.split("\n").map((line) => line.split(":")[0]), [
    "t_0003 response.body.salt",
    "t_0004 request.body.salt",
  ]);
});

Deno.test("where_from answers as correlation would", async () => {
  const desk = deskOf();
  const answer = await call(desk, "where_from", { value: desk.view.redaction.show(SALT) });
  assert.equal(answer, "t_0003 response, json path salt; the client first sends it in t_0004");
  assert.match(
    await call(desk, "where_from", { value: desk.view.redaction.show(USER) }),
    /^t_0006 response, json path email; the client first sends it in t_0003$/,
  );
});

Deno.test("where_from looks inside encodings, of answers and of the value", async () => {
  const token = "kT9qLmZ3xWv8RbYc";
  const jwt =
    [{ alg: "HS256" }, { sid: "s-48Qw7Zx1Lm" }].map((part) => base64UrlEncode(JSON.stringify(part)))
      .join(".") + ".sig_1Ab2Cd3Ef4";
  const packed = base64Encode(JSON.stringify({ session: { token } }));
  const spelled = new TextEncoder().encode(`id=${token}`).toHex();
  const desk = deskOf(capture(
    trace("GET https://a.example/x", { answer: { packed, jwt } }),
    trace("GET https://a.example/y", { answer: { spelled: "%7B%22a%22%3A%22u-7Yq2Zt5Kp%22%7D" } }),
    trace("POST https://a.example/z", {
      headers: [["X-Pair", base64Encode(`${token}:u-7Yq2Zt5Kp`)], ["X-Hex", spelled]],
    }),
  ));
  const from = (value: string) => call(desk, "where_from", { value });
  assert.match(
    await from(token),
    /^t_0001 response, json path packed, then base64-decode, then json path session\.token/,
  );
  assert.match(
    await from("s-48Qw7Zx1Lm"),
    /^t_0001 response, json path jwt, then jwt-payload, then json path sid/,
  );
  assert.match(await from("u-7Yq2Zt5Kp"), /^t_0002 .*url-decode, then json path a/);
  const inside = await from(spelled);
  assert.match(
    inside,
    /^no response holds it; the client first sends it in t_0003\nin it, hex-decode/,
  );
  assert.match(inside, /param name id: ‹secret#\d+ [^›]*›, t_0001 response, json path packed/);
  assert.ok(!inside.includes(token));
});

Deno.test("search_traces finds a name everywhere in a script, whatever its case", async () => {
  const filler = `${"x".repeat(60)}();`.repeat(40);
  const desk = deskOf(capture(
    trace("GET https://a.example/app.js", {
      noise: "static-asset",
      answerHeaders: [["Content-Type", "application/javascript"]],
      text:
        `function deriveProof() {} ${filler} deriveProof(); ${filler} DeriveProof; deriveProof();`,
    }),
  ));
  const found = await call(desk, "search_traces", { text: "deriveproof" });
  assert.equal(found.split("\n").length, 3);
  assert.match(found.split("\n")[2]!, /DeriveProof; deriveProof\(\);$/);
});

Deno.test("inspect_trace shows the code of a page's script with its constants named", async () => {
  const code = await call(deskOf(), "inspect_trace", { id: "t_0002", part: "response.body" });
  assert.match(code, /\[\.\.\.password\]\.reverse\(\)\.join\(""\) \+ ":" \+ salt/);
  assert.match(code, /build = "‹constant#1/);
  assert.match(code, /"SHA-256"/);
});

Deno.test("decode_jwt, decode_base64 and decode_url open placeholders and hide what is inside", async () => {
  const jwt = [{ alg: "HS256" }, { sub: "u-77Qx91Lm2", scope: "openid", name: "Zora Quint" }]
    .map((part) => base64UrlEncode(JSON.stringify(part))).join(".") + ".sig_1Ab2Cd3Ef4";
  const pair = base64Encode("zora:Quint-Pa55");
  const desk = deskOf(
    capture(
      trace("GET https://a.example/x", { answer: { jwt, pair, next: "%2Fhome%3Fa%3Dopenid" } }),
    ),
  );
  const { redaction } = desk.view;
  const opened = JSON.parse(await call(desk, "decode_jwt", { value: redaction.show(jwt) }));
  assert.equal(opened.payload.scope, "openid");
  assert.match(opened.payload.sub, /^‹secret#/);
  assert.match(opened.payload.name, /^‹text#/);
  assert.match(
    await call(desk, "decode_base64", { value: redaction.show(pair) }),
    /^‹[^›]+›:‹[^›]+›$/,
  );
  assert.equal(await call(desk, "decode_url", { value: "%2Fhome%3Fa%3Dopenid" }), "/home?a=openid");
  assert.match(await call(desk, "decode_jwt", { value: "nonsense" }), /^error: that is not a JWT/);
});

Deno.test("answerCall() refuses what is too long with advice, and what it does not know", async () => {
  const rows = Array.from(
    { length: 400 },
    (_, index) => ({ id: `row-${index}-x7Yq2`, label: `Label ${index}` }),
  );
  const desk = deskOf(capture(trace("GET https://a.example/x", { answer: { rows, total: 3 } })));
  assert.match(
    await call(desk, "inspect_trace", { id: "t_0001" }),
    /^error: the answer has \d+ characters.*name a part/,
  );
  assert.equal(
    await call(desk, "inspect_trace", { id: "t_0001", part: "response.body.total" }),
    "3",
  );
  const hits = (await call(desk, "search_traces", { text: "label" })).split("\n");
  assert.equal(hits.length, 41);
  assert.match(hits[40]!, /^and 360 more: search with "from": 40$/);
  const rest = await call(desk, "search_traces", { text: "label", from: 390 });
  assert.equal(rest.split("\n").length, 10);
  assert.match(
    await call(desk, "inspect_trace", { id: "t_0001", range: "0-40" }),
    /^\{"id":"t_0001",[^]*\n\(0-40 of \d+\)$/,
  );
  assert.match(
    await call(desk, "read_file", { path: "/etc/passwd" }),
    /^error: there is no such tool/,
  );
  assert.match(await call(desk, "inspect_trace", "{bad"), /^error: the arguments are no JSON/);
  assert.match(await call(desk, "inspect_trace", { id: "t_9999" }), /^error: there is no trace/);
});

Deno.test("no tool answers with a canary, whatever it is asked", async () => {
  const canaries = new Canaries();
  const traces = canaryRecording(canaries);
  const desk = deskOf(traces);
  const answers: string[] = [];
  const names = [...desk.view.redaction.placeholders.all()].map(({ kind, number }) =>
    `${kind}#${number}`
  );
  for (const name of names) {
    for (
      const tool of ["search_traces", "decode_jwt", "decode_base64", "decode_url", "where_from"]
    ) {
      answers.push(await call(desk, tool, { value: name, text: name }));
    }
  }
  for (const { id } of traces) {
    for (
      const part of ["", "request", "request.body", "response", "response.headers", "response.body"]
    ) {
      answers.push(await call(desk, "inspect_trace", { id, part }));
    }
  }
  assert.ok(answers.length > 100);
  assert.deepEqual(canaries.foundIn(answers.join("\n")), []);
  assert.equal(SCRIPT_TOOLS.length, 12);
});

Deno.test("redactProse() shows the script's own words and no value of a live run", () => {
  const redaction = new Redaction(
    recordedFacts([], null, [{ kind: "password", value: "correct horse" }]),
  );
  const script =
    'debug("answer keys", Object.keys(answer)); throw new Error("no csrf field after redirect");';
  const shown = redactProse(
    "TypeError: no csrf field after redirect (reading 'token') user=zora.quint token=9Zx4Kp2Lm8 correct+horse Zora",
    redaction,
    script,
  );
  assert.match(shown, /^TypeError: no csrf field after redirect \(reading 'token'\) /);
  for (const secret of ["zora", "quint", "9Zx4", "correct", "horse", "Zora"]) {
    assert.ok(!shown.includes(secret), `${secret} in ${shown}`);
  }
});

Deno.test("readReply() finds the script, or the word that there is none, however it is fenced", () => {
  const code = "export async function acquire_token() { return { headers: {} }; }\n";
  for (
    const text of [
      `\`\`\`ts\n${code}\`\`\``,
      `So:\n\`\`\`\n${code}\`\`\`\nDone.`,
      `~~~typescript\n${code}~~~`,
      code,
    ]
  ) {
    assert.deepEqual(readReply(text), { kind: "script", source: code }, text);
  }
  for (const text of ["NO_AUTH", "```\nNO_AUTH\n```", "There is none: NO_AUTH."]) {
    assert.deepEqual(readReply(text), { kind: "no-auth" }, text);
  }
  assert.deepEqual(readReply("acquire_token is hard; what is the password?"), { kind: "text" });
});

Deno.test("a repair takes no findings, and says what it takes", async () => {
  const answer = await call(deskOf(), "explain", { value: "secret#1", expression: "uuid()" });
  assert.match(
    answer,
    /^error: a repair takes no findings; hand in the whole script with prove_script$/,
  );
});
