/** Properties of claims: whatever a client computes, nothing else than that passes for it. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { applyTransform, type TransformOp } from "../../lib/codec/transforms.ts";
import type { Input } from "../../lib/correlate/flow.ts";
import { unstableGaps, uselessPrompts, writtenGaps } from "../../lib/replay/claims.ts";
import { judgeTrial, type Person } from "../judge/trial.ts";
import { fuzzRuns } from "../support/fuzz_runs.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://mill.example";
const TOKEN = "Zq81mmT0pLx4Rr7wB2";

/** What clients make of what was typed: digests, encodings, and texts around them. */
const BY_TRANSFORM: readonly TransformOp[] = [
  "md5-hex",
  "sha1-hex",
  "sha256-hex",
  "sha256-base64",
  "base64",
  "base64url",
];
const digest = (op: TransformOp, text: string) => applyTransform(op, [text]);
const OWN: Readonly<Record<string, (text: string) => string>> = {
  "digits": (text) => String(BigInt(`0x${digest("md5-hex", text)}`) % 10n ** 8n).padStart(8, "0"),
  "upper hex": (text) => digest("sha1-hex", text).toUpperCase(),
  "short hex": (text) => digest("sha1-hex", text).slice(0, 8),
  "base36": (text) => BigInt(`0x${digest("sha1-hex", text)}`).toString(36),
  "reversed base64": (text) => [...digest("base64", text)].reverse().join(""),
  "Ascii85": (text) => ascii85(Uint8Array.fromHex(digest("sha256-hex", text))),
  "URL-escaped": (text) => encodeURIComponent(digest("sha256-base64", text)),
  "in JSON": (text) => JSON.stringify({ alg: "S256", hash: digest("sha256-base64", text) }),
  "JWS-like": (text) =>
    ["base64url", "sha256-base64", "base64url"].map((op) =>
      digest(op as TransformOp, text).replace(/[+/=]/g, "-")
    ).join("."),
  "behind a scheme": (text) => `HMAC-SHA256 ${digest("sha256-base64", text)}`,
  "behind a name": (text) => `{SSHA}${digest("sha1-hex", text)}`,
  "in a crypt format": (text) => `$5$rounds=5000$${digest("sha256-hex", text)}`,
};
const OPS = [...BY_TRANSFORM, ...Object.keys(OWN)];

function ascii85(bytes: Uint8Array): string {
  const words = new DataView(bytes.buffer, bytes.byteOffset);
  return Array.from({ length: bytes.length / 4 }, (_, at) => {
    const digits = Array.from(
      { length: 5 },
      (_, place) => Math.floor(words.getUint32(at * 4) / 85 ** (4 - place)) % 85,
    );
    return String.fromCharCode(...digits.map((value) => value + 33));
  }).join("");
}

interface Computation {
  readonly op: string;
  readonly between: string;
  readonly isSaltFirst: boolean;
}

const computation = fc.record({
  op: fc.constantFrom(...OPS),
  between: fc.constantFrom("", ":", "|", "--"),
  isSaltFirst: fc.boolean(),
});
const typed = fc.stringMatching(/^[A-Za-z0-9!&"%é ]{3,20}$/).filter((text) => text.trim() === text);
const salt = fc.stringMatching(/^[a-f][0-9][a-f0-9]{12}[a-f][0-9]$/);

function computed({ op, between, isSaltFirst }: Computation, password: string, salt: string) {
  const parts = isSaltFirst ? [salt, between, password] : [password, between, salt];
  const text = parts.join("");
  return OWN[op]?.(text) ?? digest(op as TransformOp, text);
}

/** What is wrong with a script that computes one thing where the recorded client computed another. */
function judged(
  recorded: { readonly password: string; readonly salt: string },
  client: Computation,
  script: Computation,
  isReproducible: boolean,
): string[] {
  const login = (proof: string, salt: string): TraceParts => ({ json: { proof, salt } });
  const value = computed(client, recorded.password, recorded.salt);
  const { objections } = judgeTrial({
    recorded: { user: "ada.quill", password: recorded.password },
    asks: ["password"],
    claimed: [{ value, isReproducible }],
    traces: capture(
      trace(`POST ${SITE}/salt`, { json: {}, answer: { salt: recorded.salt } }),
      trace(`POST ${SITE}/enter`, {
        ...login(value, recorded.salt),
        answer: { token: TOKEN },
      }),
      trace(`GET ${SITE}/me`, { headers: [["Authorization", `Bearer ${TOKEN}`]], answer: {} }),
    ),
    play: ({ password, fresh }: Person) => {
      const now = fresh(recorded.salt);
      const { request } = trace(`POST ${SITE}/enter`, login(computed(script, password, now), now));
      return {
        sent: { t_0001: trace(`POST ${SITE}/salt`, { json: {} }).request, t_0002: request },
        result: {
          headers: { Authorization: `Bearer ${fresh(TOKEN)}` },
          parameters: [],
          computed: [],
        },
      };
    },
  });
  return objections.map(({ where, problem }) => `${where} ${problem}`);
}

Deno.test("a claim that computes what the recorded client computed passes, whatever was typed", () => {
  fc.assert(
    fc.property(typed, salt, computation, fc.boolean(), (password, salt, client, exact) => {
      assert.deepEqual(judged({ password, salt }, client, client, exact), []);
    }),
    { numRuns: fuzzRuns(300) },
  );
});

Deno.test("a claim that computes anything else is refused where the recording holds what was typed", () => {
  fc.assert(fc.property(typed, salt, computation, computation, (password, salt, client, script) => {
    fc.pre(computed(client, password, salt) !== computed(script, password, salt));
    assert.deepEqual(judged({ password, salt }, client, script, true), [
      'body field "proof" is not what the recorded client sent for the same input',
    ]);
  }));
});

Deno.test("a claim of a fixed length is of the recorded one's where nothing else can be told", () => {
  const client = { op: "md5-hex", between: ":", isSaltFirst: true };
  const judgedAs = (op: string) =>
    judged({ password: "Tarn-88", salt: "a0c6a0c0ac6004c0" }, client, { ...client, op }, false);
  assert.deepEqual(judgedAs("md5-hex"), []);
  for (const op of ["sha1-hex", "sha256-hex", "short hex"]) {
    assert.deepEqual(judgedAs(op), [
      'body field "proof" has a length far from the recorded one\'s',
    ]);
  }
});

const gap: Input = { name: "proof", label: "Proof", secret: true, kind: "other", recorded: "" };

Deno.test("a claim has to be the same for the same answers, and an answer has to change something", () => {
  const asked: Input = { ...gap, name: "pin", label: "PIN" };
  const at = { trace: "t_0001", where: "x", place: "at", value: "" };
  const claim = { at, value: "", isReproducible: false };
  const influence = (unstable: string[], changed: string[]) => ({
    changed: new Map([["pin", new Set(changed)]]),
    unstable: new Set(unstable),
    sent: new Map(),
    answers: new Map(),
  });
  const found = (unstable: string[], changed: string[]) =>
    [
      ...unstableGaps([gap], [claim], influence(unstable, changed)),
      ...uselessPrompts([asked], [claim], influence(unstable, changed)),
    ].map(({ where }) => where);
  assert.deepEqual(found([], ["at"]), []);
  assert.deepEqual(found([], ["elsewhere"]), []);
  assert.deepEqual(found([], []), ['prompt "PIN"']);
  assert.deepEqual(found(["at"], []), ['value "proof"']);
});

Deno.test("a claimed value is found in a script in whatever way it is written, and no other", () => {
  const written = [
    JSON.stringify,
    (text: string) => JSON.stringify(encodeURIComponent(text)),
    (text: string) => `\`key=${encodeURIComponent(encodeURIComponent(text))}\``,
  ];
  const value = fc.stringMatching(/^[A-Za-z]{3}[A-Za-z0-9+/=:"]{8,30}[A-Za-z0-9]$/);
  fc.assert(fc.property(value, fc.constantFrom(...written), (recorded, write) => {
    const find = (source: string) => writtenGaps(source, [{ ...gap, recorded }]).length;
    assert.equal(find(`const proof = ${write(recorded)};\n`), 1);
    assert.equal(find("const proof = await hash(password);\n"), 0);
  }));
});

Deno.test("judgeScript() takes a claim for a constant where it is the same whoever logs in", () => {
  const mac = "6kf4xhjK0feg8SB1bTddsYPWS4PUtLEDHdc5i9tSx/E=";
  const login = (user: string, seal: string) =>
    trace(`POST ${SITE}/login`, { json: { user, seal }, answer: { token: TOKEN } });
  const parts = (token: string) => ({ headers: [["Authorization", `Bearer ${token}`]] as const });
  const verdict = (sealOf: (who: Person) => string) =>
    judgeTrial({
      recorded: { user: "noor.feld", password: "Tarn-88 quay" },
      traces: capture(
        login("noor.feld", mac),
        trace(`GET ${SITE}/me`, { ...parts(TOKEN), answer: {} }),
      ),
      claimed: [{ value: mac, isReproducible: true }],
      play: (who) => ({
        sent: { t_0001: login(who.user, sealOf(who)).request },
        result: {
          headers: { Authorization: `Bearer ${who.fresh(TOKEN)}` },
          parameters: [],
          computed: [],
        },
      }),
      asks: ["user"],
    });
  const fixed = verdict(() => mac);
  const told = [...fixed.objections, ...fixed.assumptions.filter(({ isSettled }) => !isSettled)];
  assert.ok(told.some(({ where }) => where.includes("seal")), JSON.stringify(fixed));
  const computed = verdict(({ fresh }) => fresh(mac));
  const open = computed.assumptions.filter(({ isSettled }) => !isSettled);
  assert.deepEqual([...computed.objections, ...open], []);
});
