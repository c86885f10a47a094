import assert from "node:assert/strict";
import { hashOf, ProvingClient } from "../../fixtures/apps/parts/proof_desk.ts";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { keyProofOf, keyThumbprint } from "../../lib/http/key_proof.ts";
import { generateScript } from "../../lib/script/generate.ts";
import { capture, trace } from "../support/traces.ts";

const TOKEN = "acc-7f6e5d4c3b2a1908";
const LOGIN = "https://a.example/token";

interface Change {
  readonly alg?: string;
  readonly ath?: string;
  readonly second?: ProvingClient;
  readonly named?: true;
}

async function analysisOf({ alg = "ES256", ath, second, named }: Change) {
  const client = new ProvingClient(alg);
  const first = await client.proof("POST", LOGIN);
  const { jwk } = keyProofOf({ method: "", url: LOGIN, headers: [["DPoP", first]], body: null })!;
  const claims = ath === undefined ? { ath: await hashOf(TOKEN) } : {};
  const reading = async (n: number) => {
    const url = `https://a.example/api/${n}`;
    const proof = await (second ?? client).proof("GET", url, claims);
    const headers = [["Authorization", `DPoP ${TOKEN}`], ["DPoP", proof]] as const;
    return trace(`GET ${url}`, { headers, answer: { boats: [n] } });
  };
  const form = {
    username: "ann.lee",
    password: "kiwi-7731",
    ...named === undefined ? {} : { dpop_jkt: keyThumbprint(jwk)! },
  };
  return analyzeLogin(capture(
    trace(`POST ${LOGIN}`, {
      form,
      headers: [["DPoP", first]],
      answer: { access_token: TOKEN, token_type: "DPoP" },
    }),
    await reading(1),
    await reading(2),
  ));
}

Deno.test("a login with proofs of a key is a flow whose steps prove, and no proof stands in the script", async () => {
  for (const alg of ["ES256", "ES384"]) {
    const analysis = await analysisOf({ alg });
    assert.equal(analysis.kind, "flow", JSON.stringify(analysis));
    if (analysis.kind !== "flow") continue;
    const { flow } = analysis;
    assert.equal(flow.proof, alg);
    assert.deepEqual(flow.steps.map(({ proves }) => proves), [true]);
    assert.deepEqual(flow.result.headers.map(([name]) => name), ["Authorization"]);
    const script = generateScript(flow, { app: "a", answers: new Map() });
    assert.match(script, new RegExp(`new_proof_key\\("${alg}"\\)`));
    assert.match(script, /await proving\("https:\/\/a\.example\/token"/);
    assert.doesNotMatch(script, /eyJ/);
  }
});

Deno.test("what a key of one's own cannot reproduce is a refusal that says which", async () => {
  const cases: readonly (readonly [Change, RegExp])[] = [
    [{ ath: "none" }, /name no token \(ath/],
    [{ second: new ProvingClient("ES256") }, /not all of them show the same key/],
    [{ named: true }, /t_0001 names the key before any proof \(dpop_jkt/],
  ];
  for (const [change, reason] of cases) {
    const analysis = await analysisOf(change);
    assert.equal(analysis.kind, "refused");
    assert.match(analysis.kind === "refused" ? analysis.reasons.join() : "", reason);
  }
});
