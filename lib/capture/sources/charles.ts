/** Charles's session as JSON (`.chlsj`). */
import { isRecord } from "../../base/json.ts";
import { type Fields, namedValues } from "./collection_values.ts";
import type { ForeignSource, NamedValue } from "./foreign_source.ts";

export function isCharles(json: unknown): json is unknown[] {
  return Array.isArray(json) &&
    json.some((one) =>
      isRecord(one) && typeof one["host"] === "string" && typeof one["scheme"] === "string" &&
      isRecord(one["request"])
    );
}

export function readCharles(sessions: readonly unknown[]): ForeignSource {
  return {
    creator: "Charles session",
    entries: sessions.filter(isRecord).map(entryOf),
    lacks: [],
  };
}

function entryOf(session: Fields): unknown {
  const { scheme, host, actualPort, port, path, query, method, times, status } = session;
  const at = port ?? actualPort;
  const isDefault = at === undefined || at === null || at === (scheme === "https" ? 443 : 80);
  const request = isRecord(session["request"]) ? session["request"] : {};
  const response = isRecord(session["response"]) ? session["response"] : null;
  const body = bodyOf(request);
  return {
    startedDateTime: isRecord(times) ? times["start"] : undefined,
    request: {
      method,
      url: `${scheme}://${host}${isDefault ? "" : `:${at}`}${path ?? "/"}${
        query ? `?${query}` : ""
      }`,
      headers: headersOf(request),
      ...body === null ? {} : { postData: body },
    },
    response: response === null || status === "FAILED" ? null : {
      status: response["status"],
      headers: headersOf(response),
      content: bodyOf(response) ?? { size: 0 },
    },
  };
}

function headersOf(message: Fields): NamedValue[] {
  const header = message["header"];
  return isRecord(header) ? namedValues(header["headers"], "name") : [];
}

function bodyOf(message: Fields): Fields | null {
  const body = message["body"];
  if (!isRecord(body)) return null;
  if (typeof body["encoded"] === "string") return { text: body["encoded"], encoding: "base64" };
  return typeof body["text"] === "string" ? { text: body["text"] } : null;
}
