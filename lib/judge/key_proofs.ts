/**
 * Proofs of possession (DPoP, RFC 9449): where the recorded request carries one, a script's carries one that is good
 * for it, made with a key that is the run's own, and the token that comes of the run is handed over with that key.
 */
import {
  type KeyProof,
  keyProofOf,
  keyThumbprint,
  proofFault,
  type ProofKey,
} from "../http/key_proof.ts";
import type { JudgedRuns } from "./compared_values.ts";
import type { Evidence } from "./evidence.ts";
import { type Objection, objection, objectionTo } from "./finding.ts";
import type { ScriptRun, SentRequest } from "./run.ts";

const WHERE = 'header "DPoP"';

/** @rule off: [] */
export function proofObjections(run: ScriptRun, evidence: Evidence): Objection[] {
  const recorded = evidence.traces.map(({ request }) => keyProofOf(request))
    .filter((proof) => proof !== null);
  if (recorded.length === 0) return [];
  const keys = new Set(run.sent.map(keyIn).filter((key) => key !== null));
  const seen = new Set<unknown>(recorded.map(({ claims }) => claims["jti"]));
  const faults = run.sent.flatMap(({ request, trace }): Objection[] => {
    const at = { trace, where: WHERE };
    const own = evidence.trace(trace)?.request;
    const proof = keyProofOf(request);
    if (proof === null) {
      const isMissing = own !== undefined && keyProofOf(own) !== null;
      return isMissing ? [objection(at, "is missing")] : [];
    }
    const problem = copyFault(proof, recorded, seen) ?? proofFault(proof, request);
    seen.add(proof.claims["jti"]);
    return problem === null ? [] : [objection(at, problem)];
  });
  const isSplit = keys.size > 1
    ? [objectionTo(WHERE, "is made with another key in each request")]
    : [];
  return [...faults, ...isSplit, ...keptKey(run, [...keys][0] ?? null)];
}

function copyFault(
  { jwk, claims }: KeyProof,
  recorded: readonly KeyProof[],
  seen: ReadonlySet<unknown>,
): string | null {
  const print = keyThumbprint(jwk);
  if (recorded.some((other) => keyThumbprint(other.jwk) === print)) {
    return "shows the recorded key, which is somebody's";
  }
  return seen.has(claims["jti"]) ? "has the identifier of another proof" : null;
}

/** A renewal proves the key of its login; a login hands its key over. */
function keptKey({ result, handedToken, handedKey }: ScriptRun, sent: string | null): Objection[] {
  const print = (key: ProofKey | null | undefined) => key ? keyThumbprint(key) : null;
  if (handedToken !== undefined) {
    return sent === null || print(handedKey) === sent
      ? []
      : [objectionTo(WHERE, "is not made with the key of the login")];
  }
  if (result === null) return [];
  const where = "result computed credential";
  if (result.key === undefined) return [objectionTo(where, "is not a key (dpop)")];
  return sent === null || print(result.key) === sent
    ? []
    : [objectionTo(where, "is not the key that the requests prove")];
}

/** Two logins have two keys: one that stands in the script would be everybody's. @rule off: [] */
export function sharedKeys({ first, second }: JudgedRuns): Objection[] {
  const keys = new Set(first.sent.map(keyIn).filter((key) => key !== null));
  return second.sent.map(keyIn).some((key) => key !== null && keys.has(key))
    ? [objectionTo(WHERE, "is made with the same key in each login")]
    : [];
}

function keyIn({ request }: SentRequest): string | null {
  const proof = keyProofOf(request);
  return proof === null ? null : keyThumbprint(proof.jwk);
}
