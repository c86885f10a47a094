/**
 * Codes that an answer issued and a person carried to another request, so that a client is approved
 * (RFC 8628 section 3.3): nobody is asked for them, and who trades the answer's handle has to hand them over first.
 */
import { bodyText } from "../http/body.ts";
import type { Trace } from "../http/exchange.ts";
import { isShownAlone, mayBeCarried } from "../http/carried_code.ts";
import { mediaType } from "../http/headers.ts";
import { isOneTimeName } from "../http/vocabulary.ts";
import { answerValues, isScript } from "./answer_values.ts";
import { type Evidence, wasAccepted } from "./evidence.ts";
import { type Objection, objection } from "./finding.ts";
import type { Reproduced } from "./reproduced.ts";
import { type RequestValue, requestValues } from "./request_values.ts";

/** Index of the answer that issued the code of this place, before any request held it; -1 for any other value. */
export function codeIssuer(
  { name, value }: RequestValue,
  index: number,
  evidence: Evidence,
): number {
  if (!mayBeCarried(name, value)) return -1;
  const first = evidence.sent(value)[0]?.index ?? index;
  const issuer = evidence.traces.slice(0, first).findIndex((trace) => issues(trace, value));
  return first <= index ? issuer : -1;
}

/** Under a name for a code, or as all that an element of a page says. */
function issues({ response }: Trace, code: string): boolean {
  if (response === null || response.body === null || isScript(response)) return false;
  return answerValues(response).some(({ value, name, kind }) =>
    value === code && kind !== "cookie" && isOneTimeName(name)
  ) || /html/.test(mediaType(response.headers)) &&
      isShownAlone(code, bodyText(response.headers, response.body));
}

interface Made {
  readonly evidence: Evidence;
  readonly reproduced: Reproduced;
}

/**
 * Codes that were handed over before a request of the script trades what the same answer issued, and that the script
 * never hands over: nobody would have approved it.
 * @rule off: []
 */
export function unsentCodes(
  { evidence, reproduced }: Made,
): Objection[] {
  return evidence.traces.slice(0, Math.max(0, reproduced.end)).flatMap((trace, index) => {
    if (!wasAccepted(trace) || reproduced.asksLike(trace.request)) return [];
    return requestValues(trace.request).filter((place) => {
      const issuer = codeIssuer(place, index, evidence);
      return issuer >= 0 && isTraded(issuer, index, reproduced, evidence);
    }).map(({ where }) =>
      objection(
        { trace: trace.id, where },
        "hands over the code of an answer whose handle is traded later, and the script never does",
      )
    );
  });
}

function isTraded(
  issuer: number,
  after: number,
  reproduced: Reproduced,
  evidence: Evidence,
): boolean {
  return evidence.traces.slice(after + 1).some(({ id, request }) =>
    reproduced.has(id) &&
    requestValues(request).some(({ kind, value }) =>
      kind === "body" && evidence.issued.get(value)?.index === issuer
    )
  );
}
