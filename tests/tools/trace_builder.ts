/** Recordings written down in a line each, for tests of what is derived from them. */
import type { JsonValue } from "../../lib/base/json.ts";
import type { HeaderList, NoiseReason, Trace } from "../../lib/http/exchange.ts";

export interface Exchanged {
  /** `GET /api/notes?page=1`; an absolute URL for another origin. */
  readonly to: string;
  readonly headers?: HeaderList;
  /** Sent as JSON; a `URLSearchParams` as a form; text with the content type among the headers. */
  readonly send?: JsonValue | URLSearchParams;
  readonly text?: string;
  readonly status?: number;
  /** Answered as JSON; a text that begins with `<` as HTML; `null` as no body. */
  readonly answer?: JsonValue;
  /** In place of `answer`: the body as it came, its content type among `answerHeaders`. */
  readonly answerText?: string;
  readonly answerHeaders?: HeaderList;
  readonly noise?: NoiseReason;
}

export const API = "https://api.example.com";
const encoder = new TextEncoder();

/** The exchanges as traces, `t_0001`, … in this order, all with the header of a logged-in user. */
export function recording(
  exchanges: readonly Exchanged[],
  { authorization = "Bearer s3cret-access-token" }: { authorization?: string | null } = {},
): Trace[] {
  return exchanges.map((exchange, at) => {
    const [method = "", target = ""] = exchange.to.split(" ");
    const signedIn: HeaderList = authorization === null ? [] : [["Authorization", authorization]];
    return {
      id: `t_${String(at + 1).padStart(4, "0")}`,
      captureId: "c_01",
      marks: [],
      noise: exchange.noise ?? null,
      startedAtMs: 1_700_000_000_000 + at * 1000,
      request: {
        method,
        url: target.startsWith("/") ? API + target : target,
        headers: [...(exchange.headers ?? signedIn), ...sentType(exchange)],
        body: sentBody(exchange),
      },
      response: {
        status: exchange.status ?? 200,
        headers: [...answerType(exchange.answer), ...exchange.answerHeaders ?? []],
        body: exchange.answerText === undefined
          ? answerBody(exchange.answer)
          : encoder.encode(exchange.answerText),
      },
    };
  });
}

function sentType({ send }: Exchanged): HeaderList {
  if (send === undefined) return [];
  const type = send instanceof URLSearchParams
    ? "application/x-www-form-urlencoded"
    : "application/json";
  return [["Content-Type", type]];
}

function sentBody({ send, text }: Exchanged): Uint8Array | null {
  if (text !== undefined) return encoder.encode(text);
  if (send === undefined) return null;
  return encoder.encode(send instanceof URLSearchParams ? send.toString() : JSON.stringify(send));
}

function answerType(answer: JsonValue | undefined): HeaderList {
  if (answer === undefined || answer === null) return [];
  return [["Content-Type", isPage(answer) ? "text/html; charset=utf-8" : "application/json"]];
}

function answerBody(answer: JsonValue | undefined): Uint8Array | null {
  if (answer === undefined || answer === null) return new Uint8Array();
  return encoder.encode(isPage(answer) ? answer : JSON.stringify(answer));
}

function isPage(answer: JsonValue): answer is string {
  return typeof answer === "string" && answer.startsWith("<");
}
