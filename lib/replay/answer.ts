/** The answer to a request of the replay: the recorded one with every minted value replaced. */
import { bodyText, parseBody } from "../http/body.ts";
import type { HttpResponse, Trace } from "../http/exchange.ts";
import { runExtraction } from "../correlate/evaluate.ts";
import type { Extraction } from "../correlate/flow.ts";
import { isXml } from "../http/xml.ts";
import { AnswerView } from "../codec/answer_view.ts";
import type { TextContext } from "../codec/encoded_text.ts";
import { putLocated, takeLocated } from "../codec/locators.ts";
import { putOpened } from "../codec/openers.ts";
import { takeFrom } from "../codec/place.ts";
import { withUtf8 } from "../codec/put_text.ts";
import type { FreshValues } from "./fresh_values.ts";
import { isPlace } from "./place_text.ts";
import { shiftHttpDate, type TimeShift } from "./times.ts";

export interface Answer {
  readonly response: HttpResponse;
  /** `Extraction.id` where the value could not be made a fresh one: what uses it is not proven. */
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
  const rendering = new Rendering(trace, url, fresh, nowMs);
  const response = extractions.reduce(
    (rendered, extraction) => rendering.settled(extraction, rendered),
    rendering.response(),
  );
  const isFresh = (extraction: Extraction) => {
    const value = runExtraction(extraction, response, url);
    return value !== undefined &&
      (value !== extraction.recorded || isPlace(value) || !/[A-Za-z0-9]/.test(value));
  };
  const unminted = extractions.filter((one) => !isFresh(one)).map(({ id }) => id);
  return { response: { ...response, body: response.body ?? new Uint8Array() }, unminted };
}

class Rendering {
  readonly #recorded: HttpResponse;
  readonly #shift: TimeShift;

  constructor(
    private readonly trace: Trace,
    private readonly url: string,
    private readonly fresh: FreshValues,
    nowMs: number,
  ) {
    this.#recorded = trace.response ?? { status: 502, headers: [], body: null };
    this.#shift = { recordedAtMs: trace.startedAtMs, nowMs };
  }

  response(): HttpResponse {
    const { status, headers, body } = this.#recorded;
    return {
      status,
      headers: headers.filter(([name]) => !TRANSFER_HEADER.test(name))
        .map(([name, value]) => [name, this.#header(name.toLowerCase(), value)]),
      body: body === null || !this.#isTextual()
        ? body
        : new TextEncoder().encode(this.#text(bodyText(headers, body))),
    };
  }

  #header(name: string, value: string): string {
    if (name === "set-cookie") return this.#setCookie(value);
    if (name === "content-type") return this.#isTextual() ? withUtf8(value) : value;
    return this.#substituted(value, name === "location" ? "url" : "text");
  }

  /** A cookie that had time left at the recording has as much left now; one that was deleted stays deleted. */
  #setCookie(line: string): string {
    const [pair = "", ...attributes] = line.split(";");
    const equals = pair.indexOf("=");
    const value = this.fresh.of(pair.slice(equals + 1).trim(), this.#shift);
    const moved = attributes.map((attribute) =>
      attribute.replace(
        /^(\s*(expires|path)\s*=)(.*)$/i,
        (_, key: string, name: string, text) =>
          key + (/^expires$/i.test(name)
            ? shiftHttpDate(text, this.#shift)
            : this.#substituted(text, "url")),
      )
    );
    return [this.#substituted(pair.slice(0, equals + 1), "text") + value, ...moved].join(";");
  }

  #text(text: string): string {
    const kind = this.#kind();
    if (kind === "form") return this.#substituted(text, "url");
    if (kind !== "json") {
      return this.#substituted(text, kind === "html" || isXml(text) ? "html" : "text");
    }
    return this.fresh.substituteJson(text, this.#shift) ?? this.#substituted(text, "json");
  }

  #substituted(text: string, context: TextContext): string {
    return this.fresh.substitute(text, context, this.#shift);
  }

  #kind(): ReturnType<typeof parseBody>["kind"] {
    return parseBody(this.#recorded.headers, this.#recorded.body).kind;
  }

  #isTextual(): boolean {
    return !["none", "binary"].includes(this.#kind());
  }

  /** The response, changed where the extraction reads so that it yields the fresh value. */
  settled({ id, recorded, ...place }: Extraction, response: HttpResponse): HttpResponse {
    const { locator, openers } = place;
    const answer = new AnswerView(response, this.url);
    const target = isPlace(recorded) ? undefined : this.fresh.of(recorded, this.#shift);
    if (target === undefined || takeFrom(place, answer) === target) return response;
    const located = takeLocated(locator, new AnswerView(this.#recorded, this.trace.request.url));
    if (located === undefined) return response;
    const rendered = takeLocated(locator, answer) ?? located;
    const rebuilt = putOpened(openers, rendered, target) ?? putOpened(openers, located, target);
    const patched = rebuilt === undefined ? undefined : putLocated(locator, answer, rebuilt);
    if (patched === undefined || takeFrom(place, new AnswerView(patched, this.url)) !== target) {
      return response;
    }
    if (openers.length > 0) this.fresh.set(located, { name: id, kind: "extracted" }, rebuilt!);
    return patched;
  }
}
