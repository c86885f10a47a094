import assert from "node:assert/strict";
import { createHash, pbkdf2Sync } from "node:crypto";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { JsonObject } from "../../lib/base/json.ts";
import { joinValues } from "../../lib/codec/bytes.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { generateScript } from "../../lib/script/generate.ts";
import { flowOf, linesOf } from "../support/flow_text.ts";
import { capture, RECORDED_AT_MS, trace, type TraceParts } from "../support/traces.ts";

const TOKEN = "m4Tq8Zr1-vY6pLs0K";
const HINTS = [{
  kind: "password" as const,
  name: "password",
  value: "gr8-Secret",
  place: { kind: "text" as const },
}];

/** A login with this body, after these answers. */
function login(json: JsonObject, ...before: readonly Trace[]): Trace[] {
  return capture(
    ...before,
    trace("POST https://shop.example/login", { json, answer: { token: TOKEN } }),
    trace("GET https://shop.example/me", {
      headers: [["Authorization", `Bearer ${TOKEN}`]],
      answer: { name: "Mira" },
    }),
  );
}

function before(parts: TraceParts): Trace {
  return trace("GET https://shop.example/start", parts);
}

Deno.test("a WS-Security digest of the decoded nonce is computed in the script", () => {
  const nonce = Uint8Array.from({ length: 16 }, (_, index) => 240 - index * 11);
  const created = new Date(RECORDED_AT_MS).toISOString();
  const proof = createHash("sha1").update(joinValues([nonce, created, "gr8-Secret"]));
  const traces = login({
    user: "mira.holt",
    nonce: nonce.toBase64(),
    created,
    passwordDigest: proof.digest("base64"),
  });
  const analysis = analyzeLogin(traces, { hints: HINTS });
  assert.equal(analysis.kind, "flow");
  const flow = flowOf(analysis);
  assert.deepEqual(linesOf(flow, "s1 body passwordDigest"), [
    "s1 body passwordDigest = sha1-base64(base64-bytes(~nonce) + ~created + $password)",
  ]);
  const script = generateScript(flow, { app: "shop", answers: new Map() });
  assert.match(script, /nonce = base64_bytes\(crypto\.getRandomValues\(new Uint8Array\(16\)\)\)/);
  assert.match(script, /join_bytes\(base64_to_bytes\(nonce\), created, password\)/);
});

Deno.test("a password stretched as an answer or the client's code says is computed in the script", () => {
  const proof = pbkdf2Sync("gr8-Secret", "k8s-Salt77", 2600, 32, "sha256").toString("hex");
  const body = { user: "mira.holt", passwordHash: proof };
  const told = login(body, before({ answer: { salt: "k8s-Salt77", iterations: 2600 } }));
  const written = '{salt}, {iterations}, "32"';
  const line = linesOf(flowOf(analyzeLogin(told, { hints: HINTS })), "s2 body passwordHash")[0];
  assert.equal(line, `s2 body passwordHash = pbkdf2-sha256-hex($password, ${written})`);
  const inCode = login(
    body,
    before({ answer: { salt: "k8s-Salt77" } }),
    trace("GET https://shop.example/app.js", {
      text: "const ROUNDS = 2600; login();",
      noise: "static-asset",
    }),
  );
  const analysis = analyzeLogin(inCode, { hints: HINTS });
  assert.match(
    linesOf(flowOf(analysis), "s2 body passwordHash")[0] ?? "",
    /pbkdf2-sha256-hex\(\$password, \{salt\}, "2600", "32"\)/,
  );
});
