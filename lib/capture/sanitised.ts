/**
 * Recordings whose credentials were left out. Chrome exports HAR without `Cookie`, `Set-Cookie` and
 * `Authorization` unless told otherwise, and the file does not say so; other tools put a placeholder in
 * the place of each value. Judged by origin, since a tracker's key or a public site says nothing about the
 * application beside it. An origin was exported without credentials when
 *
 * 1. a preflight announces `Authorization` for a request that does not have it (Fetch standard, section
 *    4.8: the header is listed because the request carries it); or
 * 2. placeholders stand there and no credential does; or
 * 3. the recorder is Chrome's, none of the three headers occurs anywhere in the file, the origin shows a
 *    session all the same, and no credential of the application's own travels to most of what it serves.
 *    A token in one address is no such thing: an event stream has no headers to put it in (HTML standard,
 *    section 9.2), and the requests beside it had.
 */
import { bodyText, parseBody } from "../http/body.ts";
import type { Exchange, HeaderList, HttpRequest } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { isOwnHeader } from "../http/ordinary_traffic.ts";
import { parseUrl } from "../http/url.ts";
import { isLoginEndpoint } from "../http/vocabulary.ts";
import { IssuedTokens } from "./issued_tokens.ts";
import { authMarks } from "./marks.ts";
import { noiseReason } from "./noise.ts";

const CREDENTIAL_HEADERS = new Set(["cookie", "set-cookie", "authorization"]);
/** Headers by which applications carry a credential of their own; CSRF tokens belong to a cookie. */
const OWN_CREDENTIAL_HEADER = /token|api-?key|auth|jwt|secret|session|ticket/;
const COMPANION_HEADER = /csrf|xsrf|^sec-|^access-control-|www-authenticate/;
/** What sanitising tools put in the place of a value. */
const PLACEHOLDER =
  /^[[<({*]{0,3}(?:redacted|sanitized|sanitised|removed|hidden|\*)[\])>}*]{0,30}$/i;
/** Shortest value of a header taken for a credential, in characters. */
const MIN_KEY_LENGTH = 16;

/** True for what Chrome, Edge and other Chromium browsers give as the recorder. */
export function isChrome(creator: string): boolean {
  return /^WebInspector\b/.test(creator);
}

/** Shortest value that an answer and a later header have in common other than by chance, in characters. */
const MIN_ISSUED = 5;
/** Answers that are remembered. */
const MAX_ANSWERS = 20;

/** What the exchanges with one origin show. */
class OriginEvidence {
  /** Requests that were answered. */
  answered = 0;
  sawCredential = false;
  sawAuthorization = false;
  sawPlaceholder = false;
  showsSession = false;
  /** Something beside the login shows a session, or was asked for once there was one. */
  wasUsed = false;
  /** Requests announced by a preflight to carry `Authorization`, and those that do not: `GET /path`. */
  readonly announced = new Set<string>();
  readonly withoutAuthorization = new Set<string>();
  /** Endpoints reached with a credential of the application's own, and data served without any. */
  readonly carrying = new Set<string>();
  readonly bare = new Set<string>();

  get lacksAnnounced(): boolean {
    return !this.sawAuthorization && !this.announced.isDisjointFrom(this.withoutAuthorization);
  }

  get carriesOwn(): boolean {
    return this.carrying.size > this.bare.difference(this.carrying).size;
  }
}

export interface Sanitising {
  readonly sanitisedOrigins: readonly string[];
  /** True when these origins serve most of what carries credentials at all. */
  readonly sanitised: boolean;
}

/** Looks at the exchanges of a recording one by one, in the order of the file. */
export class CredentialWitness {
  readonly #origins = new Map<string, OriginEvidence>();
  readonly #tokens = new IssuedTokens();
  /** Values of headers that were sent before or with a password: no login issued them. */
  readonly #sentBefore = new Set<string>();
  /**
   * What requests that change something were answered, headers and bodies: a login is among the first. What
   * is asked of it then may be answered with the session (a job that is polled).
   */
  readonly #answers: string[] = [];

  observe(exchange: Exchange): void {
    const url = parseUrl(exchange.request.url);
    const noise = noiseReason(exchange);
    if (url === null || noise === "tracker" || noise === "static-asset") return;
    const evidence = this.#of(url.origin);
    if (noise === "preflight") return observePreflight(exchange.request, url, evidence);
    const { request, response } = exchange;
    observeHeaders(request.headers, evidence);
    observeHeaders(response?.headers ?? [], evidence);
    if (response !== null) {
      evidence.answered++;
      evidence.withoutAuthorization.add(`${request.method} ${url.pathname}`);
    }
    if (evidence.sawCredential) return;
    this.#observeOwn(exchange, url, evidence);
  }

  /** The origins whose credentials the recorder left out, and whether that leaves nothing to learn from. */
  verdict(creator: string): Sanitising {
    const origins = this.#sanitisedOrigins(creator);
    const answered = (names: readonly string[]) =>
      names.reduce((sum, origin) => sum + this.#of(origin).answered, 0);
    const whole = [...this.#origins].filter(([origin, { sawCredential }]) =>
      sawCredential && !origins.includes(origin)
    ).map(([origin]) => origin);
    return {
      sanitisedOrigins: origins,
      sanitised: origins.length > 0 && answered(origins) >= answered(whole),
    };
  }

  #sanitisedOrigins(creator: string): string[] {
    const origins = [...this.#origins];
    const mayBeStripped = isChrome(creator) &&
      !origins.some(([, { sawCredential }]) => sawCredential);
    return origins.filter(([origin, evidence]) =>
      evidence.lacksAnnounced || evidence.sawPlaceholder && !evidence.sawCredential ||
      mayBeStripped && evidence.showsSession && evidence.wasUsed && !evidence.carriesOwn &&
        !this.#isServedElsewhere(origin)
    ).map(([origin]) => origin);
  }

  #of(origin: string): OriginEvidence {
    const known = this.#origins.get(origin) ?? new OriginEvidence();
    this.#origins.set(origin, known);
    return known;
  }

  #observeOwn(exchange: Exchange, url: URL, evidence: OriginEvidence): void {
    const endpoint = `${exchange.request.method} ${url.pathname}`;
    const marks = authMarks(exchange);
    // A field with a credential is typed, or is a token that an answer issued.
    const isLogin = marks.includes("credential-field");
    if (this.#tokens.isSentBy(exchange.request, url.origin)) evidence.carrying.add(endpoint);
    else if (isLogin) {
      for (const value of ownValues(exchange.request)) this.#sentBefore.add(value);
    } else if (this.#carriesOwn(exchange.request)) {
      // What came before led to the session, and could not carry it.
      if (evidence.carrying.size === 0) evidence.bare.clear();
      evidence.carrying.add(endpoint);
    } else if (evidence.showsSession && servesData(exchange) && !isLoginEndpoint(url.pathname)) {
      evidence.bare.add(endpoint);
    }
    evidence.showsSession ||= marks.length > 0 || namesSession(exchange);
    const mayIssue = exchange.request.method !== "GET" || evidence.showsSession;
    if (mayIssue && this.#answers.length < MAX_ANSWERS) this.#answers.push(answerText(exchange));
    evidence.wasUsed ||= evidence.showsSession && !isLogin && !isLoginEndpoint(url.pathname);
    this.#tokens.remember(exchange, url.origin);
  }

  /** A header of the application's own, by its name, or by what an earlier answer held. */
  #carriesOwn(request: HttpRequest): boolean {
    const isNew = (value: string) => !this.#sentBefore.has(value);
    return ownCredentials(request).some(isNew) ||
      ownValues(request).filter(isNew).some((value) => this.#isIssued(value));
  }

  /** In such a place equality decides: a session may be called `48213`. */
  #isIssued(value: string): boolean {
    const token = value.slice(value.indexOf(" ") + 1);
    return token.length >= MIN_ISSUED && this.#answers.some((text) => text.includes(token));
  }

  /** What the origin issued is what another one is reached with: an identity provider and its API. */
  #isServedElsewhere(origin: string): boolean {
    return [...this.#tokens.carriersOf(origin)].some((other) =>
      other !== origin && this.#of(other).carriesOwn
    );
  }
}

function observePreflight(request: HttpRequest, url: URL, evidence: OriginEvidence): void {
  const names = headerValue(request.headers, "access-control-request-headers") ?? "";
  if (!names.toLowerCase().split(/[\s,]+/).includes("authorization")) return;
  const method = headerValue(request.headers, "access-control-request-method") ?? "";
  evidence.announced.add(`${method.toUpperCase()} ${url.pathname}`);
}

function observeHeaders(headers: HeaderList, evidence: OriginEvidence): void {
  for (const [name, value] of headers) {
    if (!CREDENTIAL_HEADERS.has(name.toLowerCase())) continue;
    if (isPlaceholder(value)) evidence.sawPlaceholder = true;
    else {
      evidence.sawCredential = true;
      evidence.sawAuthorization ||= name.toLowerCase() === "authorization";
    }
  }
}

/** Values of the headers that neither a browser nor a proxy adds. */
function ownValues({ headers }: HttpRequest): string[] {
  return headers.filter(([name]) => isOwnHeader(name) && !COMPANION_HEADER.test(name.toLowerCase()))
    .map(([, value]) => value);
}

function answerText({ response }: Exchange): string {
  if (response === null) return "";
  const body = response.body === null ? "" : bodyText(response.headers, response.body);
  return [...response.headers.map(([, value]) => value), body].join("\n");
}

function ownCredentials(request: HttpRequest): string[] {
  return request.headers.filter(([name, value]) => {
    const lower = name.toLowerCase();
    return OWN_CREDENTIAL_HEADER.test(lower) && !COMPANION_HEADER.test(lower) &&
      !CREDENTIAL_HEADERS.has(lower) && value.length >= MIN_KEY_LENGTH && !isPlaceholder(value);
  }).map(([, value]) => value);
}

/** Scheme and cookie names may have stayed: `Bearer [redacted]`, `sid=***; Path=/`. */
function isPlaceholder(value: string): boolean {
  const first = value.split(";")[0]!.trim();
  return PLACEHOLDER.test(first.replace(/^[\w-]{1,64}[= ]\s*/, ""));
}

function servesData({ response }: Exchange): boolean {
  return response !== null && response.status < 400 &&
    parseBody(response.headers, response.body).kind === "json";
}

/** An answer that depends on who asks (RFC 9110 section 12.5.5; Fetch standard, CORS credentials). */
function namesSession({ response }: Exchange): boolean {
  const headers = response?.headers ?? [];
  return headerValue(headers, "access-control-allow-credentials") === "true" ||
    /\b(?:cookie|authorization)\b/i.test(headerValue(headers, "vary") ?? "");
}
