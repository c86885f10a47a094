/** One HAR entry as an exchange, or the reason why it is skipped. */
import { NO_TIME, UNREADABLE_TIME } from "./time_order.ts";
import type { HttpResponse } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { isHttpToken } from "../http/http_token.ts";
import { parseUrl, withoutFragment } from "../http/url.ts";
import type { EntryReading } from "./capture_format.ts";
import { readRequestBody, readResponseBody } from "./har_bodies.ts";
import { HarObject } from "./har_fields.ts";
import { readRequestHead, readResponseHeaders, type RequestHead } from "./har_headers.ts";
import { withoutUrlCredentials } from "./url_credentials.ts";

/** Reads one element of `log.entries`; whatever it holds, the rest of the recording counts. */
export function readEntry(value: unknown): EntryReading {
  const entry = HarObject.entry(value);
  if (entry === null) return skipped("not an object");
  const request = entry.object("request");
  if (request === null) return skipped("without a request");
  const head = readRequestHead(request);
  const method = request.text("method")?.trim() ?? "";
  const url = readUrl(request, head);
  if (url === null) return skipped(request.text("url") ? "without a valid URL" : "without a URL");
  if (!isHttpToken(method)) return skipped("without an HTTP method");
  const response = entry.object("response");
  const reason = foreign(method.toUpperCase(), url) ?? foreignStatus(response);
  return reason === null ? readExchange(entry, head, method.toUpperCase(), url) : skipped(reason);
}

function readExchange(
  entry: HarObject,
  head: RequestHead,
  method: string,
  url: URL,
): EntryReading {
  const request = entry.object("request")!;
  const startedAtMs = readStart(entry);
  const sent = {
    method,
    url: withoutFragment(url.href),
    ...readRequestBody(request, head.headers),
  };
  const response = readResponse(entry.object("response"));
  return {
    kind: "exchange",
    startedAtMs,
    exchange: {
      startedAtMs: startedAtMs ?? 0,
      request: withoutUrlCredentials(sent, response),
      response,
    },
    repairs: [...(startedAtMs === null ? [timeProblem(entry)] : []), ...entry.malformed],
  };
}

function skipped(reason: string): EntryReading {
  return { kind: "skipped", reason };
}

function readUrl(request: HarObject, head: RequestHead): URL | null {
  const text = request.text("url")?.trim() ?? "";
  const host = head.pseudo.get("authority") ?? headerValue(head.headers, "host");
  const base = host === undefined ? undefined : `${head.pseudo.get("scheme") ?? "https"}://${host}`;
  return text === "" ? null : parseUrl(text) ?? parseUrl(text, base);
}

function foreign(method: string, url: URL): string | null {
  if (url.protocol === "ws:" || url.protocol === "wss:") return "WebSocket";
  if (url.protocol !== "http:" && url.protocol !== "https:") return `"${url.protocol}" URL`;
  return method === "CONNECT" ? "proxy tunnel" : null;
}

function foreignStatus(response: HarObject | null): string | null {
  const status = response?.number("status") ?? 0;
  if (status === 101) return "WebSocket";
  return isUnanswered(status) || (Number.isInteger(status) && status >= 100 && status <= 599)
    ? null
    : `status ${status} is none of HTTP`;
}

/**
 * Recorders write 0 or a negative number for a request that was blocked, cancelled or never answered: -1,
 * Apple's -999 (NSURLErrorCancelled), Chrome's net errors.
 */
function isUnanswered(status: number): boolean {
  return status <= 0;
}

function readResponse(response: HarObject | null): HttpResponse | null {
  const status = response?.number("status") ?? 0;
  if (response === null || isUnanswered(status)) return null;
  return { status, ...readResponseBody(response, readResponseHeaders(response)) };
}

/**
 * `startedDateTime` is ISO 8601; some recorders give microseconds, which tell entries apart. `Date.parse()`
 * makes a date of nearly any text with a number in it, so a day and a clock time are asked for.
 */
function readStart(entry: HarObject): number | null {
  const text = entry.text("startedDateTime") ?? "";
  const ms = /\d{4}.{0,40}\d:\d\d/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(ms)) return null;
  const beyondMs = /\.\d{3}(\d{1,6})/.exec(text)?.[1];
  return beyondMs === undefined ? ms : ms + Number(`0.${beyondMs}`);
}

function timeProblem(entry: HarObject): string {
  return (entry.text("startedDateTime") ?? "") === "" ? NO_TIME : UNREADABLE_TIME;
}
