import assert from "node:assert/strict";
import { base64Decode, base64Encode, base64UrlEncode } from "../../lib/http/base64.ts";
import { decodeJwt } from "../../lib/http/jwt.ts";
import { RandomSource } from "../../lib/replay/random_source.ts";
import { FreshValues } from "../../lib/replay/fresh_values.ts";
import { mintLike } from "../../lib/replay/mint.ts";
import { countingRandom } from "./counting_random.ts";

const RECORDED_AT_MS = Date.UTC(2024, 4, 14);
const SHIFT = { recordedAtMs: RECORDED_AT_MS, nowMs: RECORDED_AT_MS + 1_000_000_000 };
const MINTED = { name: "token", kind: "extracted" } as const;

function freshValues(constants: string[] = []): FreshValues {
  return new FreshValues(new RandomSource(countingRandom()), constants, SHIFT);
}

Deno.test("mintLike() makes a number of a number, so that the JSON around it stays JSON", () => {
  const minted = mintLike("1893456000", new RandomSource(countingRandom()));
  assert.match(minted, /^[1-9]\d{9}$/);
});

Deno.test("mintLike() keeps length, character classes and punctuation, and differs", () => {
  const random = new RandomSource(countingRandom());
  const cases: [string, RegExp][] = [
    ["5b1c7e52-9f0d-4c1e-8a77-2d9b6f3a1c04", /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-/],
    ["9f8e7d6c5b4a3928", /^[0-9a-f]{16}$/],
    ["9F8E7D6C5B4A3928", /^[0-9A-F]{16}$/],
    ["604218", /^[1-9]\d{5}$/],
    ["kX3+9vQ/2L==", /^[a-z][A-Z]\d\+\d[a-z][A-Z]\/\d[A-Z]==$/],
    ["s:q8Zp4Tz0Lk.Vb7", /^s:[a-z]\d[A-Z][a-z]\d[A-Z][a-z]\d[A-Z][a-z]\.[A-Z][a-z]\d$/],
    ["sk_live_a1b2c3d4e5", /^sk_live_[a-z]\d[a-z]\d[a-z]\d[a-z]\d[a-z]\d$/],
    ["true", /^false$/],
    ["7", /^[1-9]$/],
  ];
  for (const [recorded, shape] of cases) {
    for (let run = 0; run < 20; run++) {
      const minted = mintLike(recorded, random);
      assert.match(minted, shape);
      assert.notEqual(minted, recorded);
      assert.equal(minted.length, recorded === "true" ? 5 : recorded.length);
    }
  }
  assert.equal(mintLike("--", random), "--");
});

Deno.test("FreshValues.of() is the same for the same value, in every encoding of a text", () => {
  const values = freshValues();
  values.add("aB3+/xY9==", MINTED);
  const fresh = values.of("aB3+/xY9==", SHIFT);
  assert.notEqual(fresh, "aB3+/xY9==");
  assert.equal(values.of("aB3+/xY9==", SHIFT), fresh);
  const text = `${"aB3+/xY9=="} ${encodeURIComponent("aB3+/xY9==")}`;
  assert.equal(values.substitute(text, "text", SHIFT), `${fresh} ${encodeURIComponent(fresh)}`);
});

Deno.test("FreshValues leaves constants, places and undeclared text alone", () => {
  const values = freshValues(["client_id=web-7c21-x9", "https://app.example/operator"]);
  values.add("web-7c21-x9", { name: "id", kind: "minted" });
  values.add("operator", { name: "username", kind: "input" }, "mira.holt");
  values.add("https://app.example/next", MINTED);
  const text = "web-7c21-x9 /operator/home https://app.example/next";
  assert.equal(values.substitute(text, "text", SHIFT), text);
});

Deno.test("FreshValues rebuilds a JWT around the new values and moves its times", () => {
  const values = freshValues();
  values.add("session-4f1c9e", MINTED);
  const claims = {
    iss: "https://id.example/",
    sub: "auth0|5f1c9e77",
    sid: "session-4f1c9e",
    email: "alice@corp.example",
    role: "member",
    iat: RECORDED_AT_MS / 1000,
    exp: RECORDED_AT_MS / 1000 + 600,
  };
  const head = base64UrlEncode('{"alg":"RS256","kid":"k-1"}');
  const jwt = `${head}.${base64UrlEncode(JSON.stringify(claims))}.c2lnbmF0dXJl-x`;
  values.add(jwt, MINTED);
  const fresh = values.of(jwt, SHIFT);
  const payload = decodeJwt(fresh)!.payload;
  assert.equal(fresh.split(".")[0], head);
  assert.notEqual(fresh.split(".")[2], "c2lnbmF0dXJl-x");
  assert.equal(payload.iss, claims.iss);
  assert.equal(payload.role, claims.role);
  assert.equal(payload.sid, values.of("session-4f1c9e", SHIFT));
  assert.match(String(payload.sub), /^auth0\|[0-9a-z]{8}$/);
  assert.notEqual(payload.sub, claims.sub);
  assert.notEqual(payload.email, claims.email);
  assert.equal(payload.exp, claims.exp + 1_000_000);
  assert.equal(payload.iat, claims.iat + 1_000_000);
});

Deno.test("FreshValues opens base64 and percent-encoding to what they hold", () => {
  const values = freshValues();
  values.add("tok-81-Lq0zN5", MINTED);
  const inner = '{"t":"tok-81-Lq0zN5","v":1}';
  values.add(base64Encode(inner), MINTED);
  values.add("WP%20Cookie%2Bcheck%207", MINTED);
  const fresh = values.of("tok-81-Lq0zN5", SHIFT);
  assert.equal(
    base64Decode(values.of(base64Encode(inner), SHIFT)),
    `{"t":"${fresh}","v":1}`,
  );
  assert.match(
    values.of("WP%20Cookie%2Bcheck%207", SHIFT),
    /^[A-Z]{2}%20[A-Z][a-z]{5}%2B[a-z]{5}%20\d$/,
  );
});

Deno.test("FreshValues.substituteJson() replaces short values by member name and moves times", () => {
  const values = freshValues();
  values.add("42", MINTED);
  values.addUnderKey("42", "id");
  values.add("demo", { name: "username", kind: "input" }, "mira.holt");
  const at = new Date(RECORDED_AT_MS).toISOString();
  const text = `{ "id": 42, "count": 42, "who": "demo", "at": "${at}", "sec": ${
    RECORDED_AT_MS / 1000
  }, "old": "2001-01-01T00:00:00Z" }`;
  const fresh = JSON.parse(values.substituteJson(text, SHIFT)!);
  assert.equal(String(fresh.id), values.of("42", SHIFT));
  assert.equal(fresh.count, 42);
  assert.equal(fresh.who, "mira.holt");
  assert.equal(fresh.at, new Date(SHIFT.nowMs).toISOString());
  assert.equal(fresh.sec, SHIFT.nowMs / 1000);
  assert.equal(fresh.old, "2001-01-01T00:00:00Z");
  assert.equal(values.substituteJson("no JSON", SHIFT), undefined);
});

Deno.test("FreshValues.substituteJson() leaves literals of JSON alone where somebody typed the same word", () => {
  const values = freshValues();
  values.add("true", { name: "password", kind: "input" }, "Kestrel#44");
  values.add("null", { name: "username", kind: "input" }, "mira.holt");
  values.add("7", { name: "pin", kind: "input" }, "3");
  const text = '{ "ok": true, "error": null, "who": "null", "pin": 7, "said": "true" }';
  assert.deepEqual(JSON.parse(values.substituteJson(text, SHIFT)!), {
    ok: true,
    error: null,
    who: "mira.holt",
    pin: 3,
    said: "Kestrel#44",
  });
});

Deno.test("FreshValues.staleIn() finds recorded values in any encoding, and short ones alone", () => {
  const values = freshValues(["admin"]);
  values.add("aB3+/xY9==", MINTED);
  values.add("demo", { name: "username", kind: "input" }, "mira.holt");
  values.add("admin", { name: "other", kind: "input" }, "nora.pike");
  values.add("made-by-client-1", { name: "state", kind: "generated" });
  assert.equal(values.staleIn("?t=aB3%2B%2FxY9%3D%3D")?.name, "token");
  assert.equal(values.staleIn("demo")?.name, "username");
  assert.equal(values.staleIn("a demo page"), undefined);
  assert.equal(values.staleIn("admin"), undefined);
  assert.equal(values.staleIn("made-by-client-1"), undefined);
  assert.equal(values.mask("bad aB3%2B%2FxY9%3D%3D!"), "bad ‹token›!");
});

Deno.test("FreshValues.goOnFrom() has a renewal say of a session what its login said", () => {
  const [login, renewal] = [freshValues(), freshValues()];
  const nonce = "AVTAxHFgeWLvOq7XgqXVDg";
  for (const values of [login, renewal]) values.add(nonce, { name: "nonce", kind: "generated" });
  login.add("usr_81ab77", MINTED);
  login.learn(nonce, "kjwYsKfYsbLz4RSzKY1zhC", "nonce");
  const user = login.of("usr_81ab77", SHIFT);
  renewal.goOnFrom(login);
  const claims = JSON.stringify({ nonce, user: "usr_81ab77", jti: "qQ81mz77" });
  assert.equal(
    renewal.substituteJson(claims, SHIFT),
    JSON.stringify({ nonce: "kjwYsKfYsbLz4RSzKY1zhC", user, jti: "qQ81mz77" }),
  );
});
