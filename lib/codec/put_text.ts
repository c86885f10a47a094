/** Changing the body of an answer. */
import type { HttpResponse } from "../http/exchange.ts";
import { AnswerView } from "./answer_view.ts";
import type { LocatorCodec } from "./codec.ts";
import { EncodedText } from "./encoded_text.ts";

/** Occurrences tried in a page. */
const MAX_TRIES = 200;

/** The answer with this body, in UTF-8. */
export function withText({ response }: AnswerView, text: string): HttpResponse {
  const headers = response.headers.map(([name, value]) =>
    [name, name.toLowerCase() === "content-type" ? withUtf8(value) : value] as const
  );
  return { ...response, headers, body: new TextEncoder().encode(text) };
}

export function withUtf8(contentType: string): string {
  return contentType.replace(/charset\s*=\s*("[^"]*"|[^;\s]+)/i, "charset=utf-8");
}

/**
 * The `put` of a place in a page: each occurrence of what is written there, in whatever encoding, is tried
 * alone until `take` yields the fresh value.
 *
 * @param writtenAt where that differs from what `take` yields
 */
export function putInPage<L>(
  take: (locator: L, answer: AnswerView) => string | undefined,
  writtenAt: (locator: L, answer: AnswerView) => string | undefined = take,
): LocatorCodec<L>["put"] {
  return (locator, answer, fresh) =>
    putWritten(
      answer,
      writtenAt(locator, answer) ?? "",
      fresh,
      (changed) => take(locator, changed),
    );
}

function putWritten(
  answer: AnswerView,
  written: string,
  fresh: string,
  take: (answer: AnswerView) => string | undefined,
): HttpResponse | undefined {
  if (written === "") return undefined;
  const old = new EncodedText(written);
  const { text } = answer;
  for (const { start, end } of old.spansIn(text).slice(0, MAX_TRIES)) {
    const replaced = old.replaceIn(text.slice(start, end), fresh, "html");
    const candidate = withText(answer, text.slice(0, start) + replaced + text.slice(end));
    if (take(new AnswerView(candidate, answer.url, answer.isMadeUp)) === fresh) return candidate;
  }
  return undefined;
}
