/**
 * Recordings whose credentials were left out. Chrome exports HAR without `Cookie`, `Set-Cookie` and
 * `Authorization` unless told otherwise, and the file does not say so. What tells it: the recorder is
 * Chrome's, none of these occurs anywhere, the traffic shows a session all the same, and no credential
 * travels by another way. Other tools replace the values by a placeholder, which tells itself.
 */
import { parseBody } from "../http/body.ts";
import type { Exchange, HeaderList, HttpRequest } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { isRecord, type JsonValue } from "../base/json.ts";
import { authMarks } from "./marks.ts";

const CREDENTIAL_HEADERS = new Set(["cookie", "set-cookie", "authorization"]);
/** Headers by which applications carry a credential of their own; CSRF tokens belong to a cookie. */
const OWN_CREDENTIAL_HEADER = /token|api-?key|auth|jwt|secret/;
const COMPANION_HEADER = /csrf|xsrf|^sec-|^access-control-|www-authenticate/;
/** What sanitising tools put in the place of a value. */
const PLACEHOLDER =
  /^[[<({*]{0,3}(?:redacted|sanitized|sanitised|removed|hidden|\*)[\])>}*]{0,30}$/i;
/** Members of JSON answers by which a server hands out a credential. */
const TOKEN_NAME = /token|session|jwt|^sid$|api_?key|secret|^result$/i;
const COMPANION_NAME = /csrf|xsrf|nonce/i;
/** Generated text, not words or a path. */
const GENERATED = /^(?=.*\d)(?=.*[a-z])[\w.:~+/=-]+$/i;
/** Shortest text taken for a token, in characters. */
const MIN_TOKEN_LENGTH = 16;
/** Tokens remembered; a page full of keys must not make every request slow. */
const MAX_TOKENS = 200;
/** Levels of a JSON body that are searched for tokens. */
const MAX_JSON_DEPTH = 8;

/** True for what Chrome, Edge and other Chromium browsers give as the recorder. */
export function isChrome(creator: string): boolean {
  return /^WebInspector\b/.test(creator);
}

/** Looks at the exchanges of a recording one by one, in the order of the file. */
export class CredentialWitness {
  #sawCredential = false;
  #sawPlaceholder = false;
  #sawSession = false;
  readonly #tokens = new Set<string>();

  observe(exchange: Exchange): void {
    if (this.#sawCredential) return;
    this.#observeHeaders(exchange.request.headers);
    this.#observeHeaders(exchange.response?.headers ?? []);
    if (this.#carriesOwnCredential(exchange.request)) this.#sawCredential = true;
    this.#sawSession ||= showsSession(exchange);
    this.#rememberTokens(exchange);
  }

  isSanitised(creator: string): boolean {
    if (this.#sawCredential) return false;
    return this.#sawPlaceholder || (isChrome(creator) && this.#sawSession);
  }

  #observeHeaders(headers: HeaderList): void {
    for (const [name, value] of headers) {
      if (!CREDENTIAL_HEADERS.has(name.toLowerCase())) continue;
      if (isPlaceholder(value)) this.#sawPlaceholder = true;
      else this.#sawCredential = true;
    }
  }

  /** A header of the application's own, or a token of an earlier answer sent back in any place. */
  #carriesOwnCredential(request: HttpRequest): boolean {
    const own = request.headers.some(([name, value]) => {
      const lower = name.toLowerCase();
      return OWN_CREDENTIAL_HEADER.test(lower) && !COMPANION_HEADER.test(lower) &&
        !CREDENTIAL_HEADERS.has(lower) && value.length >= MIN_TOKEN_LENGTH &&
        !isPlaceholder(value);
    });
    return own || (this.#tokens.size > 0 && this.#sendsToken(request));
  }

  #sendsToken(request: HttpRequest): boolean {
    const body = request.body === null ? "" : new TextDecoder().decode(request.body);
    const sent = [request.url, ...request.headers.map(([, value]) => value), body].join("\n");
    return [...this.#tokens].some((token) => sent.includes(token));
  }

  #rememberTokens({ response }: Exchange): void {
    if (response === null || this.#tokens.size >= MAX_TOKENS) return;
    const body = parseBody(response.headers, response.body);
    if (body.kind === "json") collectTokens(body.value, this.#tokens);
  }
}

/** Scheme and cookie names may have stayed: `Bearer [redacted]`, `sid=***; Path=/`. */
function isPlaceholder(value: string): boolean {
  const first = value.split(";")[0]!.trim();
  return PLACEHOLDER.test(first.replace(/^[\w-]{1,64}[= ]\s*/, ""));
}

function showsSession(exchange: Exchange): boolean {
  const headers = exchange.response?.headers ?? [];
  return authMarks(exchange).length > 0 ||
    headerValue(headers, "www-authenticate") !== undefined ||
    headerValue(headers, "access-control-allow-credentials") === "true" ||
    /\b(?:cookie|authorization)\b/i.test(headerValue(headers, "vary") ?? "");
}

function collectTokens(value: JsonValue, tokens: Set<string>, depth = MAX_JSON_DEPTH): void {
  if (depth === 0 || tokens.size >= MAX_TOKENS) return;
  if (Array.isArray(value)) {
    for (const item of value) collectTokens(item, tokens, depth - 1);
  } else if (isRecord(value)) {
    for (const [name, child] of Object.entries(value)) {
      if (typeof child !== "string") collectTokens(child as JsonValue, tokens, depth - 1);
      else if (handsOutToken(name, child)) tokens.add(child);
    }
  }
}

function handsOutToken(name: string, value: string): boolean {
  return TOKEN_NAME.test(name) && !COMPANION_NAME.test(name) &&
    value.length >= MIN_TOKEN_LENGTH && GENERATED.test(value);
}
