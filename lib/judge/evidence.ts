/**
 * What the recording alone says of a value: which answer issued it first, which request carried it
 * first, whether the client's own code holds it. No opinion of the analysis goes into it.
 */
import type { Trace } from "../http/exchange.ts";
import { isCredentialName } from "../http/vocabulary.ts";
import { bodyText } from "../http/body.ts";
import { type AnswerValue, answerValues, isScript } from "./answer_values.ts";
import { openText } from "./open_text.ts";
import { type RequestValue, requestValues } from "./request_values.ts";
import { isMintedUnder } from "./token_like.ts";

export interface Issued extends AnswerValue {
  /** `Trace.id` of the answer that held it first. */
  readonly trace: string;
  /** Its place in time. */
  readonly index: number;
}

export interface Sent extends Omit<RequestValue, "value"> {
  readonly trace: string;
  readonly index: number;
}

export class Evidence {
  readonly traces: readonly Trace[];
  readonly #issued = new Map<string, Issued>();
  readonly #sent = new Map<string, Sent[]>();
  readonly #scripts: readonly string[];
  readonly #firstSubmission: number;

  /** @param traces of one recording, in time order; scripts and other assets among them */
  constructor(traces: readonly Trace[]) {
    this.traces = traces;
    const first = traces.findIndex(({ request }) => (request.body?.length ?? 0) > 0);
    this.#firstSubmission = first === -1 ? traces.length : first;
    traces.forEach((trace, index) => this.#readRequest(trace, index));
    traces.forEach((trace, index) => this.#readAnswer(trace, index));
    this.#scripts = traces.flatMap(({ response }) =>
      response?.body && isScript(response) ? [bodyText(response.headers, response.body)] : []
    );
  }

  /** Every opaque value that an answer issued, by its first issue. */
  get issued(): ReadonlyMap<string, Issued> {
    return this.#issued;
  }

  /** Where requests carried the value, in time order. */
  sent(value: string): readonly Sent[] {
    return this.#sent.get(value) ?? [];
  }

  /**
   * Why a value may be the client's own although an answer holds it; `null` when nothing says so.
   * What was sent before anything was issued cannot come from an answer; what is a credential by its
   * place or name is nobody's constant.
   */
  excuse(value: string): string | null {
    if (this.isInClientCode(value)) return "stands in the client's own code";
    const issued = this.#issued.get(value);
    if (issued !== undefined && this.#isPageText(issued)) {
      return "stands in a page before the login";
    }
    const [first] = this.sent(value);
    if (first === undefined || issued !== undefined && first.index > issued.index) return null;
    return this.#sentFirst(value);
  }

  #sentFirst(text: string): string | null {
    return this.sent(text).some(isCredentialPlace) ? null : "was sent before any answer held it";
  }

  /** As `excuse()`, for the value inside `text`: the text as a whole may have been sent before. */
  excuseWithin(text: string, issued: Issued): string | null {
    const [first] = this.sent(text);
    if (first === undefined || first.index > issued.index) return this.excuse(issued.value);
    return this.excuse(issued.value) ?? this.#sentFirst(text);
  }

  /** True for a value that an answer made: nothing says that it is the client's own. */
  isIssued(value: string): boolean {
    return this.#issued.has(value) && this.excuse(value) === null;
  }

  isInClientCode(value: string): boolean {
    return value.length >= 6 && this.#scripts.some((text) => text.includes(value));
  }

  /**
   * Text of a page that was read before anything was sent but reading requests. Hidden fields, meta
   * tags and whatever is named for a session or its protection are made for the visitor.
   */
  #isPageText({ kind, name, index }: Issued): boolean {
    return kind === "text" && index < this.#firstSubmission && !isCredentialName(name);
  }

  #readRequest(trace: Trace, index: number): void {
    for (const { value, ...place } of requestValues(trace.request)) {
      for (const text of openText(value)) {
        const known = this.#sent.get(text);
        const sent = { ...place, trace: trace.id, index };
        if (known === undefined) this.#sent.set(text, [sent]);
        else known.push(sent);
      }
    }
  }

  #readAnswer(trace: Trace, index: number): void {
    if (trace.response === null || isScript(trace.response)) return;
    for (const found of answerValues(trace.response)) {
      if (this.#issued.has(found.value)) continue;
      const name = found.kind === "cookie" ? `${found.name}_token` : found.name;
      if (isMintedUnder(name, found.value) || this.#isEchoed(found, index)) {
        this.#issued.set(found.value, { ...found, trace: trace.id, index });
      }
    }
  }

  /** A short value that a later request sends back at a place of the same name. */
  #isEchoed({ value, name }: AnswerValue, index: number): boolean {
    if (name === "" || value.length < 3) return false;
    return this.sent(value).some((sent) =>
      sent.index > index && sent.name !== "" && sent.name === name && isCredentialName(name)
    );
  }
}

/** Places whose value says who asks: `Authorization`, cookies, and fields named for it. */
export function isCredentialPlace({ kind, name }: Pick<RequestValue, "kind" | "name">): boolean {
  return kind === "cookie" || kind === "header" && /^authorization$/i.test(name) ||
    isCredentialName(name);
}
