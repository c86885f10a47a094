/** A recording as a model may see it: a summary, single traces, a search. */
import type { JsonValue } from "../base/json.ts";
import { bodyText } from "../http/body.ts";
import type { Trace } from "../http/exchange.ts";
import { mediaType } from "../http/headers.ts";
import { parseUrl } from "../http/url.ts";
import {
  redactRequest,
  redactResponse,
  type ShownRequest,
  type ShownResponse,
} from "./redact_exchange.ts";
import type { CodeOrigin } from "./redact_code.ts";
import type { Redaction } from "./redaction.ts";

export interface ShownTrace {
  readonly id: string;
  readonly request: ShownRequest;
  /** `null` when there was no answer. */
  readonly response: ShownResponse | null;
}

export interface SearchHit {
  readonly trace: string;
  /** `request.cookies`, `response.body.user.token`. */
  readonly place: string;
  readonly line: string;
}

/** Characters of code shown on each side of a hit. */
const CODE_AROUND = 300;

export class RecordingView {
  readonly #traces: ReadonlyMap<string, Trace>;
  readonly #shown = new Map<string, ShownTrace>();

  /** Every value gets its placeholder now, in time order; scripts, which are long, when they are read. */
  constructor(readonly traces: readonly Trace[], readonly redaction: Redaction) {
    this.#traces = new Map(traces.map((trace) => [trace.id, trace]));
    for (const trace of traces) if (trace.noise === null) this.trace(trace.id);
  }

  /** `null` for an unknown trace. */
  trace(id: string): ShownTrace | null {
    const known = this.#shown.get(id);
    const trace = this.#traces.get(id);
    if (known !== undefined || trace === undefined) return known ?? null;
    const shown = {
      id,
      request: redactRequest(trace.request, this.redaction),
      response: trace.response === null
        ? null
        : redactResponse(trace.response, this.redaction, this.#originOf(trace)),
    };
    this.#shown.set(id, shown);
    return shown;
  }

  /** One line per trace, alike ones together; of static assets only scripts. */
  summary(): string {
    const lines = new Map<string, { first: string; line: string; count: number }>();
    for (const trace of this.traces) {
      if (trace.noise !== null && !isScript(trace)) continue;
      const line = this.#line(trace);
      const key = `${trace.captureId} ${line}`;
      const held = lines.get(key);
      if (held === undefined) lines.set(key, { first: trace.id, line, count: 1 });
      else held.count++;
    }
    return [...lines.values()].map(({ first, line, count }) =>
      `${first} ${line}${count === 1 ? "" : ` (and ${count - 1} more like it)`}`
    ).join("\n");
  }

  /** Where a text, such as the name of a placeholder, stands. Scripts are looked through too. */
  search(text: string, traceId: string | null): SearchHit[] {
    const hits: SearchHit[] = [];
    for (const trace of this.traces) {
      if (traceId !== null && trace.id !== traceId) continue;
      if (trace.noise !== null && !isScript(trace)) continue;
      const shown = this.trace(trace.id)!;
      collect(
        shown.request,
        "request",
        text,
        (place, line) => hits.push({ trace: trace.id, place, line }),
      );
      collect(
        shown.response,
        "response",
        text,
        (place, line) => hits.push({ trace: trace.id, place, line }),
      );
    }
    return hits;
  }

  #originOf(trace: Trace): CodeOrigin {
    const { texts } = this.redaction;
    if (texts.isSharedCode(trace)) return "asset";
    return texts.isForAnybody(trace.id) ? "anybody" : "page";
  }

  #line(trace: Trace): string {
    const { request, response, marks } = trace;
    const url = parseUrl(request.url);
    const names = [...new Set(url?.searchParams.keys() ?? [])].map((name) =>
      this.redaction.name(name)
    );
    const place = url === null ? "?" : this.redaction.url(`${url.origin}${url.pathname}`);
    const type = response === null ? "" : mediaType(response.headers);
    const cookies = this.#shown.get(trace.id)?.response?.cookies
      .map((line) => line.replace(/=.*/s, "")) ?? [];
    return [
      `${this.redaction.name(request.method)} ${place}${
        names.length === 0 ? "" : `?${names.join("&")}`
      }`,
      response === null ? "no answer" : `→ ${response.status}`,
      ...(type === "" ? [] : [this.redaction.show(type)]),
      ...(isScript(trace) && response?.body ? [`${response.body.length} bytes`] : []),
      ...(cookies.length === 0 ? [] : [`sets ${[...new Set(cookies)].join(", ")}`]),
      ...(marks.length === 0 ? [] : [`[auth: ${marks.join(", ")}]`]),
    ].join(" ");
  }
}

function isScript({ response }: Trace): boolean {
  return response !== null && /javascript|ecmascript/.test(mediaType(response.headers)) &&
    response.body !== null && bodyText(response.headers, response.body.subarray(0, 1)) !== "";
}

function collect(
  value: unknown,
  place: string,
  text: string,
  hit: (place: string, line: string) => void,
): void {
  if (typeof value === "string") {
    const lines = excerpts(value, text);
    for (const line of lines) hit(place, line);
    if (lines.length === 0 && place.endsWith(text)) hit(place, cut(value, 0, CODE_AROUND));
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => collect(item, `${place}.${index}`, text, hit));
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) collect(item, `${place}.${key}`, text, hit);
  }
}

/** Everywhere that it stands, upper case or lower; hits that are near each other are one. */
function excerpts(value: string, text: string): string[] {
  const [lower, wanted] = [value.toLowerCase(), text.toLowerCase()];
  const lines: string[] = [];
  for (let at = lower.indexOf(wanted); at >= 0;) {
    const start = at - CODE_AROUND;
    let end = at + wanted.length;
    for (at = lower.indexOf(wanted, end); at >= 0 && at - end < CODE_AROUND;) {
      end = at + wanted.length;
      at = lower.indexOf(wanted, end);
    }
    lines.push(cut(value, start, end + CODE_AROUND));
  }
  return lines;
}

function cut(value: string, start: number, end: number): string {
  return `${start > 0 ? "…" : ""}${value.slice(Math.max(0, start), end)}${
    end < value.length ? "…" : ""
  }`;
}

/** The part of a shown trace at a dotted path: `response.body.data.0`; `undefined` where there is none. */
export function partOf(shown: ShownTrace, path: string): JsonValue | undefined {
  let node: unknown = shown;
  for (const key of path.split(".")) {
    if (typeof node !== "object" || node === null || !Object.hasOwn(node, key)) return undefined;
    node = (node as Record<string, unknown>)[key];
  }
  return node as JsonValue;
}
