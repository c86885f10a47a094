/**
 * Requests that each prove that their client has a key (DPoP, RFC 9449 section 4.2): the page makes the key at the
 * login and keeps it, and a token without its key is good for nothing. A script makes a key of its own; what a
 * recording holds that follows from the recorded key in another way, no script can make.
 */
import {
  isProofAlgorithm,
  type KeyProof,
  keyProofOf,
  keyThumbprint,
  type ProofAlgorithm,
} from "../http/key_proof.ts";
import type { LoginFlow, RefreshFlow, Step } from "./flow.ts";
import type { Message } from "./recording.ts";
import { STAYS_WITH_CLIENT } from "./stays_with_client.ts";

/** How the requests prove that they have a key; `null` where they carry no proof, or none that can be made. */
export function proofAlgorithm(messages: readonly Message[]): ProofAlgorithm | null {
  const algorithms = new Set(proofsOf(messages).map(({ alg }) => alg));
  const [alg] = algorithms;
  return algorithms.size === 1 && isProofAlgorithm(alg) ? alg : null;
}

/** Why no script can have such a key; `null` where nothing speaks against it. */
export function boundToKey(
  messages: readonly Message[],
  requests: readonly Message[],
): string | null {
  const proofs = proofsOf(messages);
  if (proofs.length === 0) return null;
  const why = unmakeable(proofs, messages, requests);
  return why === null
    ? null
    : `Each request proves that its client has a key (DPoP, RFC 9449; header DPoP), and ${why}: ` +
      `${STAYS_WITH_CLIENT}; where the interface has an OpenAPI document, describe it as a service whose ` +
      '"oauth2" secret says "dpop: true"';
}

/** @rule off: null */
function unmakeable(
  proofs: readonly KeyProof[],
  messages: readonly Message[],
  requests: readonly Message[],
): string | null {
  const unknown = proofs.find(({ alg }) => !isProofAlgorithm(alg));
  if (unknown !== undefined) {
    return `the proofs are of a kind that is not made here (${unknown.alg})`;
  }
  const prints = new Set(proofs.map(({ jwk }) => keyThumbprint(jwk)));
  if (prints.size > 1) return "not all of them show the same key";
  const [print] = prints;
  const named = messages.find(({ leaves }) => leaves.some(({ value }) => value === print));
  if (named !== undefined) {
    return `${named.trace.id} names the key before any proof (dpop_jkt, section 10)`;
  }
  const tokenless = proofsOf(requests).some(({ claims }) => claims["ath"] === undefined);
  return tokenless ? "the proofs of the app's own requests name no token (ath, section 4.2)" : null;
}

function proofsOf(messages: readonly Message[]): KeyProof[] {
  return messages.map(({ trace }) => keyProofOf(trace.request)).filter((proof) => proof !== null);
}

/** The flow with what its steps prove. */
export function withProofs(
  flow: LoginFlow,
  alg: ProofAlgorithm | null,
  messages: readonly Message[],
): LoginFlow {
  if (alg === null) return flow;
  const proving = new Set(
    messages.filter(({ trace }) => keyProofOf(trace.request) !== null).map(({ trace }) => trace.id),
  );
  const marked = (steps: readonly Step[]) =>
    steps.map((step) => proving.has(step.trace) ? { ...step, proves: true as const } : step);
  const refresh: RefreshFlow | null = flow.refresh &&
    { ...flow.refresh, steps: marked(flow.refresh.steps) };
  return { ...flow, steps: marked(flow.steps), refresh, proof: alg };
}
