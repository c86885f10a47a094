/** Small recordings written by hand: `capture(trace("POST https://a.example/login", { form: … }), …)`. */
import type { JsonValue } from "../../lib/base/json.ts";
import type { HeaderList, NoiseReason, Trace } from "../../lib/http/exchange.ts";

/** A request and its answer; at most one of the bodies on each side. */
export interface TraceParts {
  readonly headers?: HeaderList;
  /** The `Cookie` header. */
  readonly cookie?: string;
  readonly form?: Readonly<Record<string, string>>;
  /** The fields of a `multipart/form-data` body. */
  readonly multipart?: Readonly<Record<string, string>>;
  readonly json?: JsonValue;
  readonly body?: readonly [contentType: string, text: string];
  /** Default 200, 302 with a `location`; 0: never answered. */
  readonly status?: number;
  readonly setCookies?: readonly string[];
  readonly location?: string;
  readonly answerHeaders?: HeaderList;
  /** Answered as JSON. */
  readonly answer?: JsonValue;
  readonly html?: string;
  readonly text?: string;
  readonly noise?: NoiseReason;
}

/** The moment of the first trace of a capture; one second lies between two traces. */
export const RECORDED_AT_MS = 1_767_225_600_000;

const encoder = new TextEncoder();

const BOUNDARY = "----FormBoundary8dK2xQ7w";

/** One exchange: `GET https://a.example/path`. It gets its id and time in `capture()`. */
export function trace(line: string, parts: TraceParts = {}): Trace {
  const [method = "", url = ""] = line.split(" ");
  const [requestType, requestText] = requestBody(parts);
  const [answerType, answerText] = answerBody(parts);
  const status = parts.status ?? (parts.location === undefined ? 200 : 302);
  return {
    id: "",
    captureId: "c_01",
    marks: [],
    noise: parts.noise ?? null,
    startedAtMs: 0,
    request: {
      method,
      url,
      headers: [
        ...parts.headers ?? [],
        ...requestType === "" ? [] : [["Content-Type", requestType] as const],
        ...parts.cookie === undefined ? [] : [["Cookie", parts.cookie] as const],
      ],
      body: requestText === null ? null : encoder.encode(requestText),
    },
    response: status === 0 ? null : {
      status,
      headers: [
        ...parts.answerHeaders ?? [],
        ...answerType === "" ? [] : [["Content-Type", answerType] as const],
        ...(parts.setCookies ?? []).map((line) => ["Set-Cookie", line] as const),
        ...parts.location === undefined ? [] : [["Location", parts.location] as const],
      ],
      body: encoder.encode(answerText),
    },
  };
}

/** The traces of one capture: `t_0001`, … a second apart. */
export function capture(...traces: readonly Trace[]): Trace[] {
  return traces.map((one, index) => ({
    ...one,
    id: `t_${String(index + 1).padStart(4, "0")}`,
    startedAtMs: RECORDED_AT_MS + index * 1000,
  }));
}

function requestBody(
  { form, multipart, json, body }: TraceParts,
): readonly [string, string | null] {
  if (form !== undefined) {
    return ["application/x-www-form-urlencoded", new URLSearchParams(form).toString()];
  }
  if (multipart !== undefined) {
    const parts = Object.entries(multipart).map(([name, value]) =>
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
    );
    return [`multipart/form-data; boundary=${BOUNDARY}`, `${parts.join("")}--${BOUNDARY}--\r\n`];
  }
  if (json !== undefined) return ["application/json", JSON.stringify(json)];
  return body ?? ["", null];
}

function answerBody({ answer, html, text }: TraceParts): readonly [string, string] {
  if (answer !== undefined) return ["application/json", JSON.stringify(answer)];
  if (html !== undefined) return ["text/html; charset=utf-8", html];
  return text === undefined ? ["", ""] : ["text/plain", text];
}
