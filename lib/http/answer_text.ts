import { bodyText } from "./body.ts";
import type { HttpResponse } from "./exchange.ts";

/** Decoded once: texts are looked for in the same answers again and again. */
const known = new WeakMap<HttpResponse, string>();

/** All that an answer says as one text: a line for the value of each header, then the body. */
export function answerText(response: HttpResponse): string {
  const { headers, body } = response;
  const text = known.get(response) ??
    [...headers.map(([, value]) => value), body === null ? "" : bodyText(headers, body)].join("\n");
  known.set(response, text);
  return text;
}
