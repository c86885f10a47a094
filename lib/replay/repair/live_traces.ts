/** The exchanges of a live run as traces, beside those of the recording: `live_1`, `live_2`, …. They hold secrets. */
import type { HttpResponse, Trace } from "../../http/exchange.ts";
import { headerValue } from "../../http/headers.ts";
import type { GuestExchange } from "../../sandbox/guest_run.ts";
import type { GuestOutcome } from "../../sandbox/host.ts";
import type { WatchedAnswer } from "../../sandbox/protocol.ts";
import { withoutFragment } from "../../http/url.ts";

/** @param atMs when the run was, milliseconds since the Unix epoch */
export function liveTraces(
  { exchanges, answers }: Pick<GuestOutcome, "exchanges" | "answers">,
  atMs: number,
): Trace[] {
  let next = 0;
  return exchanges.map((exchange, index) => {
    const found = answers.findIndex((answer, at) => at >= next && isAnswerTo(answer, exchange));
    if (found >= 0) next = found + 1;
    return traceOf(exchange, answers[found], {
      id: `live_${index + 1}`,
      startedAtMs: atMs + index,
    });
  });
}

function isAnswerTo(answer: WatchedAnswer, { method, url, status }: GuestExchange): boolean {
  return answer.method === method && answer.status === status &&
    withoutFragment(answer.url) === withoutFragment(url);
}

function traceOf(
  { method, url, status }: GuestExchange,
  answer: WatchedAnswer | undefined,
  { id, startedAtMs }: Pick<Trace, "id" | "startedAtMs">,
): Trace {
  const { headers = [], body = "" } = answer?.sent ?? {};
  return {
    id,
    captureId: "live",
    startedAtMs,
    marks: [],
    noise: null,
    request: {
      method,
      url: withoutFragment(url),
      headers,
      body: body === "" ? null : new TextEncoder().encode(body),
    },
    response: status === null
      ? null
      : answer === undefined
      ? { status, headers: [], body: null }
      : responseOf(answer),
  };
}

/** A body that is not told was too long to be. */
function responseOf({ status, headers, body }: WatchedAnswer): HttpResponse {
  const length = headerValue(headers, "content-length");
  const isLeftOut = body === "" && length !== undefined && length !== "0" ||
    body === "" && headerValue(headers, "transfer-encoding") !== undefined;
  return { status, headers, body: isLeftOut ? null : new TextEncoder().encode(body) };
}
