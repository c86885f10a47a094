/**
 * Codes that an answer issued and a person carried to another request, so that a client is approved
 * (RFC 8628 section 3.3): nobody is asked for them, and who trades the answer's handle has to hand them over first.
 */
import { bodyText } from "../http/body.ts";
import { requestCookies } from "../http/cookies.ts";
import type { HeaderList, Trace } from "../http/exchange.ts";
import { isShownAlone, mayBeCarried, spellings } from "../http/carried_code.ts";
import { headerValue, mediaType } from "../http/headers.ts";
import { isBystanderCookie } from "../http/ordinary_traffic.ts";
import { isReadingPost } from "../http/reading_call.ts";
import { originOf } from "../http/url.ts";
import { isOneTimeName } from "../http/vocabulary.ts";
import { answerValues, isScript } from "./answer_values.ts";
import type { ComparedValue } from "./compared_values.ts";
import { type Evidence, wasAccepted } from "./evidence.ts";
import { copyObjection, type Objection, objection } from "./finding.ts";
import type { Reproduced } from "./reproduced.ts";
import { type RequestValue, requestValues } from "./request_values.ts";

/** Index of the answer that issued the code of this place, before any request held it; -1 for any other value. */
export function codeIssuer(
  { name, value }: Pick<RequestValue, "name" | "value">,
  index: number,
  evidence: Evidence,
): number {
  if (!mayBeCarried(name, value)) return -1;
  const first = evidence.sent(value)[0]?.index ?? index;
  const shownAs = spellings(value);
  const issuer = evidence.traces.slice(0, first)
    .findIndex((trace) => shownAs.some((shown) => issues(trace, shown)));
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
 * never hands over, or whose approval it never confirms: nobody would have approved it.
 * @rule off: []
 */
export function unsentCodes(made: Made): Objection[] {
  const { evidence, reproduced } = made;
  return evidence.traces.slice(0, Math.max(0, reproduced.end)).flatMap((trace, index) => {
    if (!wasAccepted(trace)) return [];
    return requestValues(trace.request).flatMap((place) => {
      const issuer = codeIssuer(place, index, evidence);
      const traded = issuer < 0 ? -1 : tradedAt(issuer, index, made);
      if (traded < 0) return [];
      if (reproduced.asksLike(trace.request)) return unconfirmed(trace, index, traded, made);
      return [objection(
        { trace: trace.id, where: place.where },
        "hands over the code of an answer whose handle is traded later, and the script never does",
      )];
    });
  });
}

function tradedAt(issuer: number, after: number, { evidence, reproduced }: Made): number {
  return evidence.traces.findIndex(({ id, request }, index) =>
    index > after && reproduced.has(id) &&
    requestValues(request).some(({ kind, value }) =>
      kind === "body" && evidence.issued.get(value)?.index === issuer
    )
  );
}

/** What the user who handed the code over changed at the site before it was traded: the yes to a question. */
function unconfirmed(
  { request: { url, headers } }: Trace,
  from: number,
  to: number,
  { evidence, reproduced }: Made,
): Objection[] {
  const session = sessionOf(headers);
  return evidence.traces.slice(from + 1, to).filter((trace) =>
    wasAccepted(trace) && !/^(GET|HEAD|OPTIONS)$/.test(trace.request.method) &&
    originOf(trace.request.url) === originOf(url) && !isReadingPost(trace.request) &&
    sessionOf(trace.request.headers).some((one) => session.includes(one)) &&
    !reproduced.asksLike(trace.request)
  ).map(({ id }) =>
    objection(
      { trace: id, where: "request" },
      "may confirm what the code before it stands for, and the script never makes it",
    )
  );
}

function sessionOf(headers: HeaderList): string[] {
  const token = headerValue(headers, "authorization");
  const cookies = requestCookies(headers).filter(([name]) => !isBystanderCookie(name));
  return [...cookies.map(([name, value]) => `${name}=${value}`), ...token ? [token] : []];
}

/** Codes as the recorded user carried them, in a spelling that no answer has. @rule off: [] */
export function copiedCodes(
  { compared, evidence }: {
    readonly compared: readonly ComparedValue[];
    readonly evidence: Evidence;
  },
): Objection[] {
  return compared.flatMap((place) => {
    const { recorded, first, second = first, index, name } = place;
    if (first !== recorded || second !== recorded) return [];
    const issuer = codeIssuer({ name, value: recorded }, index, evidence);
    return issuer < 0
      ? []
      : [copyObjection(place, { trace: evidence.traces[issuer]!.id, place: "as a code" })];
  });
}
