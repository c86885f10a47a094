/**
 * What a script claims to compute: values of the recording that correlation could not derive. Somebody found out how
 * (an expression in the flow), or wrote a script that does it. With everything as it was recorded it must send what
 * the recorded client sent; what rests on something that the recording does not hold can be held to its form alone.
 */
import { transformCodec } from "../codec/transforms.ts";
import { EncodedText } from "../codec/encoded_text.ts";
import { atoms, exprsIn, partsOf } from "../correlate/expr_walk.ts";
import type { Finding } from "../correlate/finding.ts";
import type { Input, LoginFlow } from "../correlate/flow.ts";
import type { Trace } from "../http/exchange.ts";
import type { ClaimedValue } from "../judge/claimed_values.ts";
import { type Assumption, objectionTo, unsettled } from "../judge/finding.ts";
import type { Influence } from "./influence.ts";
import { type PlacedValue, recordedValues } from "./placed_values.ts";
import type { Mismatch } from "./proof.ts";
import { recordedEnv, tryEvaluate } from "./recorded_flow.ts";

/** A claimed value, and where it was sent; `null`: wherever that is. */
export interface Claim extends ClaimedValue {
  readonly at: Pick<PlacedValue, "trace" | "where"> | null;
}

/** What nobody can hold against the recording is named among what the proof took on trust. */
export function assumedByForm(claims: readonly Claim[], why: string): Assumption[] {
  return claims.flatMap(({ at, isReproducible }) =>
    at === null || isReproducible ? [] : [unsettled(at, "generated", why)]
  );
}

/** Of what was found out. What is typed, constant or made up by itself is judged as any other such value. */
export function foundClaims(flow: LoginFlow, findings: readonly Finding[]): Claim[] {
  const found = findings.filter(({ expr }) =>
    ["transform", "call", "concat", "value"].includes(expr.kind)
  );
  const reproducible = found.length === 0 ? new Set() : reproducibleValues(flow);
  return found.map(({ value, at }) => ({
    value,
    isReproducible: reproducible.has(value),
    at: at && { trace: at.trace, where: at.place },
  }));
}

/** What comes to be in the flow of nothing but what the recording holds. */
function reproducibleValues(flow: LoginFlow): Set<string | null> {
  const env = recordedEnv(flow);
  const chance = new Set(
    flow.generated.filter(({ shape, recorded }) =>
      shape.kind.startsWith("random") && recorded === ""
    )
      .map(({ id }) => id),
  );
  const recorded = exprsIn([flow.steps, flow.result]).flatMap(partsOf).filter((expr) =>
    !partsOf(expr).some((part) => part.kind === "transform" && transformCodec(part.op).draws) &&
    atoms(expr).every((atom) =>
      atom.kind === "input"
        ? (env.values.get(atom.input) ?? "") !== ""
        : atom.kind !== "generated" || !chance.has(atom.generated)
    )
  );
  return new Set(recorded.map((expr) => tryEvaluate(expr, env)));
}

/** A value that a script computes in place of a recorded one. */
export interface PlacedClaim extends Claim {
  readonly at: PlacedValue;
}

/** Every place where a request of the recording holds a gap's value. */
export function gapClaims(
  { recorded }: Input,
  traces: readonly Trace[],
  isReproducible: (place: string) => boolean,
): PlacedClaim[] {
  return recordedValues(traces).filter(({ value }) => value.includes(recorded))
    .map((at) => ({ at, value: recorded, isReproducible: isReproducible(at.place) }));
}

/** Shorter values stand in a script by chance. */
const MIN_WRITTEN = 6;

/** A script never holds what it claims to compute, in whatever encoding. */
export function writtenGaps(source: string, gaps: readonly Input[]): Mismatch[] {
  return gaps.filter(({ recorded }) =>
    recorded.length >= MIN_WRITTEN && new EncodedText(recorded).isIn(source)
  ).map((gap) => gapMismatch(gap, "stands in the script as it was recorded"));
}

export function unstableGaps(
  gaps: readonly Input[],
  claims: readonly PlacedClaim[],
  { unstable }: Pick<Influence, "unstable">,
): Mismatch[] {
  const wild = claims.filter(({ at }) => unstable.has(at.place));
  return gaps.filter(({ recorded }) => wild.some(({ value }) => value === recorded)).map((gap) =>
    gapMismatch(gap, "is another each time for the same input, so it cannot be checked")
  );
}

/**
 * What nobody need be asked for; a value that a request carries as it was typed is not among `asked`. Where something
 * is another each time, whether it depends on an answer does not show.
 */
export function uselessPrompts(
  asked: readonly Input[],
  claims: readonly PlacedClaim[],
  { changed, unstable }: Pick<Influence, "changed" | "unstable">,
): Mismatch[] {
  if (claims.some(({ at }) => unstable.has(at.place))) return [];
  const problem = "asks for something, and nothing that is sent depends on the answer";
  return asked.filter(({ name }) => changed.get(name)?.size === 0)
    .map(({ label }) => ofScript(`prompt "${label.slice(0, 80)}"`, problem));
}

export function gapMismatch({ name }: Input, problem: string): Mismatch {
  return ofScript(`value "${name}"`, problem);
}

/** Of no one request. */
export function ofScript(where: string, problem: string): Mismatch {
  return { ...objectionTo(where, problem), step: null };
}
