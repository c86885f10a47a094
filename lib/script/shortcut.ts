/**
 * A stretch of a login that a site leaves out for somebody who went through it before: the pages on
 * which one agrees that an application may use the account. The recording shows them; the next login of
 * the same user may be redirected past them, straight to where they lead.
 */
import type { Extraction, LoginFlow } from "../correlate/flow.ts";
import type { AnswerFacts } from "../correlate/answer_facts.ts";
import { quote, type Uses } from "../codec/code.ts";
import { paramCode } from "../codec/locators/location_param.ts";
import { namesIn } from "../correlate/expr_walk.ts";
import { spoken } from "./step_code.ts";

export interface Shortcut {
  /** `Step.id` of the redirect that leads into the stretch, or past it. */
  readonly after: string;
  /** `Step.id`s of the stretch, in order. */
  readonly steps: readonly string[];
  /** The redirect target of `after`; at the end of the stretch, of its last step. */
  readonly redirect: Extraction;
  /** What the rest of the flow needs from where the stretch ends. */
  readonly landing: Extraction;
}

/** The stretch, as short as it can be; `null` where the flow has none. `answers` are by trace. */
export function findShortcut(
  flow: LoginFlow,
  answers: ReadonlyMap<string, AnswerFacts>,
): Shortcut | null {
  const credentials = flow.steps.findLastIndex(({ submitsCredentials }) => submitsCredentials);
  if (credentials < 0) return null;
  for (let end = flow.steps.length - 1; end > credentials + 1; end--) {
    const last = flow.steps[end]!;
    const hasFixedPath = answers.get(last.trace)?.redirectPath != null;
    const landing = last.extractions.find((extraction) => isLanding(extraction, hasFixedPath));
    if (landing === undefined) continue;
    for (let start = end - 2; start >= credentials; start--) {
      const found = stretch(flow, start, end, landing);
      if (found !== null) return found;
    }
  }
  return null;
}

/** A redirect target whose path is the same in every session, or a parameter of one. */
function isLanding({ locator, openers }: Extraction, hasFixedPath: boolean): boolean {
  if (openers.length > 0) return false;
  return locator.kind === "location-param" || locator.kind === "location" && hasFixedPath;
}

function stretch(
  flow: LoginFlow,
  start: number,
  end: number,
  landing: Extraction,
): Shortcut | null {
  const after = flow.steps[start]!;
  const steps = flow.steps.slice(start + 1, end + 1);
  const url = steps[0]!.url;
  const redirect = after.extractions.find(({ id, locator }) =>
    locator.kind === "location" && url.kind === "whole" && url.expr.kind === "extracted" &&
    url.expr.extraction === id
  );
  if (redirect === undefined || redirect.id === landing.id) return null;
  const agrees = steps.some(({ method }) => method !== "GET");
  const used = namesIn(steps);
  const asks = flow.inputs.some(({ name }) => used.has(name));
  const inner = new Set(steps.flatMap((step) => step.extractions.map(({ id }) => id)));
  inner.delete(landing.id);
  const outside = namesIn([flow.steps.slice(end + 1), flow.result]);
  if (!agrees || asks || [...inner].some((id) => outside.has(id))) return null;
  if (used.has(landing.id)) return null;
  return { after: after.id, steps: steps.map(({ id }) => id), redirect, landing };
}

/** True in the script when the redirect has not yet led to the end of the stretch. */
export function notLandedCode({ redirect, landing }: Shortcut, uses: Uses): string {
  const { locator, recorded } = landing;
  if (locator.kind === "location-param") {
    return `${paramCode(locator, redirect.id, uses)} === undefined`;
  }
  const { origin, pathname } = new URL(recorded);
  return `!${redirect.id}.startsWith(${quote(origin + pathname)})`;
}

/** What the script takes from where the stretch ended. */
export function landingCode({ redirect, landing: { id, locator } }: Shortcut, uses: Uses): string {
  const code = locator.kind === "location-param"
    ? paramCode(locator, redirect.id, uses)
    : redirect.id;
  return `const ${id} = ${uses.call("found", code, spoken(id))};`;
}
