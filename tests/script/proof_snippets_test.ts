import assert from "node:assert/strict";
import type { HttpRequest } from "../../lib/http/exchange.ts";
import {
  keyProofOf,
  keyThumbprint,
  proofFault,
  type ProofKey,
  readProofKey,
} from "../../lib/http/key_proof.ts";
import { keySigner } from "../../lib/resolve/request_proof.ts";
import { snippets } from "./script_module.ts";

const { new_proof_key, proof_session } = await snippets() as unknown as {
  new_proof_key: (alg: string) => Promise<ProofKey>;
  proof_session: (session: typeof fetch, key: ProofKey) => typeof fetch;
};

const URL_ = "https://a.example:8443/api/boats?page=2#top";
const AUTHORIZATION = ["Authorization", "DPoP acc-7f6e5d4c3b2a1908"] as const;

function requestOf(headers: HeadersInit): HttpRequest {
  return { method: "PUT", url: URL_, headers: [...new Headers(headers)], body: null };
}

for (const alg of ["ES256", "ES384", "RS256", "PS256"]) {
  Deno.test(`a script and the host prove the same key alike: ${alg}`, async () => {
    const made = await new_proof_key(alg);
    const key = readProofKey(JSON.parse(JSON.stringify(made)))!;
    const sent: HttpRequest[] = [];
    const session = (_url: unknown, init?: RequestInit) => {
      sent.push(requestOf(init!.headers!));
      return Promise.resolve(new Response("{}"));
    };
    await proof_session(session as typeof fetch, made)(URL_, {
      method: "PUT",
      headers: [AUTHORIZATION].reduce((all, [name, value]) => ({ ...all, [name]: value }), {}),
    });
    const { sign } = await keySigner({ kind: "dpop", key });
    sent.push(await sign({ method: "PUT", url: URL_, headers: [AUTHORIZATION], body: null }));
    for (const request of sent) {
      const proof = keyProofOf(request)!;
      assert.equal(proofFault(proof, request), null);
      assert.equal(proof.alg, alg);
      assert.equal(keyThumbprint(proof.jwk), keyThumbprint(key));
      assert.ok(proof.claims["ath"]);
    }
  });
}

Deno.test("proof_session() repeats what is refused for its nonce once, and no other refusal", async () => {
  const answers = [
    new Response('{"error":"use_dpop_nonce"}', { status: 400, headers: { "DPoP-Nonce": "n-1" } }),
    new Response('{"error":"invalid_grant"}', { status: 400, headers: { "DPoP-Nonce": "n-2" } }),
    new Response("{}"),
  ];
  const nonces: unknown[] = [];
  const session = (_url: unknown, init?: RequestInit) => {
    nonces.push(keyProofOf(requestOf(init!.headers!))?.claims["nonce"]);
    return Promise.resolve(answers.shift()!);
  };
  const prove = proof_session(session as typeof fetch, await new_proof_key("ES256"));
  const refused = await prove(URL_, { method: "PUT" });
  assert.equal(await refused.text(), '{"error":"invalid_grant"}');
  await prove(URL_, { method: "PUT" });
  assert.deepEqual(nonces, [undefined, "n-1", "n-2"]);
});
