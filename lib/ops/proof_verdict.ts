/** What a proof comes to, in words: proven, or proven but for what it took on trust. */
import type { AssumptionRecord, ProofRecord } from "../token/proof_record.ts";

export type { AssumptionRecord };

/** What the evidence leaves open. */
export function openAssumptions(proof: Pick<ProofRecord, "assumptions">): AssumptionRecord[] {
  return proof.assumptions.filter(({ isSettled }) => !isSettled);
}

/** `proven`, `proven but for 2 assumptions`; of a proof that passed. */
export function provenWords(proof: Pick<ProofRecord, "assumptions">): string {
  const open = openAssumptions(proof).length;
  if (open === 0) return "proven";
  return `proven but for ${open} assumption${open === 1 ? "" : "s"}`;
}

/** `t_0003 body field "app", taken for a constant: no answer holds it, …`. */
export function assumptionLine({ trace, where, as, why }: AssumptionRecord): string {
  const place = trace === null ? where : `${trace} ${where}`;
  const taken = { constant: "a constant", generated: "made by the client", typed: "typed" }[as];
  return `${place}, taken for ${taken}: ${why}`;
}

/** How the open ones are settled; what recordings with several accounts leave open, the site alone can tell. */
export function settlingHint(app: string): string {
  return `A recording with another account settles most of it, where there is none yet: keysmith learn ${app} --again, ` +
    `or keysmith capture import ${app} FILE and keysmith auth analyze ${app}; ` +
    `whether the site takes what stays open, keysmith auth login ${app} shows`;
}
