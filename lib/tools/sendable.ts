/** Requests as they can be sent, whatever a recording or a document says. Pure. */
import { isStreamType } from "../http/event_stream.ts";
import type { HttpRequest } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { setHeader } from "./credentials.ts";

/** A recorded `Accept` that names a stream stays; one that prefers another type would be answered with that. */
export function askingForStream(request: HttpRequest): HttpRequest {
  const accepted = headerValue(request.headers, "accept") ?? "";
  if (accepted.split(",").some((type) => isStreamType(type.split(";")[0]!.trim()))) return request;
  const accept = "text/event-stream, application/x-ndjson, application/jsonl;q=0.9, */*;q=0.5";
  return { ...request, headers: setHeader(request.headers, "Accept", accept) };
}

/** A GET or HEAD never carries a body (Fetch standard; RFC 9110 section 9.3.1). */
export function bodyless(request: HttpRequest): HttpRequest {
  const isBodyless = request.method === "GET" || request.method === "HEAD";
  return isBodyless ? { ...request, body: null } : request;
}
