/** A recorded request of the app as an invented person sends it, with what the login yielded for them. */
import { type JsonPrimitive, rewriteJsonLeaves } from "../codec/json_text.ts";
import type { ResultTemplate } from "../correlate/flow.ts";
import { bodyText, parseBody } from "../http/body.ts";
import { parseChallenges } from "../http/challenge.ts";
import { requestCookies } from "../http/cookies.ts";
import { formatCookies } from "../http/cookie_jar.ts";
import type { HeaderList, HttpRequest, Trace } from "../http/exchange.ts";
import { digestAuthorization } from "../http/digest.ts";
import { isOwnHeader } from "../http/ordinary_traffic.ts";
import { parseUrl, pathSegments, queryPairs } from "../http/url.ts";
import type { RunResult } from "../judge/run.ts";
import type { InventedTexts } from "./invented_texts.ts";

/** Headers that say which client asks, and for what. Lower case. */
const CLIENT_HEADER =
  /^(accept|content-type|x-requested-with|user-agent|depth|origin|sec-fetch-[a-z]+|upgrade-insecure-requests)$/;

/** Words and names of things: what a query asks for, unless somebody wrote a sentence. */
const WORD = /^[\w.:-]{0,40}$/;

/** A GraphQL document without texts in it. */
const QUERY_DOCUMENT = /^\s*(?:query|mutation|subscription|\{)[^"]*$/;

export interface RequestToInvent {
  readonly trace: Trace;
  readonly template: ResultTemplate;
  /** What the script yielded; its values stand where the recorded ones stood. */
  readonly result: RunResult;
  readonly texts: InventedTexts;
  readonly nowMs: number;
}

export function inventedRequest(given: RequestToInvent): HttpRequest {
  return new RequestInventor(given).request();
}

class RequestInventor {
  readonly #recorded: HttpRequest;
  readonly #yielded: ReadonlyMap<string, string>;
  /** As `InventedTexts` has them, at the moment of the request. */
  readonly #of: (recorded: string) => string;
  readonly #ofAddress: (recorded: string) => string;
  readonly #within: (text: string) => string;

  constructor(private readonly given: RequestToInvent) {
    const { trace, texts, nowMs, result } = given;
    const shift = { recordedAtMs: trace.startedAtMs, nowMs };
    this.#recorded = trace.request;
    this.#of = (recorded) => texts.of(recorded, shift);
    this.#ofAddress = (recorded) => texts.ofAddress(recorded, shift);
    this.#within = (text) => texts.within(text, shift);
    this.#yielded = new Map(
      Object.entries(result.headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
  }

  request(): HttpRequest {
    const cookies = this.#cookies();
    return {
      method: this.#recorded.method,
      url: this.#url(),
      headers: [
        ...this.#recorded.headers.flatMap(([name, value]) => {
          const invented = this.#header(name.toLowerCase(), value);
          return invented === undefined ? [] : [[name, invented] as const];
        }),
        ...cookies === "" ? [] : [["cookie", cookies] as const],
      ],
      body: this.#body(),
    };
  }

  #url(): string {
    const url = parseUrl(this.#recorded.url);
    if (url === null) return this.#recorded.url;
    const path = pathSegments(url).map((segment) => encodeURIComponent(this.#ofAddress(segment)));
    const credentials = new Set(this.given.template.queryParams.map(([name]) => name));
    const query = queryPairs(url).flatMap(([name, value]) => {
      if (!credentials.has(name) && !WORD.test(value)) return [];
      const fresh = credentials.has(name) ? this.#of(value) : this.#ofAddress(value);
      return [`${encodeURIComponent(name)}=${encodeURIComponent(fresh)}`];
    });
    return `${url.origin}/${path.join("/")}${query.length === 0 ? "" : `?${query.join("&")}`}`;
  }

  /** @param name in lower case */
  #header(name: string, value: string): string | undefined {
    if (name === "cookie") return undefined;
    const own = this.#yielded.get(name);
    if (own !== undefined) return own;
    if (name === "authorization") return /^digest\s/i.test(value) ? this.#digest(value) : undefined;
    if (CLIENT_HEADER.test(name)) return value;
    return isOwnHeader(name) ? this.#ofAddress(value) : undefined;
  }

  /** HTTP Digest is computed for each request: here with the name and password of the invented person. */
  #digest(recorded: string): string | undefined {
    const { method, body } = this.#recorded;
    const [username, password] = this.given.result.computed;
    const [challenge] = parseChallenges(recorded);
    if (username === undefined || password === undefined || challenge === undefined) return;
    const { realm = "", cnonce = "", nc = "1", algorithm, qop, nonce, opaque } = challenge.params;
    const { pathname, search } = new URL(this.#url());
    const made = [["nonce", nonce], ["opaque", opaque]] as const;
    const params = [
      ...Object.entries({ realm, algorithm, qop }),
      ...made.map(([key, text]) => [key, text && this.#of(text)] as const),
    ].flatMap(([key, text]) => text === undefined ? [] : [[key, text] as const]);
    return digestAuthorization({ ...challenge, params: Object.fromEntries(params) }, {
      username,
      password,
      method,
      uri: pathname + search,
      nc: parseInt(nc, 16),
      cnonce: this.#of(cnonce),
      body,
    });
  }

  /** Of the recorded cookies those that the login yields, or that the client writes beside them. */
  #cookies(): string {
    const { texts, template } = this.given;
    const own = new Map(
      requestCookies([["cookie", this.#yielded.get("cookie") ?? ""]]).toReversed(),
    );
    const names = new Set([...own.keys(), ...template.cookies?.names ?? []]);
    const pairs: HeaderList = requestCookies(this.#recorded.headers)
      .map(([name, value]) => [this.#within(name), value] as const)
      .filter(([name]) => names.has(name))
      .map(([name, value]) => [name, texts.replaced(own.get(name) ?? this.#of(value))]);
    return formatCookies(pairs);
  }

  #body(): Uint8Array | null {
    const { headers, body } = this.#recorded;
    if (body === null) return null;
    const parsed = parseBody(headers, body);
    const text = bodyText(headers, body);
    const written = parsed.kind === "json"
      ? rewriteJsonLeaves(text, (_, value) => this.#leaf(value)) ?? ""
      : parsed.kind === "form"
      ? `${new URLSearchParams(parsed.fields.map(([name, value]) => [name, this.#of(value)]))}`
      : parsed.kind === "binary"
      ? ""
      : this.#within(text);
    return new TextEncoder().encode(written);
  }

  #leaf(value: JsonPrimitive) {
    if (typeof value === "boolean" || value === null) return undefined;
    const text = String(value);
    if (QUERY_DOCUMENT.test(text)) return undefined;
    const other = WORD.test(text) ? this.#ofAddress(text) : this.#of(text);
    return typeof value === "string" ? other : { raw: other };
  }
}
