import assert from "node:assert/strict";
import type { Expr, Generated } from "../../lib/correlate/flow.ts";
import { applyTransform } from "../../lib/codec/transforms.ts";
import { shapeProblem } from "../../lib/replay/generated_shape.ts";
import { type Expectations, matchExpr, Observations } from "../../lib/replay/match_expr.ts";
import { concat, constant, input, made, taken } from "./flows/recording.ts";

const NOW_MS = 1_800_000_000_000;
const VERIFIER: Generated = {
  id: "verifier",
  shape: { kind: "pkce-verifier", length: 43 },
  recorded: "r".repeat(43),
};
const NONCE: Generated = {
  id: "nonce",
  shape: { kind: "random", length: 8, alphabet: "0123456789abcdef" },
  recorded: "0a1b2c3d",
};

function expectations(known: Record<string, string> = {}): Expectations {
  return {
    env: {
      inputs: new Map([["password", "p+&%é"]]),
      extracted: new Map([["csrf", "fresh+1="]]),
      generated: new Map(Object.entries(known)),
      refreshToken: null,
    },
    recorded: {
      inputs: new Map([["password", "hunter2"]]),
      extracted: new Map([["csrf", "stale+1="], ["late", "later-on"]]),
      generated: new Map([["verifier", VERIFIER.recorded], ["nonce", NONCE.recorded]]),
      refreshToken: null,
    },
    generated: new Map([["verifier", VERIFIER], ["nonce", NONCE]]),
    waiting: [],
    nowMs: NOW_MS,
  };
}

const challenge: Expr = { kind: "transform", op: "pkce-s256", args: [made("verifier")] };
const md5: Expr = { kind: "transform", op: "md5-hex", args: [input("password")] };

Deno.test("matchExpr() accepts the fresh value and names what is wrong with any other", () => {
  const cases: [Expr, string, string | null][] = [
    [constant("v1"), "v1", null],
    [constant("v1"), "v2", "is not the recorded constant"],
    [taken("csrf"), "fresh+1=", null],
    [taken("csrf"), "stale+1=", "the captured value of csrf was sent instead of the fresh one"],
    [taken("csrf"), "fresh%2B1%3D", "csrf is sent in a wrong encoding"],
    [taken("csrf"), "fresh 1=", "csrf is sent in a wrong encoding"],
    [taken("csrf"), "", "is empty where csrf belongs"],
    [taken("csrf"), "else", "is not csrf"],
    [taken("late"), "x", "late is not known at this point of the flow"],
    [taken("late"), "later-on", "the captured value of late was sent instead of the fresh one"],
    [concat(constant("T "), taken("csrf")), "T fresh+1=", null],
    [
      concat(constant("T "), taken("csrf")),
      "B stale+1=",
      "the captured value of csrf was sent instead of the fresh one",
    ],
    [md5, applyTransform("md5-hex", ["p+&%é"]), null],
    [
      md5,
      applyTransform("md5-hex", ["hunter2"]),
      "the captured value of password was sent instead of the fresh one",
    ],
    [
      md5,
      applyTransform("md5-hex", ["p+&%é"]).toUpperCase(),
      "password is sent in a wrong encoding",
    ],
    [
      { kind: "transform", op: "base64", args: [concat(input("password"), constant(":"))] },
      applyTransform("base64", ["p+&%é:"]),
      null,
    ],
  ];
  for (const [expr, observed, problem] of cases) {
    const found = matchExpr(expr, observed, "here", expectations(), new Observations());
    assert.equal(found, problem, observed);
  }
});

Deno.test("matchExpr() learns what the client makes up, inside concatenations and encodings", () => {
  const observations = new Observations();
  const basic: Expr = {
    kind: "transform",
    op: "base64",
    args: [concat(constant("n="), made("nonce"), constant(";"))],
  };
  assert.equal(
    matchExpr(basic, btoa("n=12345678;"), "here", expectations(), observations),
    null,
  );
  assert.equal(observations.bound.get("nonce"), "12345678");
  assert.equal(
    matchExpr(made("nonce"), "12345678", "there", expectations(), observations),
    null,
  );
  assert.equal(
    matchExpr(made("nonce"), "87654321", "there", expectations(), observations),
    "is not nonce",
  );
  const wrong = new Observations();
  assert.match(
    matchExpr(basic, btoa("m=12345678;"), "here", expectations(), wrong)!,
    /does not hold/,
  );
  assert.match(matchExpr(basic, "***", "here", expectations(), wrong)!, /is not encoded as/);
});

Deno.test("matchExpr() compares a digest when the value behind it comes by", () => {
  const verifier = "v".repeat(43);
  const sent = applyTransform("pkce-s256", [verifier]);
  const first = new Observations();
  assert.equal(matchExpr(challenge, sent, "the challenge", expectations(), first), null);
  assert.equal(first.waiting.length, 1);
  const later = { ...expectations(), waiting: first.waiting };
  assert.equal(matchExpr(made("verifier"), verifier, "body", later, new Observations()), null);
  assert.equal(
    matchExpr(made("verifier"), "w".repeat(43), "body", later, new Observations()),
    "verifier does not fit what was sent as the challenge",
  );
  assert.equal(
    matchExpr(challenge, "short", "x", expectations(), new Observations()),
    "has not the form of a digest of verifier",
  );
  const recorded = applyTransform("pkce-s256", [VERIFIER.recorded]);
  assert.match(
    matchExpr(challenge, recorded, "x", expectations(), new Observations())!,
    /captured value of verifier/,
  );
});

Deno.test("shapeProblem() takes what a server would take", () => {
  const shaped = (shape: Generated["shape"], recorded = "other"): Generated => ({
    id: "g",
    shape,
    recorded,
  });
  const hex = { kind: "random", length: 16, alphabet: "0123456789abcdef" } as const;
  const rich = { kind: "random", length: 16, alphabet: "0123456789abcxyzXYZ" } as const;
  const cases: [Generated, string, boolean][] = [
    [shaped({ kind: "uuid" }), crypto.randomUUID(), true],
    [shaped({ kind: "uuid" }), "not-a-uuid", false],
    [shaped({ kind: "pkce-verifier", length: 43 }), "a".repeat(128), true],
    [shaped({ kind: "pkce-verifier", length: 43 }), "a".repeat(129), false],
    [shaped({ kind: "pkce-verifier", length: 43 }), `${"a".repeat(42)}+`, false],
    [shaped(hex), "0123456789abcdef", true],
    [shaped(hex), "0123456789abcdeg", false],
    [shaped(hex), "0123", false],
    [shaped(hex), "0".repeat(40), false],
    [shaped(hex, "0123456789abcdef"), "0123456789abcdef", false],
    [shaped({ kind: "random", length: 1, alphabet: "01" }, "1"), "1", true],
    [shaped(rich), "QRSTqrst0123_-Aa", true],
    [shaped(rich), "QRSTqrst0123 Aa", false],
    [shaped({ kind: "timestamp", unit: "ms" }), String(NOW_MS + 1000), true],
    [shaped({ kind: "timestamp", unit: "s" }), String(NOW_MS / 1000), true],
    [shaped({ kind: "timestamp", unit: "s" }), String(NOW_MS), false],
    [shaped({ kind: "timestamp", unit: "iso" }), new Date(NOW_MS).toISOString(), true],
    [shaped({ kind: "timestamp", unit: "iso" }), "2024-01-01T00:00:00Z", false],
    [shaped({ kind: "timestamp", unit: "ms" }), "soon", false],
  ];
  for (const [generated, observed, isRight] of cases) {
    assert.equal(shapeProblem(generated, observed, NOW_MS) === null, isRight, observed);
  }
});
