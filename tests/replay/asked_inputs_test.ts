/**
 * Whole scripts that ask for more than the analysis knows: for a password which no request carries, for a PIN beside
 * one, for the name of a company. Right ones pass, with what was taken on trust; wrong ones do not.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { TypedValue } from "../../lib/correlate/typed_value.ts";
import { openOf } from "../../lib/llm/findings/finding_desk.ts";
import { type ClaimProof, proveClaim } from "../../lib/replay/prove_claim.ts";
import { DEFAULT_GUEST_LIMITS } from "../../lib/sandbox/limits.ts";
import { fakeContext } from "../support/fake_context.ts";
import { flowOf } from "../support/flow_text.ts";
import { capture, trace } from "../support/traces.ts";

const SITE = "https://weir.example";
const TOKEN = "JT-hUGf-pLQuGMv6NFd-k9rG";
const USER = "ines.morel";
const PASSWORD = "Weir keeper 9";

/** Five digits of a digest: they look like a number of the page's. */
const digitsOf = (text: string) =>
  String(parseInt(createHash("sha256").update(text).digest("hex").slice(0, 8), 16) % 100_000)
    .padStart(5, "0");

const TRACES = capture(
  trace(`POST ${SITE}/enter`, {
    json: { login: USER, proof: digitsOf(PASSWORD) },
    answer: { pass: TOKEN },
  }),
  ...["/api/me", "/api/locks"].map((path) =>
    trace(`GET ${SITE}${path}`, {
      headers: [["Authorization", `Bearer ${TOKEN}`]],
      answer: { list: [1] },
    })
  ),
);

const told = (kind: TypedValue["kind"], value: string, name: string = kind): TypedValue =>
  ({ kind, name, value, place: { kind: "text" } }) as TypedValue;
const HINTS = [told("identifier", USER), told("password", PASSWORD)];
const FLOW = flowOf(analyzeLogin(TRACES, { hints: HINTS }));

/** @param proof an expression; `password` is there where `asks` */
const script = (proof: string, asks = true) =>
  `export async function acquire_token() {
  const login = await prompt_text("Login");
  ${asks ? 'const password = await prompt_secret("Passphrase");' : ""}
  const digits = async (text: string) => {
    const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
    return String(new DataView(bytes.buffer).getUint32(0) % 100000).padStart(5, "0");
  };
  const answer = await fetch("${SITE}/enter", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ login, proof: ${proof} }),
  });
  const { pass } = await answer.json();
  return { headers: { Authorization: "Bearer " + pass } };
}
`;

async function prove(source: string, isTold = true): Promise<ClaimProof & { said: string }> {
  const proof = await proveClaim(fakeContext({ nowMs: Date.now() }), {
    source,
    fileName: "auth_acquire.ts",
    flow: FLOW,
    traces: TRACES,
    hints: isTold ? HINTS : [],
    limits: DEFAULT_GUEST_LIMITS,
  });
  const said = proof.mismatches.map(({ where, problem }) => `${where}: ${problem}`).join("; ");
  return { ...proof, said };
}

Deno.test("proveClaim() takes what a script computes of a told password, exactly as it was sent", async () => {
  const proof = await prove(script("await digits(password)"));
  assert.equal(proof.said, "");
  assert.equal(proof.gaps, "exact");
  assert.deepEqual(proof.asked, [{ label: "Passphrase", secret: true }]);
});

Deno.test("proveClaim() takes it by its form where nobody told the password, and says so", async () => {
  const proof = await prove(script("await digits(password)"), false);
  assert.equal(proof.said, "");
  assert.equal(proof.gaps, "dependence");
  const open = proof.assumptions.filter(({ isSettled }) => !isSettled);
  assert.deepEqual(open.map(({ trace, where }) => `${trace} ${where}`), [
    't_0001 body field "proof"',
  ]);
});

const WRONG: readonly (readonly [what: string, source: string, said: RegExp])[] = [
  [
    "computes something else of the password",
    script("await digits(password + login)"),
    /proof.*is not what the recorded client sent for the same input/,
  ],
  [
    "asks for the password and sends a constant",
    script(`"${digitsOf(PASSWORD)}"`),
    /computes nothing of the password that was told/,
  ],
  [
    "asks nobody for the password",
    script(`"${digitsOf(PASSWORD)}"`, false),
    /computes nothing of the password that was told/,
  ],
];

for (const [what, source, said] of WRONG) {
  Deno.test(`proveClaim() refuses a script that ${what}`, async () => {
    const proof = await prove(source);
    assert.equal(proof.passed, false);
    assert.match(proof.said, said);
  });
}

Deno.test("proveClaim() refuses what is far from as long as the recorded client's", async () => {
  const proof = await prove(script("(await digits(password)).repeat(5)"), false);
  assert.match(proof.said, /proof.*a length far from the recorded one's/);
});

const SALT = "b7e1c02f94aa63d8";
const PIN = "739214";
const sha = (text: string) => createHash("sha256").update(text).digest("hex");
const faces = (hex: string) =>
  [...hex].slice(0, 9).map((digit) => String.fromCodePoint(0x1f600 + parseInt(digit, 16))).join("");

interface Salted {
  /** What the recorded client sent beside the name. */
  readonly sent: Readonly<Record<string, unknown>>;
  /** Beside the name. */
  readonly told: readonly TypedValue[];
  /** Labels of what is asked for beside the name, by variable. */
  readonly asks: Readonly<Record<string, string>>;
  /** Expressions of the fields that the script sends; `salt`, `hex()` and `faces()` are there. */
  readonly sends: Readonly<Record<string, string>>;
}

async function proveSalted({ sent, told: known, asks, sends }: Salted) {
  const traces = capture(
    trace(`POST ${SITE}/salt`, { json: { login: USER }, answer: { salt: SALT } }),
    trace(`POST ${SITE}/enter`, { json: { login: USER, ...sent }, answer: { pass: TOKEN } }),
    ...["/api/me", "/api/locks"].map((path) =>
      trace(`GET ${SITE}${path}`, {
        headers: [["Authorization", `Bearer ${TOKEN}`]],
        answer: { list: [1] },
      })
    ),
  );
  const typed = [told("identifier", USER), ...known];
  const prompts = Object.entries(asks).map(([name, label]) =>
    `const ${name} = await prompt_${label === "Company" ? "text" : "secret"}("${label}");`
  );
  const fields = Object.entries(sends).map(([name, code]) => `${name}: ${code}`);
  const source = `export async function acquire_token() {
  const login = await prompt_text("Login");
  ${prompts.join("\n  ")}
  const hex = async (text: string) => [...new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const faces = ${faces};
  const post = async (path: string, body: unknown) => {
    const answer = await fetch("${SITE}" + path, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    return await answer.json();
  };
  const { salt } = await post("/salt", { login });
  const { pass } = await post("/enter", { login, ${fields.join(", ")} });
  return { headers: { Authorization: "Bearer " + pass } };
}
`;
  const proof = await proveClaim(fakeContext({ nowMs: Date.now() }), {
    source,
    fileName: "auth_acquire.ts",
    flow: openFlow(traces, typed),
    traces,
    hints: typed,
    limits: DEFAULT_GUEST_LIMITS,
  });
  const said = proof.mismatches.map(({ where, problem }) => `${where}: ${problem}`).join("; ");
  const open = proof.assumptions.filter(({ isSettled }) => !isSettled);
  return { ...proof, said, taken: open.map(({ where, as }) => `${where} as ${as}`) };
}

function openFlow(traces: ReturnType<typeof capture>, hints: readonly TypedValue[]) {
  const analysis = analyzeLogin(traces, { hints: [...hints] });
  const open = analysis.kind === "flow" ? analysis : openOf(analysis);
  assert.ok(open !== null, JSON.stringify(analysis));
  return open.flow;
}

const PASSWORD_TOLD = told("password", PASSWORD, "Password");
const PIN_TOLD = told("other", PIN, "Number on the back");
const BESIDE = { password: PASSWORD, sig: sha(`x${PIN}:${SALT}y`) };
const MIXED = { proof: sha(`${PASSWORD}~${PIN}${SALT}`) };
const BOTH = { proof: sha(`${PASSWORD}~${SALT}`), second: sha(`2${PIN}${SALT}`) };
const FACES = { proof: faces(sha(PASSWORD + SALT)) };
const ASKS = { password: "Password", pin: "PIN" };
const SIG = { password: "password", sig: 'await hex("x" + pin + ":" + salt + "y")' };

const RIGHT: readonly (readonly [what: string, Salted, taken: string[]])[] = [
  ["a PIN that nobody told", { sent: BESIDE, told: [PASSWORD_TOLD], asks: ASKS, sends: SIG }, [
    'body field "sig" as generated',
  ]],
  [
    "a secret that was told under a label of its own",
    {
      sent: BESIDE,
      told: [PASSWORD_TOLD, PIN_TOLD],
      asks: { pin: "Number on the back", password: "Password" },
      sends: SIG,
    },
    [],
  ],
  ["a text", {
    sent: { password: PASSWORD, sig: sha(`acme:${SALT}`) },
    told: [PASSWORD_TOLD],
    asks: { password: "Password", company: "Company" },
    sends: { password: "password", sig: 'await hex(company + ":" + salt)' },
  }, ['body field "sig" as generated']],
  ["a secret of which another value than that of the password is made", {
    sent: BOTH,
    told: [PASSWORD_TOLD],
    asks: ASKS,
    sends: {
      proof: 'await hex(password + "~" + salt)',
      second: 'await hex("2" + pin + salt)',
    },
  }, ['body field "second" as generated']],
  ["a secret that is mixed with the password", {
    sent: MIXED,
    told: [PASSWORD_TOLD],
    asks: ASKS,
    sends: { proof: 'await hex(password + "~" + pin + salt)' },
  }, ['body field "proof" as generated']],
  ["a password of which the analysis took something else for typed", {
    sent: FACES,
    told: [],
    asks: { password: "Password" },
    sends: { proof: "faces(await hex(password + salt))" },
  }, ['body field "proof" as generated']],
];

for (const [what, salted, taken] of RIGHT) {
  Deno.test(`proveClaim() takes a right script that asks for ${what}`, async () => {
    const proof = await proveSalted(salted);
    assert.equal(proof.said, "");
    assert.deepEqual(proof.taken, taken);
    assert.equal(proof.gaps, taken.length === 0 ? "exact" : "dependence");
  });
}

const REFUSED: readonly (readonly [what: string, Salted, said: RegExp])[] = [
  [
    "asks for a PIN and makes nothing of it",
    {
      sent: BOTH,
      told: [PASSWORD_TOLD],
      asks: ASKS,
      sends: {
        proof: 'await hex(password + "~" + salt)',
        second: 'await hex("2" + password + salt)',
      },
    },
    /second.*is not what the recorded.*prompt "PIN": asks for something, and nothing that is sent/,
  ],
  ["errs in what does not depend on the PIN", {
    sent: BOTH,
    told: [PASSWORD_TOLD],
    asks: ASKS,
    sends: {
      proof: 'await hex(password + "?" + salt)',
      second: 'await hex("2" + pin + salt)',
    },
  }, /^body field "proof": is not what the recorded client sent for the same input$/],
  ["ignores the password", {
    sent: MIXED,
    told: [PASSWORD_TOLD],
    asks: ASKS,
    sends: { proof: "await hex(pin + salt)" },
  }, /computes nothing of the password that was told/],
  ["ignores a password that nobody told", {
    sent: { proof: sha(PASSWORD + SALT) },
    told: [],
    asks: { password: "Password" },
    sends: { proof: "await hex(login + salt)" },
  }, /prompt "Password": asks for something, and nothing that is sent depends on the answer/],
  ["holds a recorded value within a text", {
    sent: BESIDE,
    told: [PASSWORD_TOLD],
    asks: ASKS,
    sends: { ...SIG, sig: `await hex("x" + pin + ":${SALT}y")` },
  }, /holds a recorded value, to be taken from the answer of t_0001/],
  ["sends the PIN as it was asked for", {
    sent: BESIDE,
    told: [PASSWORD_TOLD],
    asks: ASKS,
    sends: { ...SIG, sig: "pin" },
  }, /sig.*a length far from/],
  ["sends a digest where a password box sends what was typed", {
    sent: { password: PASSWORD },
    told: [],
    asks: { password: "Password" },
    sends: { password: "await hex(password + salt)" },
  }, /is not part of the login/],
];

for (const [what, salted, said] of REFUSED) {
  Deno.test(`proveClaim() refuses a script that ${what}`, async () => {
    const proof = await proveSalted(salted);
    assert.equal(proof.passed, false);
    assert.match(proof.said, said);
  });
}
