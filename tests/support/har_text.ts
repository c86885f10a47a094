/** Traces as the text of a HAR 1.2 file, for tests that import what they wrote by hand. */
import { headerValue } from "../../lib/http/headers.ts";
import type { HeaderList, Trace } from "../../lib/http/exchange.ts";

const decoder = new TextDecoder();

export function harText(traces: readonly Trace[]): string {
  return JSON.stringify({
    log: { version: "1.2", creator: { name: "test", version: "1" }, entries: traces.map(entry) },
  });
}

function entry({ startedAtMs, request, response }: Trace) {
  const { method, url, body } = request;
  const mimeType = headerValue(request.headers, "content-type") ?? "";
  return {
    startedDateTime: new Date(startedAtMs).toISOString(),
    time: 1,
    request: {
      method,
      url,
      headers: pairs(request.headers),
      ...body === null ? {} : { postData: { mimeType, text: decoder.decode(body) } },
    },
    response: {
      status: response?.status ?? 0,
      headers: pairs(response?.headers ?? []),
      content: {
        mimeType: headerValue(response?.headers ?? [], "content-type") ?? "",
        text: decoder.decode(response?.body ?? new Uint8Array()),
      },
    },
  };
}

function pairs(headers: HeaderList): { name: string; value: string }[] {
  return headers.map(([name, value]) => ({ name, value }));
}
