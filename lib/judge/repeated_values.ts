/**
 * What the client makes and sends more than once is one value: the `state` that comes back (RFC 6749
 * section 10.12), a nonce beside its digest, the verifier of a challenge (RFC 7636 section 4.6).
 */
import { applyTransform } from "../codec/transforms.ts";
import type { ComparedValue } from "./compared_values.ts";
import { type Objection, objection } from "./finding.ts";
import { isMintedUnder } from "./token_like.ts";

export function repeatedValues(compared: readonly ComparedValue[]): Objection[] {
  const made = compared.filter(({ isComposite, name, recorded }) =>
    !isComposite && isMintedUnder(name, recorded)
  );
  return [...brokenRepeats(made), ...brokenChallenges(made)];
}

/** @rule off: [] */
function brokenRepeats(made: readonly ComparedValue[]): Objection[] {
  return [...Map.groupBy(made, ({ recorded }) => recorded).values()].flatMap((group) => {
    const isMade = group.some(({ recorded, reenacted }) => reenacted !== recorded);
    const [first, ...later] = group.toSorted((a, b) => a.index - b.index);
    return later.filter(({ first: sent }) => isMade && sent !== first!.first)
      .map((one) => {
        const before = `${first!.where} of ${first!.trace}`;
        return objection(
          one,
          `is another value than ${before}, where the recorded client sent the same`,
        );
      });
  });
}

/** @rule off: [] */
function brokenChallenges(made: readonly ComparedValue[]): Objection[] {
  const challenges = made.filter(({ recorded }) => /^[\w-]{43}$/.test(recorded));
  return challenges.flatMap((challenge) => {
    const verifier = made.find(({ recorded }) => challengeOf(recorded) === challenge.recorded);
    return verifier === undefined || challengeOf(verifier.first) === challenge.first
      ? []
      : [objection(verifier, `does not fit ${challenge.where} of ${challenge.trace}`)];
  });
}

function challengeOf(verifier: string): string {
  return applyTransform("pkce-s256", [verifier]);
}
