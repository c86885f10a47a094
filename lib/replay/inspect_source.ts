/** Recorded values written into a script, whether the replay happens to bring them out or not. */
import type { LoginFlow } from "../correlate/flow.ts";
import { EncodedText } from "../codec/encoded_text.ts";
import type { Finding } from "./judge_request.ts";
import { flowConstants } from "./recorded_flow.ts";
import { isTokenLike } from "../judge/token_like.ts";

const MIN_LENGTH = 8;

/** One finding per recorded credential or extracted value that the source text holds. */
export function recordedValuesIn(source: string, flow: LoginFlow): Finding[] {
  const parts = [{ steps: flow.steps, result: flow.result }, ...flow.refresh ? [flow.refresh] : []];
  const constants = [...flowConstants(parts)].join("\n");
  const values = [
    ...flow.inputs.map(({ name, recorded }) => ({ name, recorded })),
    ...parts.flatMap((part) => part.steps).flatMap((step) => step.extractions)
      .map(({ id, recorded }) => ({ name: id, recorded })),
  ];
  return values.flatMap(({ name, recorded }) => {
    const text = new EncodedText(recorded);
    if (!isOpaque(recorded) || text.isIn(constants)) return [];
    const [at] = text.spansIn(source);
    if (at === undefined) return [];
    const line = source.slice(0, at.start).split("\n").length;
    return [{ where: `script line ${line}`, problem: `holds the captured value of ${name}` }];
  });
}

/** A word (`password`, `operator`) may stand in a script for many reasons; other text may not. */
function isOpaque(value: string): boolean {
  return value.length >= MIN_LENGTH && !/^[a-z]+:\/\/|^\//i.test(value) &&
    (isTokenLike(value) || /[@+&%!$#*?]|\d[A-Za-z]|[A-Za-z]\d/.test(value));
}
