/** The recorded values that a model names: placeholders, and places of requests and answers. */
import { isRecord } from "../../base/json.ts";
import { parseBody } from "../../http/body.ts";
import { responseCookies } from "../../http/cookies.ts";
import type { Trace } from "../../http/exchange.ts";
import { headerValue } from "../../http/headers.ts";
import type { FoundExpr } from "../../correlate/finding.ts";
import { type Leaf, requestLeaves } from "../../codec/request_leaves.ts";
import { describePlace } from "../../correlate/leaves.ts";
import { isOneTimeCode, isPasswordName, isSecretName, words } from "../../http/vocabulary.ts";
import { Recording } from "../../correlate/recording.ts";
import { ShownFields } from "../../correlate/shown_fields.ts";
import type { Input } from "../../correlate/flow.ts";
import type { Told } from "../recorded_facts.ts";
import type { Redaction } from "../redaction.ts";
import type { ExpressionNames } from "./expression.ts";
import { ExpressionError } from "./expression_error.ts";

/** A value that a request carries, and where. */
export interface SentPlace {
  readonly trace: string;
  readonly leaf: Leaf;
}

export class RecordedNames implements ExpressionNames {
  readonly #traces: ReadonlyMap<string, Trace>;
  readonly #redaction: Redaction;
  readonly #typed: readonly Told[];

  readonly isOwn: (name: string) => boolean;
  #passwordBoxes: Set<string> | undefined;

  /**
   * @param typed what the recorded user is known to have typed
   * @param isOwn true for functions that the model wrote
   */
  constructor(
    traces: readonly Trace[],
    redaction: Redaction,
    typed: readonly Told[],
    isOwn: (name: string) => boolean,
  ) {
    this.isOwn = isOwn;
    this.#traces = new Map(traces.map((trace) => [trace.id, trace]));
    this.#redaction = redaction;
    this.#typed = typed;
  }

  recorded(text: string): FoundExpr {
    const placeholder = this.#redaction.placeholders.named(text);
    if (placeholder === undefined) throw new ExpressionError(`there is no ${text}`);
    const { kind, value } = placeholder;
    return kind === "constant" ? { kind, value } : { kind: "value", value, from: null };
  }

  place(path: string): FoundExpr {
    const [, trace = "", side = "", rest = ""] =
      /^(t_[\d_]+)\.(request|response)\.(.+)$/.exec(path) ?? [];
    if (side === "request") {
      const { leaf } = this.sent(path);
      return { kind: "value", value: leaf.value, from: null };
    }
    if (/^headers?\.set-cookie$/i.test(rest)) throw this.#cookiesOf(trace);
    const found = side === "" ? null : answerValue(this.#traces.get(trace), rest);
    if (found === null) throw new ExpressionError(`there is no single value at ${path}`);
    return { kind: "value", value: found.value, from: { trace, path: found.path } };
  }

  /** A script reads cookies by their names, and an answer may set several. */
  #cookiesOf(trace: string): ExpressionError {
    const headers = this.#traces.get(trace)?.response?.headers ?? [];
    const places = responseCookies(headers)
      .map(({ name }) => `${trace}.response.cookies.${this.#redaction.name(name)}`);
    return new ExpressionError(
      places.length === 0
        ? `${trace} sets no cookie`
        : `what a cookie holds is told by its name: ${places.join(", ")}`,
    );
  }

  typed(label: string): FoundExpr {
    const as = this.#isPasswordBox(label) ? "password" : inputKind(label);
    const secret = as !== "identifier" || isSecret(label);
    const recorded = this.#toldAs(label, as, secret)?.value ?? "";
    return { kind: "typed", label, secret, as, recorded };
  }

  /** A page hides what is typed there, whatever the box is called. */
  #isPasswordBox(label: string): boolean {
    this.#passwordBoxes ??= new Set(
      ShownFields.of(new Recording([...this.#traces.values()])).passwordBoxes.map(words),
    );
    return this.#passwordBoxes.has(words(label));
  }

  /** By its label, by its kind; a page may call a password as it likes, and one secret is it, but no code is. */
  #toldAs(label: string, as: Input["kind"], secret: boolean): Told | null {
    const isSecretKind = ({ kind }: Told) => kind === "password" || kind === "api-key";
    const groups = [
      this.#typed.filter(({ name }) => name.toLowerCase() === label.toLowerCase()),
      this.#typed.filter(({ kind }) => kind === as),
      secret && as !== "one-time-code" ? this.#typed.filter(isSecretKind) : [],
    ];
    const group = groups.find(({ length }) => length > 0) ?? [];
    return group.length === 1 ? group[0]! : null;
  }

  /** @param text `t_0004.request.body.proof`, `t_0004 body proof` */
  sent(text: string): SentPlace {
    const [, id = "", rest = ""] = /^(t_[\d_]+)[.\s]+(?:request[.\s]+)?(.+)$/.exec(text.trim()) ??
      [];
    const trace = this.#traces.get(id);
    if (trace === undefined) throw new ExpressionError(`there is no request place "${text}"`);
    const wanted = plain(rest);
    const leaves = requestLeaves(trace.request);
    const leaf = leaves.find(({ place }) => plain(describePlace(place)) === wanted);
    if (leaf !== undefined) return { trace: id, leaf };
    const places = leaves.map(({ place }) => placeName(describePlace(place), this.#redaction));
    throw new ExpressionError(`${id} sends nothing at "${rest}"; it sends ${places.join(", ")}`);
  }
}

/** What kind of place it is stands, its name as names do. */
export function placeName(place: string, redaction: Redaction): string {
  const [kind = "", ...words] = place.split(" ");
  const name = words.join(" ");
  const shown = name.split(".").map((part) =>
    /^(segment )?\d{1,3}$/.test(part) ? part : redaction.name(part)
  );
  return name === "" ? kind : `${kind} ${shown.join(".")}`;
}

/** `headers.X-Sig`, `header X-Sig` and `body.a.0` by one spelling. */
function plain(place: string): string {
  return place.toLowerCase().replace(/^(header|cookie|query)s?[.\s]+/, "$1 ")
    .replace(/^path(?: segment)?[.\s]+/, "path segment ").replace(/^body[.\s]+/, "body ");
}

function answerValue(
  trace: Trace | undefined,
  rest: string,
): { readonly value: string; readonly path: readonly (string | number)[] | null } | null {
  if (!trace?.response) return null;
  const { headers } = trace.response;
  const [part = "", ...keys] = rest.split(".");
  if (/^headers?$/.test(part)) return whole(headerValue(headers, keys.join(".")));
  if (/^cookies?$/.test(part)) {
    const name = keys.join(".");
    return whole(responseCookies(headers).find((cookie) => cookie.name === name)?.value);
  }
  const body = parseBody(headers, trace.response.body);
  return part === "body" && body.kind === "json" ? inJson(body.value, keys) : null;
}

function whole(value: string | undefined) {
  return value === undefined ? null : { value, path: null };
}

function inJson(body: unknown, keys: readonly string[]) {
  const path: (string | number)[] = [];
  let node = body;
  for (const key of keys) {
    if (Array.isArray(node)) path.push(Number(key));
    else if (isRecord(node) && Object.hasOwn(node, key)) path.push(key);
    else return null;
    node = Array.isArray(node) ? node[Number(key)] : (node as Record<string, unknown>)[key];
  }
  return typeof node === "string" || typeof node === "number" || typeof node === "boolean"
    ? { value: String(node), path }
    : null;
}

/** What a label says of who answers it with what. */
export function inputKind(label: string): Input["kind"] {
  if (isOneTimeCode(label, "123456")) return "one-time-code";
  if (isPasswordName(label)) return "password";
  return isSecretName(label) ? "api-key" : "identifier";
}

export function isSecret(label: string): boolean {
  return inputKind(label) !== "identifier" || isSecretName(label);
}
