/**
 * Exchanges as JSON, however a tool spells them: `{ request, response }` with a body as text, as JSON, in base64
 * or in a file beside it, headers as a list or an object, a time in any of the usual forms.
 */
import { isDateMs } from "../../base/date_range.ts";
import { isRecord, type JsonValue, parseJson } from "../../base/json.ts";
import { type Fields, headerLines } from "./collection_values.ts";
import type { ForeignSource } from "./foreign_source.ts";

/** Finds the file that a body stands in; `null` where there is none. */
export type BodyFiles = (name: string) => Uint8Array | null;

/** Epoch seconds have ten digits until 2286, milliseconds thirteen. */
const FIRST_MS = 1e11;
const NO_FILES: BodyFiles = () => null;

/** The exchanges in a JSON value, at most one list deep; none for a value of another kind. */
export function exchangesIn(json: JsonValue | undefined, files: BodyFiles = NO_FILES): unknown[] {
  const inner = isRecord(json) && !isExchange(json)
    ? ["exchanges", "entries", "requests", "traces"].map((name) => json[name]).find(Array.isArray)
    : undefined;
  const list = inner ?? (Array.isArray(json) ? json : [json]);
  return list.filter(isExchange).map((one) => entryOf(one, files));
}

/** One exchange per line, as logs keep them. */
export function exchangesInLines(text: string): unknown[] {
  return text.split("\n").flatMap((line) => line.trim() === "" ? [] : exchangesIn(parseJson(line)));
}

/** `null` for no exchange. What none of them has is what the source lacks. */
export function exchangeSource(
  entries: readonly unknown[],
  creator = "exchanges",
): ForeignSource | null {
  return entries.length === 0
    ? null
    : { creator, entries, lacks: lacksOf(entries), isMeasured: true };
}

/** What entries of HAR do not hold. */
export function lacksOf(entries: readonly unknown[]): string[] {
  const all = entries.filter(isRecord);
  const hasTimes = all.some(({ startedDateTime }) => startedDateTime !== undefined);
  return [
    ...answersLackedBy(all),
    ...hasTimes ? [] : ["times: the order of the file is taken for that of the requests"],
  ];
}

/** Answers, or bodies of answers that have one: all of them or some. */
export function answersLackedBy(entries: readonly Fields[]): string[] {
  const answers = entries.map(({ response }) => response).filter(isRecord);
  const full = answers.filter(mayHaveBody);
  const empty = full.filter(({ content }) => !isRecord(content) || content["text"] === undefined);
  return [
    ...someOf("answers", entries.length - answers.length, `${entries.length} requests`),
    ...someOf("bodies", empty.length, `${full.length} answers`, "bodies of answers"),
  ];
}

function someOf(what: string, missing: number, all: string, whole = what): string[] {
  if (missing === 0) return [];
  return missing === parseInt(all) ? [whole] : [`${what} of ${missing} of ${all}`];
}

/** Redirects and the like have none (RFC 9110 section 6.4.1), and a recorder that knows its size has none to say. */
function mayHaveBody({ status, content }: Fields): boolean {
  const code = Number(status);
  const isEmpty = isRecord(content) && content["size"] === 0;
  return !isEmpty && code >= 200 && code !== 204 && !(code >= 300 && code < 400);
}

function isExchange(value: unknown): value is Fields {
  return isRecord(value) && isRecord(value["request"]) &&
    typeof value["request"]["url"] === "string";
}

function entryOf(exchange: Fields, files: BodyFiles): unknown {
  const request = exchange["request"] as Fields;
  const response = isRecord(exchange["response"]) ? exchange["response"] : null;
  const sent = bodyOf(request, "postData", files);
  return {
    startedDateTime: timeOf(exchange) ?? timeOf(request),
    request: {
      method: "GET",
      ...request,
      headers: headersOf(request["headers"]),
      ...sent === undefined ? {} : { postData: sent },
    },
    response: response === null ? null : {
      ...response,
      headers: headersOf(response["headers"]),
      status: response["status"] ?? response["statusCode"] ?? response["status_code"],
      content: bodyOf(response, "content", files),
    },
  };
}

/** Objects as in HAR, pairs, lines, one text of lines, or values by name, several of one name in a list. */
function headersOf(headers: unknown): unknown {
  if (typeof headers === "string") return headerLines(headers);
  if (Array.isArray(headers)) {
    return headers.flatMap((one: unknown): unknown[] => {
      if (typeof one === "string") return headerLines(one);
      return Array.isArray(one) ? [{ name: String(one[0]), value: String(one[1] ?? "") }] : [one];
    });
  }
  if (!isRecord(headers)) return headers;
  return Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one: unknown) => ({ name, value: one }))
  );
}

/** As HAR has it under `harName`, else what stands there in other words. */
function bodyOf(message: Fields, harName: string, files: BodyFiles): unknown {
  if (isRecord(message[harName])) return message[harName];
  const file = message["body_file"] ?? message["bodyFile"];
  if (typeof file === "string") {
    const bytes = files(file);
    return bytes === null
      ? undefined
      : { text: bytes.toBase64(), encoding: "base64", size: bytes.length };
  }
  const base64 = message["bodyBase64"] ?? message["body_base64"];
  if (typeof base64 === "string") return { text: base64, encoding: "base64" };
  if (message["body_size"] === 0) return { size: 0 };
  const body = message["body"];
  if (typeof body === "string") return { text: body, size: body.length, ...encodingOf(message) };
  return body === undefined || body === null ? undefined : { text: JSON.stringify(body) };
}

function encodingOf(message: Fields): Fields {
  const encoding = message["encoding"] ?? message["bodyEncoding"] ?? message["body_encoding"];
  return /base64/i.test(String(encoding)) ? { encoding: "base64" } : {};
}

function timeOf(fields: Fields): string | undefined {
  const names = ["startedDateTime", "startedAt", "started_at", "timestamp", "time", "date"];
  const time = names.map((name) => fields[name]).find((value) =>
    typeof value === "number" && value > 1e9 || typeof value === "string" && value !== ""
  );
  if (typeof time !== "number") return time as string | undefined;
  const ms = time > FIRST_MS ? time : time * 1000;
  // A number beyond all dates stays as it is, so that the reader says that the time cannot be read.
  return isDateMs(ms) ? new Date(ms).toISOString() : String(time);
}
