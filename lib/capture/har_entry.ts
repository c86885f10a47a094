/** One HAR entry as an exchange, or the reason why it is none. */
import type { HttpResponse } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { isHttpToken } from "../http/http_token.ts";
import { parseUrl } from "../http/url.ts";
import type { EntryReading } from "./capture_format.ts";
import { readRequestBody, readResponseBody } from "./har_bodies.ts";
import { HarObject } from "./har_fields.ts";
import { readRequestHead, readResponseHeaders, type RequestHead } from "./har_headers.ts";
import { withoutUrlCredentials } from "./url_credentials.ts";

/**
 * Reads the entry at `index` (from 0).
 *
 * @throws {InputProblem} naming the field that is missing or malformed.
 */
export function readEntry(value: unknown, index: number): EntryReading {
  const entry = HarObject.entry(value, index);
  const request = entry.object("request");
  const head = readRequestHead(request);
  const method = readMethod(request);
  const url = readUrl(request, head);
  const reason = unreadable(method, url) ?? unreadableStatus(entry.optionalObject("response"));
  if (reason !== null) return { kind: "skipped", reason };
  const startedAtMs = readStart(entry);
  const sent = { method, url: withoutFragment(url), ...readRequestBody(request, head.headers) };
  const response = readResponse(entry.optionalObject("response"));
  return {
    kind: "exchange",
    exchange: { startedAtMs, request: withoutUrlCredentials(sent, response), response },
  };
}

function readMethod(request: HarObject): string {
  const method = request.text("method");
  if (isHttpToken(method)) return method.toUpperCase();
  throw request.problem("method", "is no HTTP method");
}

function readUrl(request: HarObject, head: RequestHead): URL {
  const text = request.text("url");
  const host = head.pseudo.get("authority") ?? headerValue(head.headers, "host");
  const base = host === undefined ? undefined : `${head.pseudo.get("scheme") ?? "https"}://${host}`;
  const url = parseUrl(text) ?? parseUrl(text, base);
  if (url === null) throw request.problem("url", "is no absolute URL");
  return url;
}

function unreadable(method: string, url: URL): string | null {
  if (url.protocol === "ws:" || url.protocol === "wss:") return "WebSocket";
  if (url.protocol !== "http:" && url.protocol !== "https:") return `"${url.protocol}" URL`;
  return method === "CONNECT" ? "proxy tunnel" : null;
}

function unreadableStatus(response: HarObject | null): string | null {
  const status = response?.optionalNumber("status") ?? 0;
  if (status === 101) return "WebSocket";
  return isUnanswered(status) || (status >= 100 && status <= 599)
    ? null
    : `status ${status} is none of HTTP`;
}

/** Recorders write 0 or -1 for a request that was blocked, cancelled or never answered. */
function isUnanswered(status: number): boolean {
  return status === 0 || status === -1;
}

function readResponse(response: HarObject | null): HttpResponse | null {
  const status = response?.optionalNumber("status") ?? 0;
  if (response === null || isUnanswered(status)) return null;
  return { status, ...readResponseBody(response, readResponseHeaders(response)) };
}

/** `startedDateTime` is ISO 8601; some recorders give microseconds, which tell entries apart. */
function readStart(entry: HarObject): number {
  const text = entry.text("startedDateTime");
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw entry.problem("startedDateTime", "is no date");
  const beyondMs = /\.\d{3}(\d{1,6})/.exec(text)?.[1];
  return beyondMs === undefined ? ms : ms + Number(`0.${beyondMs}`);
}

function withoutFragment(url: URL): string {
  const copy = new URL(url);
  copy.hash = "";
  return copy.href;
}
