/** The exchanges of a live run as traces, beside those of the recording: `live_1`, `live_2`, …. They hold secrets. */
import type { HttpResponse, Trace } from "../../http/exchange.ts";
import { headerValue } from "../../http/headers.ts";
import type { GuestOutcome } from "../../sandbox/host.ts";
import type { WatchedAnswer } from "../../sandbox/protocol.ts";
import { withoutFragment } from "../../http/url.ts";

/** @param atMs when the run was, milliseconds since the Unix epoch */
export function liveTraces(
  { exchanges, answers }: Pick<GuestOutcome, "exchanges" | "answers">,
  atMs: number,
): Trace[] {
  const left = [...answers];
  return exchanges.map(({ method, url: asked, status }, index) => {
    const url = withoutFragment(asked);
    const at = left.findIndex((answer) =>
      answer.method === method && answer.status === status && withoutFragment(answer.url) === url
    );
    // Answers come in the order of the requests.
    const answer = at < 0 ? undefined : left.splice(0, at + 1).at(-1);
    const { headers = [], body = "" } = answer?.sent ?? {};
    return {
      id: `live_${index + 1}`,
      captureId: "live",
      startedAtMs: atMs + index,
      marks: [],
      noise: null,
      request: {
        method,
        url,
        headers,
        body: body === "" ? null : new TextEncoder().encode(body),
      },
      response: status === null
        ? null
        : answer === undefined
        ? { status, headers: [], body: null }
        : responseOf(answer),
    };
  });
}

/** A body that is not told was too long to be. */
function responseOf({ status, headers, body }: WatchedAnswer): HttpResponse {
  const isLeftOut = body === "" &&
    ((headerValue(headers, "content-length") ?? "0") !== "0" ||
      headerValue(headers, "transfer-encoding") !== undefined);
  return { status, headers, body: isLeftOut ? null : new TextEncoder().encode(body) };
}
