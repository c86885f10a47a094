/** Tokens that answers issue, and the origins they are sent to afterwards. */
import { isRecord, type JsonValue } from "../base/json.ts";
import { parseBody } from "../http/body.ts";
import type { Exchange, HeaderList, HttpRequest } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { isOpaque } from "../http/opaque.ts";
import { isXml, xmlLeaves, xmlName } from "../http/xml.ts";

/** Members of JSON answers by which a server issues a credential. */
const TOKEN_NAME = /token|session|jwt|^sid$|api_?key|secret|ticket|bearer|^access$|^result$/i;
const COMPANION_NAME = /csrf|xsrf|nonce/i;
/** Generated text, not words or a path. */
const GENERATED = /^(?=.*\d)(?=.*[a-z])[\w.:~+/=-]+$/i;
/** Shortest text taken for a token where a later request sends it back, in characters. */
const MIN_TOKEN_LENGTH = 12;
/** Tokens remembered; a page full of keys must not make every request slow. */
const MAX_TOKENS = 200;
/** Levels of a JSON body that are searched for tokens. */
const MAX_JSON_DEPTH = 8;

export class IssuedTokens {
  /** The origin that issued each token. */
  readonly #issuers = new Map<string, string>();
  readonly #carriers = new Map<string, Set<string>>();

  remember({ response }: Exchange, origin: string): void {
    if (response === null || this.#issuers.size >= MAX_TOKENS) return;
    const body = parseBody(response.headers, response.body);
    const tokens = body.kind === "json"
      ? tokensIn(body.value, MAX_JSON_DEPTH)
      : body.kind === "text" && isXml(body.text)
      ? xmlLeaves(body.text).filter(({ path, value }) => isToken(xmlName(path), value))
        .map(({ value }) => value)
      : [];
    for (const token of [...tokens, ...sessionInPath(response.headers)]) {
      if (this.#issuers.size < MAX_TOKENS && !this.#issuers.has(token)) {
        this.#issuers.set(token, origin);
      }
    }
  }

  /** True when the request carries a token of an earlier answer, in whatever place. */
  isSentBy(request: HttpRequest, origin: string): boolean {
    if (this.#issuers.size === 0) return false;
    const body = request.body === null ? "" : new TextDecoder().decode(request.body);
    const sent = [request.url, ...request.headers.map(([, value]) => value), body].join("\n");
    const issuers = [...this.#issuers].filter(([token]) => sent.includes(token));
    for (const [, issuer] of issuers) {
      this.#carriers.set(issuer, this.carriersOf(issuer).add(origin));
    }
    return issuers.length > 0;
  }

  /** The origins that were sent a token of this one. */
  carriersOf(issuer: string): Set<string> {
    return this.#carriers.get(issuer) ?? new Set();
  }
}

/**
 * A session that a redirect puts into the addresses: `;jsessionid=…` (Jakarta Servlet 6.0 section 7.1.3), or a
 * segment that was made for it.
 */
function sessionInPath(headers: HeaderList): string[] {
  const location = headerValue(headers, "location") ?? "";
  const session = /;(?:jsession|phpsess|session|s)id=([\w.!-]+)/i.exec(location)?.[1] ?? "";
  const segments = location.split(/[?#]/, 1)[0]!.split("/").filter((segment) => isOpaque(segment));
  return [session, ...segments].filter(({ length }) => length >= MIN_TOKEN_LENGTH);
}

function tokensIn(value: JsonValue, depth: number): string[] {
  if (depth === 0) return [];
  if (Array.isArray(value)) {
    return value.flatMap((item: JsonValue) =>
      typeof item === "string"
        ? isOpaque(item) && item.length >= MIN_TOKEN_LENGTH ? [item] : []
        : tokensIn(item, depth - 1)
    );
  }
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, child]) =>
    typeof child === "string"
      ? isToken(name, child) ? [child] : []
      : tokensIn(child as JsonValue, depth - 1)
  );
}

function isToken(name: string, value: string): boolean {
  return TOKEN_NAME.test(name) && !COMPANION_NAME.test(name) &&
    value.length >= MIN_TOKEN_LENGTH && GENERATED.test(value);
}
