/**
 * Flow files of mitmproxy (`mitmdump -w FILE`, `w` in mitmproxy): one tagged netstring per flow, bodies as they
 * travelled. Fields as `mitmproxy.http.HTTPFlow.get_state()` gives them, versions 5 to 12.
 */
import { isDateMs } from "../base/date_range.ts";
import { NO_TIME, UNREADABLE_TIME } from "./time_order.ts";
import type { HeaderList, HttpResponse } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { isHttpToken } from "../http/http_token.ts";
import { parseUrl } from "../http/url.ts";
import type { ByteSource, Span } from "./byte_source.ts";
import type { CaptureFormat, EntryReading } from "./capture_format.ts";
import { contentDecoded, withoutTransport } from "./content_coding.ts";
import { joinCookies } from "./har_headers.ts";
import { InputProblem } from "./input_error.ts";
import { parseTnet, readFrame, type TnetDict, type TnetValue } from "./tnetstring.ts";

/** A length and its colon. */
const HEAD_BYTES = 16;

export const MITM_FORMAT: CaptureFormat = {
  *outline(source) {
    for (let start = 0, index = 0; start < source.size; index++) {
      const frame = readFrame(source.read(start, HEAD_BYTES), flowPlace(index));
      const end = start + frame.end + 1;
      if (end > source.size) {
        throw new InputProblem(
          flowPlace(index),
          `the file ends in the middle of ${flowPlace(index)}`,
        );
      }
      yield { start, end };
      start = end;
    }
    return { creator: "mitmproxy" };
  },
  readEntry(source: ByteSource, span: Span): EntryReading {
    const flow = flowIn(source.read(span.start, span.end - span.start));
    if (flow === null) return skipped("not a flow");
    const type = textField(flow, "type");
    if (type !== "http") return skipped(`"${type ?? "unknown"}" flow`);
    if (dictField(flow, "websocket") !== null) return skipped("WebSocket");
    return readFlow(flow);
  },
};

/** The dictionary of a flow, `null` for bytes that hold none. */
function flowIn(bytes: Uint8Array): TnetDict | null {
  try {
    const flow = parseTnet(bytes, "flow");
    return flow instanceof Map ? flow : null;
  } catch (error) {
    if (error instanceof InputProblem) return null;
    throw error;
  }
}

function skipped(reason: string): EntryReading {
  return { kind: "skipped", reason };
}

function readFlow(flow: TnetDict): EntryReading {
  const request = dictField(flow, "request");
  if (request === null) return skipped("without a request");
  const method = textField(request, "method")?.toUpperCase();
  if (method === undefined || !isHttpToken(method)) return skipped("without an HTTP method");
  if (method === "CONNECT") return skipped("proxy tunnel");
  const headers = joinCookies(readHeaders(request));
  const url = readUrl(request, headers);
  if (url === null) return skipped("without a valid URL");
  const startedAt = request.get("timestamp_start");
  const startedAtMs = typeof startedAt === "number" && isDateMs(startedAt * 1000)
    ? startedAt * 1000
    : null;
  return {
    kind: "exchange",
    startedAtMs,
    exchange: {
      startedAtMs: startedAtMs ?? 0,
      request: { method, url, ...readMessage(request, headers) },
      response: readResponse(dictField(flow, "response")),
    },
    repairs: startedAtMs !== null
      ? []
      : [startedAt === undefined || startedAt === null ? NO_TIME : UNREADABLE_TIME],
  };
}

/** The URL as the client saw it: behind a transparent proxy `host` is an address, the header a name. */
function readUrl(request: TnetDict, headers: HeaderList): string | null {
  const scheme = textField(request, "scheme") ?? "http";
  const port = request.get("port");
  const named = textField(request, "authority") || headerValue(headers, "host");
  const host = textField(request, "host");
  if (!named && !host) return null;
  const authority = named || `${host!.includes(":") ? `[${host}]` : host}:${port}`;
  const url = parseUrl(`${scheme}://${authority}${textField(request, "path") ?? "/"}`);
  if (url === null) return null;
  url.hash = "";
  return url.href;
}

/** A flow that was cut off before its answer began has none, or one without a status. */
function readResponse(response: TnetDict | null): HttpResponse | null {
  if (response === null) return null;
  const status = response.get("status_code");
  if (typeof status !== "number" || !(status >= 100 && status <= 599)) return null;
  return { status, ...readMessage(response, readHeaders(response)) };
}

function readMessage(
  message: TnetDict,
  headers: HeaderList,
): { headers: HeaderList; body: Uint8Array | null } {
  const content = message.get("content");
  if (!(content instanceof Uint8Array)) return { headers, body: null };
  // A copy: the value is a view of the flow's bytes.
  const body = contentDecoded(content.slice(), headerValue(headers, "content-encoding"));
  if (body.length === 0 && message.has("method")) return { headers, body: null };
  return { headers: withoutTransport(headers, body), body };
}

function readHeaders(message: TnetDict): HeaderList {
  const list = message.get("headers");
  if (!Array.isArray(list)) return [];
  return list.flatMap((pair) => {
    const [name, value] = Array.isArray(pair) ? pair.map(asText) : [];
    return name && isHttpToken(name) ? [[name, value ?? ""] as const] : [];
  });
}

function dictField(dict: TnetDict, name: string): TnetDict | null {
  const value = dict.get(name);
  return value instanceof Map ? value : null;
}

function textField(dict: TnetDict, name: string): string | null {
  return asText(dict.get(name));
}

function asText(value: TnetValue | undefined): string | null {
  if (typeof value === "string") return value;
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : null;
}

function flowPlace(index: number): string {
  return `flow ${index + 1}`;
}
