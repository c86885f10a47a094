/** The answer to a request of the replay: the recorded one with every minted value replaced. */
import { bodyText, parseBody, stripJsonGuard } from "../http/body.ts";
import type { HttpResponse, Trace } from "../http/exchange.ts";
import { runExtraction } from "../correlate/evaluate.ts";
import type { Extraction } from "../correlate/flow.ts";
import { AnswerView } from "../codec/answer_view.ts";
import { putLocated, takeLocated } from "../codec/locators.ts";
import { putOpened } from "../codec/openers.ts";
import { withUtf8 } from "../codec/put_text.ts";
import { type FreshValues, isPlace } from "./fresh_values.ts";
import { shiftHttpDate, type TimeShift } from "./times.ts";

export interface Answer {
  readonly response: HttpResponse & { readonly body: Uint8Array };
  /** What a correct script finds, by `Extraction.id`. */
  readonly extracted: ReadonlyMap<string, string>;
  /** Extractions whose value could not be made a fresh one: what uses them is not proven. */
  readonly unminted: readonly string[];
}

/** Headers that describe the recorded transfer, which is not repeated. */
const TRANSFER_HEADER =
  /^(content-encoding|content-length|transfer-encoding|connection|keep-alive|trailer|upgrade|alt-svc|strict-transport-security)$/i;

/** @param url the URL that was asked for, with its fresh values */
export function answerFrom(
  trace: Trace,
  url: string,
  extractions: readonly Extraction[],
  fresh: FreshValues,
  nowMs: number,
): Answer {
  const recorded = trace.response ?? { status: 502, headers: [], body: null };
  const shift = { recordedAtMs: trace.startedAtMs, nowMs };
  let response: HttpResponse = {
    status: recorded.status,
    headers: freshHeaders(recorded, fresh, shift),
    body: freshBody(recorded, fresh, shift),
  };
  const extracted = new Map<string, string>();
  const unminted: string[] = [];
  for (const extraction of extractions) {
    response = settled(extraction, { recorded, recordedUrl: trace.request.url, response, url }, {
      fresh,
      shift,
    });
    const value = runExtraction(extraction, response, url);
    if (value !== undefined) extracted.set(extraction.id, value);
    const isFresh = value !== undefined &&
      (value !== extraction.recorded || isPlace(value) || !/[A-Za-z0-9]/.test(value));
    if (!isFresh) unminted.push(extraction.id);
  }
  return {
    response: { ...response, body: response.body ?? new Uint8Array() },
    extracted,
    unminted,
  };
}

function freshHeaders(
  recorded: HttpResponse,
  fresh: FreshValues,
  shift: TimeShift,
): [string, string][] {
  return recorded.headers
    .filter(([name]) => !TRANSFER_HEADER.test(name))
    .map(([name, value]) => [name, freshHeader(name.toLowerCase(), value, recorded, fresh, shift)]);
}

function freshHeader(
  name: string,
  value: string,
  recorded: HttpResponse,
  fresh: FreshValues,
  shift: TimeShift,
): string {
  switch (name) {
    case "set-cookie":
      return freshSetCookie(value, fresh, shift);
    case "location":
      return fresh.substitute(value, "url", shift);
    case "content-type":
      return isTextual(recorded) ? withUtf8(value) : value;
    default:
      return fresh.substitute(value, "text", shift);
  }
}

/** A cookie that had time left at the recording has as much left now; one that was deleted stays deleted. */
function freshSetCookie(line: string, fresh: FreshValues, shift: TimeShift): string {
  const [pair = "", ...attributes] = line.split(";");
  const equals = pair.indexOf("=");
  const name = pair.slice(0, equals + 1);
  const value = fresh.of(pair.slice(equals + 1).trim(), shift);
  const moved = attributes.map((attribute) =>
    attribute
      .replace(
        /^(\s*expires\s*=)(.*)$/i,
        (_, key: string, date: string) => key + shiftHttpDate(date, shift),
      )
      .replace(
        /^(\s*path\s*=)(.*)$/i,
        (_, key: string, path: string) => key + fresh.substitute(path, "url", shift),
      )
  );
  return [fresh.substitute(name, "text", shift) + value, ...moved].join(";");
}

function freshBody(
  recorded: HttpResponse,
  fresh: FreshValues,
  shift: TimeShift,
): Uint8Array | null {
  if (recorded.body === null || !isTextual(recorded)) return recorded.body;
  const text = bodyText(recorded.headers, recorded.body);
  return new TextEncoder().encode(freshText(recorded, text, fresh, shift));
}

function freshText(
  recorded: HttpResponse,
  text: string,
  fresh: FreshValues,
  shift: TimeShift,
): string {
  switch (parseBody(recorded.headers, recorded.body).kind) {
    case "json": {
      const json = stripJsonGuard(text.trimStart());
      const guard = text.slice(0, text.length - json.length);
      return guard + (fresh.substituteJson(json, shift) ?? fresh.substitute(json, "json", shift));
    }
    case "form":
      return fresh.substitute(text, "url", shift);
    case "html":
      return fresh.substitute(text, "html", shift);
    default:
      return fresh.substitute(text, "text", shift);
  }
}

function isTextual(recorded: HttpResponse): boolean {
  const { kind } = parseBody(recorded.headers, recorded.body);
  return kind !== "none" && kind !== "binary";
}

interface Rendering {
  readonly recorded: HttpResponse;
  readonly recordedUrl: string;
  readonly response: HttpResponse;
  readonly url: string;
}

/** The response, changed where the extraction reads so that it yields the fresh value. */
function settled(
  extraction: Extraction,
  { recorded, recordedUrl, response, url }: Rendering,
  { fresh, shift }: { fresh: FreshValues; shift: TimeShift },
): HttpResponse {
  const { locator, openers } = extraction;
  if (isPlace(extraction.recorded)) return response;
  const target = fresh.of(extraction.recorded, shift);
  if (runExtraction(extraction, response, url) === target) return response;
  const located = takeLocated(locator, new AnswerView(recorded, recordedUrl));
  if (located === undefined) return response;
  const answer = new AnswerView(response, url);
  const rendered = takeLocated(locator, answer) ?? located;
  const rebuilt = putOpened(openers, rendered, target) ?? putOpened(openers, located, target);
  if (rebuilt === undefined) return response;
  const patched = putLocated(locator, answer, rebuilt);
  if (patched === undefined || runExtraction(extraction, patched, url) !== target) return response;
  if (openers.length > 0) {
    fresh.set(located, { name: extraction.id, kind: "extracted" }, rebuilt);
  }
  return patched;
}
