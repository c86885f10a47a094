/** Whole scripts that ask for a password which no request carries, where nothing looked unexplained. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { TypedValue } from "../../lib/correlate/typed_value.ts";
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

const told = (kind: "identifier" | "password", value: string): TypedValue =>
  ({ kind, name: kind, value, place: { kind: "text" } }) as TypedValue;
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
  const hints = isTold ? HINTS.map(({ kind, value }) => ({ kind, recorded: value })) : [];
  const proof = await proveClaim(fakeContext({ nowMs: Date.now() }), {
    source,
    fileName: "auth_acquire.ts",
    flow: FLOW,
    traces: TRACES,
    hints: hints.map(({ recorded }) => recorded),
    limits: DEFAULT_GUEST_LIMITS,
  }, hints);
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
