import assert from "node:assert/strict";
import { hashOf, ProvingClient } from "../../fixtures/apps/parts/proof_desk.ts";
import type { HttpRequest } from "../../lib/http/exchange.ts";
import { keyProofOf, type ProofKey } from "../../lib/http/key_proof.ts";
import { Evidence } from "../../lib/judge/evidence.ts";
import { proofObjections, sharedKeys } from "../../lib/judge/key_proofs.ts";
import type { ScriptRun } from "../../lib/judge/run.ts";
import { capture, trace } from "../support/traces.ts";

const SITE = "https://harbour.example";
const LOGIN = `${SITE}/session`;
const BERTHS = `${SITE}/api/berths`;
const TOKEN = "acc-7f6e5d4c3b2a1908";

const recorder = new ProvingClient("ES256");
const RECORDED = await recorder.proof("POST", LOGIN);
const evidence = new Evidence(capture(
  trace(`POST ${LOGIN}`, {
    json: { username: "ann.lee", password: "kiwi-7731" },
    headers: [["DPoP", RECORDED]],
    answer: { access_token: TOKEN },
  }),
  trace(`GET ${BERTHS}`, {
    headers: [
      ["Authorization", `DPoP ${TOKEN}`],
      ["DPoP", await recorder.proof("GET", BERTHS, { ath: await hashOf(TOKEN) })],
    ],
    answer: { berths: [] },
  }),
));
const [login, berths] = evidence.traces.map(({ id }) => id);

interface Sent {
  readonly trace: string | null;
  readonly url: string;
  readonly proof: string | null;
}

function runOf(sent: readonly Sent[], parts: Partial<ScriptRun> = {}): ScriptRun {
  const answer = { status: 200, headers: [], body: null };
  return {
    sent: sent.map(({ trace, url, proof }) => {
      const isLogin = url === LOGIN;
      const request: HttpRequest = {
        method: isLogin ? "POST" : "GET",
        url,
        headers: [
          ...isLogin ? [] : [["Authorization", `DPoP ${TOKEN}`] as const],
          ...proof === null ? [] : [["DPoP", proof] as const],
        ],
        body: null,
      };
      return { trace, request, answer };
    }),
    result: null,
    answers: new Map(),
    ...parts,
  };
}

const problemsOf = (run: ScriptRun) =>
  proofObjections(run, evidence).map(({ where, problem }) => `${where}: ${problem}`);

const own = new ProvingClient("ES256");
const other = new ProvingClient("ES384");
const proven = (proof: string | null) => [{ trace: login!, url: LOGIN, proof }];
const keyOf = (proof: string, d: string) =>
  ({
    ...keyProofOf({ method: "", url: LOGIN, headers: [["DPoP", proof]], body: null })!.jwk,
    alg: "ES256",
    d,
  }) as ProofKey;

/** The proof with its claims, or its header, said otherwise and the signature left as it is. */
function rewritten(proof: string, part: 0 | 1, change: object): string {
  const parts = proof.split(".");
  const options = { alphabet: "base64url", omitPadding: true } as const;
  const said = JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(parts[part]!, options)));
  const text = JSON.stringify({ ...said, ...change });
  parts[part] = new TextEncoder().encode(text).toBase64(options);
  return parts.join(".");
}

Deno.test("proofObjections() takes a proof that the run made for its request", async () => {
  const proof = await own.proof("POST", LOGIN, { nonce: "n-1" });
  const again = await own.proof("GET", BERTHS, { ath: await hashOf(TOKEN) });
  const sent = [...proven(proof), { trace: berths!, url: `${BERTHS}?page=2`, proof: again }];
  assert.deepEqual(problemsOf(runOf(sent)), []);
  assert.deepEqual(problemsOf(runOf(proven(await other.proof("POST", LOGIN)))), []);
});

Deno.test("proofObjections() refuses what is missing, copied, unsigned or for something else", async () => {
  const proof = await own.proof("POST", LOGIN);
  const shown = keyProofOf({ method: "", url: LOGIN, headers: [["DPoP", proof]], body: null })!;
  const cases: readonly (readonly [proof: string | null, url: string, problem: RegExp])[] = [
    [null, LOGIN, /is missing/],
    ["sesame", LOGIN, /is missing/],
    [RECORDED, LOGIN, /shows the recorded key/],
    [await recorder.proof("POST", LOGIN), LOGIN, /shows the recorded key/],
    [await own.proof("PUT", LOGIN), LOGIN, /for another method/],
    [await own.proof("POST", BERTHS), LOGIN, /for another address/],
    [await own.proof("POST", LOGIN, { jti: "" }), LOGIN, /has no identifier/],
    [await own.proof("POST", LOGIN, { iat: "now" }), LOGIN, /when it was made/],
    [await own.proof("GET", BERTHS), BERTHS, /for another token/],
    [await own.proof("GET", BERTHS, { ath: await hashOf("other") }), BERTHS, /another token/],
    [rewritten(proof, 1, { iat: 1 }), LOGIN, /not signed with the key that it shows/],
    [rewritten(proof, 0, { alg: "none" }), LOGIN, /no key of a known kind/],
    [rewritten(proof, 0, { alg: "HS256" }), LOGIN, /no key of a known kind/],
    [rewritten(proof, 0, { jwk: { kty: "oct", k: "AAAA" } }), LOGIN, /no key of a known kind/],
    [rewritten(proof, 0, { jwk: { ...shown.jwk, d: "AAAA" } }), LOGIN, /shows its private key/],
  ];
  for (const [sent, url, problem] of cases) {
    const trace = url === LOGIN ? login! : berths!;
    assert.match(problemsOf(runOf([{ trace, url, proof: sent }])).join("\n"), problem);
  }
});

Deno.test("proofObjections() wants one key for a run, each proof once, and the key handed over", async () => {
  const proof = await own.proof("POST", LOGIN);
  const twice = [...proven(proof), { trace: null, url: LOGIN, proof }];
  assert.match(problemsOf(runOf(twice)).join(), /identifier of another proof/);
  const split = [...proven(proof), {
    trace: null,
    url: LOGIN,
    proof: await other.proof("POST", LOGIN),
  }];
  assert.match(problemsOf(runOf(split)).join(), /another key in each request/);
  const result = { headers: {}, parameters: [], computed: [] };
  const ended = (key?: ProofKey) =>
    problemsOf(runOf(proven(proof), { result: key ? { ...result, key } : result }));
  assert.deepEqual(ended(keyOf(proof, "AAAA")), []);
  assert.match(ended().join(), /result computed credential: is not a key/);
  assert.match(ended(keyOf(RECORDED, "AAAA")).join(), /is not the key that the requests prove/);
  const renewal = (handedKey: ProofKey | null) =>
    problemsOf(runOf(proven(proof), { handedToken: "r-1", handedKey }));
  assert.deepEqual(renewal(keyOf(proof, "AAAA")), []);
  assert.match(renewal(null).join(), /not made with the key of the login/);
});

Deno.test("sharedKeys() refuses a key that two logins have", async () => {
  const runs = async (second: ProvingClient) => ({
    first: runOf(proven(await own.proof("POST", LOGIN))),
    second: runOf(proven(await second.proof("POST", LOGIN))),
    reenacted: runOf([]),
  });
  assert.equal(sharedKeys(await runs(own)).length, 1);
  assert.deepEqual(sharedKeys(await runs(new ProvingClient("ES256"))), []);
});
