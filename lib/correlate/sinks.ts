/**
 * The sinks: the requests of the app's API and the values that authenticate them, in headers,
 * cookies, query or body.
 */
import {
  isApiKeyName,
  isBystanderCookie,
  isCredentialName,
  isLoginEndpoint,
  isOwnHeader,
  isRefreshName,
} from "../http/vocabulary.ts";
import { endsCookie } from "../http/cookie_jar.ts";
import { headerValue } from "../http/headers.ts";
import { fieldKey, fieldPath, isBodyField, isField, type Leaf } from "./leaves.ts";
import { isClientAuthentication } from "./login_run.ts";
import type { Evidence } from "./login_styles/style.ts";
import { type LoginSpan, mayBeStep } from "./login_span.ts";
import type { IssuedCredentials } from "./issued_credential.ts";
import { firstMasking, isSameSecret } from "./masked_token.ts";
import type { Provenance, Source } from "./provenance.ts";
import { takesProviderAnswer } from "./provider_answer.ts";
import type { Message, Recording } from "./recording.ts";
import { isEmptyCredential, splitScheme } from "../http/auth_scheme.ts";
import { renewalCookies } from "./renewal_cookies.ts";
import { endOfLogin, RollingCookies } from "./rolling_cookies.ts";
import { isOpaque } from "../http/opaque.ts";

/** A value of an API request that authenticates it. */
export interface Sink {
  readonly message: Message;
  readonly leaf: Leaf;
}

export interface ApiTraffic {
  /** Requests that carry the credentials and were answered. */
  readonly requests: readonly Message[];
  readonly origins: readonly string[];
  readonly headers: readonly Sink[];
  readonly cookies: readonly Sink[];
  readonly query: readonly Sink[];
  readonly body: readonly Sink[];
}

/** The requests after the login that carry credentials, and those credentials. */
export function findApiTraffic(
  { recording, provenance, messages }: Pick<Evidence, "recording" | "provenance" | "messages">,
  span: LoginSpan,
  issued: IssuedCredentials | null = null,
): ApiTraffic {
  const after = messages.filter((message) =>
    message.index > span.last && message.succeeded && message.method !== "OPTIONS" &&
    !message.isScriptOrStyle && !isClientAuthentication(message)
  );
  const sinksOf = remembered((message: Message) => headerSinks(message, provenance, issued));
  const byHeader = after.filter((message) => sinksOf(message).length > 0);
  // A ticket or code in an address that only leads on is used up there (CAS, RFC 6749 section 4.1.2).
  const answering = after.filter((message) => message.location === null);
  const formPosts = after.filter(isFormPost);
  const shared = sharedTokens(answering, provenance, issued)
    .union(submittedTokens(formPosts, { recording, provenance, span }));
  const headerOrigins = new Set(byHeader.map((message) => message.url.origin));
  const byField = [...answering, ...formPosts].filter((message) =>
    (headerOrigins.size === 0 || headerOrigins.has(message.url.origin)) &&
    fieldSinks(message, shared).length > 0
  );
  const renewal = renewalCookies(recording);
  const byCookie = after.filter((message) =>
    cookieSinks(message, recording, span).some(({ name }) => !renewal.has(name))
  );
  const requests = apiRequests(byHeader, byField, byCookie, recording, span);
  const search: Search = { recording, provenance, span };
  const fieldsOf = (accept: (leaf: Leaf) => boolean) => (message: Message) =>
    fieldSinks(message, shared).filter(accept);
  return {
    requests,
    origins: [...new Set(requests.map((message) => message.url.origin))],
    headers: preferred(search, requests, sinksOf),
    cookies: preferredCookies(requests, recording, span)
      .filter(({ leaf }) => !renewal.has(leaf.name)),
    query: preferred(search, requests, fieldsOf((leaf) => leaf.place.kind === "query")),
    body: preferred(search, requests, fieldsOf((leaf) => leaf.place.kind !== "query")),
  };
}

/**
 * A form of the app itself, answered with the address of the page that shows what came of it.
 * @rule off: false
 */
function isFormPost({ method, url, location, trace }: Message): boolean {
  const origin = headerValue(trace.request.headers, "origin");
  return !["GET", "HEAD"].includes(method) && location?.origin === url.origin &&
    (origin === undefined || origin === url.origin) && !isLoginEndpoint(url.pathname);
}

/** The function, each message judged once. */
function remembered(judge: (message: Message) => Leaf[]): (message: Message) => Leaf[] {
  const known = new Map<number, Leaf[]>();
  return (message) => {
    const held = known.get(message.index) ?? judge(message);
    known.set(message.index, held);
    return held;
  };
}

interface Search {
  readonly recording: Recording;
  readonly provenance: Provenance;
  readonly span: LoginSpan;
}

/** Header credentials decide what the API is; then fields; cookies alone only where nothing else is. */
function apiRequests(
  byHeader: readonly Message[],
  byField: readonly Message[],
  byCookie: readonly Message[],
  recording: Recording,
  span: LoginSpan,
): Message[] {
  const strong = new Set([...byHeader, ...byField]);
  const cookieData = byCookie.filter((message) => message.answersData);
  if (strong.size > 0) {
    const hosts = new Set([...strong].map((message) => message.url.hostname));
    for (const message of byHeader.length > 0 ? cookieData : byCookie) {
      if (hosts.has(message.url.hostname)) strong.add(message);
    }
    return [...strong].sort((a, b) => a.index - b.index);
  }
  const home = homeOrigin(cookieData.length > 0 ? cookieData : byCookie);
  const chosen = byCookie.filter((message) => message.url.origin === home);
  return chosen.length > 0 ? chosen : fallbackRequests(recording, span);
}

/**
 * A session may be bound to a cookie that was there before the login and never changed.
 * @rule off: []
 */
function fallbackRequests(recording: Recording, span: LoginSpan): Message[] {
  if (span.first < 0) return [];
  const login = recording.at(span.last);
  return recording.messages.filter((message) =>
    message.index > span.last && message.succeeded && !message.isScriptOrStyle &&
    message.url.hostname === login.url.hostname &&
    message.leaves.some((leaf) => leaf.place.kind === "cookie" && !isBystanderCookie(leaf.name))
  );
}

/** The origin with most of the requests; of equals the later, since identity providers come first. */
function homeOrigin(messages: readonly Message[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { url } of messages) counts.set(url.origin, (counts.get(url.origin) ?? 0) + 1);
  let best: string | undefined;
  for (const [origin, count] of counts) {
    if (best === undefined || count >= counts.get(best)!) best = origin;
  }
  return best;
}

/** Headers that authenticate: `Authorization`, and own headers with a value from an answer. */
function headerSinks(
  message: Message,
  provenance: Provenance,
  issued: IssuedCredentials | null,
): Leaf[] {
  return message.leaves.filter((leaf) => {
    if (leaf.place.kind !== "header") return false;
    if (leaf.name.toLowerCase() === "authorization") {
      return !isEmptyCredential(leaf.value) && !isClientAuthentication(message);
    }
    if (!isOwnHeader(leaf.name) || isEmptyCredential(leaf.value)) return false;
    const bare = splitScheme(leaf.value).credentials;
    if (isOpaque(bare) && hasSource(bare, message.index, provenance)) return true;
    if (issued?.holds(message, leaf)) return true;
    const isComposite = isCredentialName(leaf.name) || /\w="/.test(leaf.value);
    return isComposite && issuedPart(leaf, message.index, provenance) !== null;
  });
}

/**
 * The token inside a credential: what follows a scheme, or the parameter of several (RFC 9110 section
 * 11.4) that an answer handed out. `null` when no part comes from an answer.
 */
export function issuedPart(leaf: Leaf, before: number, provenance: Provenance): Source | null {
  for (const part of leaf.value.split(/[\s",;=]+/)) {
    const source = isOpaque(part) ? provenance.find(part, before) : null;
    if (source !== null) return source;
  }
  return provenance.find(leaf.value, before);
}

function hasSource(value: string, before: number, provenance: Provenance): boolean {
  return provenance.find(value, before) !== null;
}

/**
 * Query and body values that authenticate: from an answer, and carried under one name by at least
 * half of the requests that could, or under a credential's name by two.
 * @rule off: new Set()
 */
function sharedTokens(
  messages: readonly Message[],
  provenance: Provenance,
  issued: IssuedCredentials | null,
): Set<string> {
  const carriers = fieldCarriers(messages);
  const able = ableCounts(messages);
  const tokens = new Set<string>();
  for (const [key, { leaf, messages: found }] of carriers) {
    const first = found[0]!;
    const part = leaf.place.kind === "query" ? "query" : "body";
    const couldCarry = able.get(`${part} ${first.url.origin}`) ?? 0;
    const isNamed = isCredentialName(leaf.name) || isApiKeyName(leaf.name);
    const share = found.length / couldCarry;
    const isCommon = isNamed
      ? found.length >= 2 && share >= 0.25 || share === 1
      : found.length >= 2 && share >= 0.5 && new Set(found.map(endpointOf)).size >= 2;
    if (!isCommon || isRefreshName(leaf.name)) continue;
    const isIssued = isOpaque(leaf.value) && hasSource(leaf.value, first.index, provenance);
    if (isIssued || issued?.holds(first, leaf)) tokens.add(key);
  }
  return tokens;
}

/**
 * Fields that every form of the app carries with one secret, as the login's form did, and that the page
 * the login led to already holds: tokens against forgery. A token of one form only is its own affair.
 * @rule off: new Set()
 */
function submittedTokens(
  formPosts: readonly Message[],
  { recording, provenance, span }: Search,
): Set<string> {
  const tokens = new Set<string>();
  if (span.last < 0) return tokens;
  const loginEnd = endOfLogin(recording, span.last);
  const inLogin = new Set(
    recording.messages.slice(span.first, span.last + 1).flatMap(({ leaves }) => leaves)
      .filter(isBodyField).map(({ name }) => name),
  );
  const landing = recording.messages.slice(span.last + 1, loginEnd + 1);
  for (const [key, { leaf, messages }] of fieldCarriers(formPosts)) {
    if (!isBodyField(leaf) || !inLogin.has(leaf.name) || !isOpaque(leaf.value)) continue;
    if (!isCredentialName(leaf.name)) continue;
    const isOneSecret = formPosts.flatMap(({ leaves }) => leaves).every((other) =>
      !isBodyField(other) || fieldPath(other) !== fieldPath(leaf) ||
      isSameSecret(other.value, leaf.value)
    );
    const isAtLanding = firstMasking(leaf.value, landing) !== null ||
      (provenance.find(leaf.value, messages[0]!.index)?.index ?? Infinity) <= loginEnd;
    if (isOneSecret && isAtLanding) tokens.add(key);
  }
  return tokens;
}

/** Which requests carry a value under one name. */
function fieldCarriers(
  messages: readonly Message[],
): Map<string, { leaf: Leaf; messages: Message[] }> {
  const carriers = new Map<string, { leaf: Leaf; messages: Message[] }>();
  for (const message of messages) {
    for (const leaf of message.leaves) {
      if (!isField(leaf)) continue;
      const key = fieldKey(leaf);
      const held = carriers.get(key);
      if (held === undefined) carriers.set(key, { leaf, messages: [message] });
      else if (held.messages.at(-1) !== message) held.messages.push(message);
    }
  }
  return carriers;
}

/** How many requests of an origin could carry a value in the query, and in the body. */
function ableCounts(messages: readonly Message[]): Map<string, number> {
  const counts = new Map<string, number>();
  const count = (key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const message of messages) {
    const origin = message.url.origin;
    count(`query ${origin}`);
    if (message.leaves.some(isBodyField)) count(`body ${origin}`);
  }
  return counts;
}

/** What a request is for, by its path and the operation that its body names. */
export function endpointOf(message: Message): string {
  const method = message.leaves.find((leaf) =>
    leaf.name === "method" && leaf.place.kind === "json"
  );
  return `${message.method} ${message.url.pathname} ${method?.value ?? ""}`;
}

function fieldSinks(message: Message, tokens: ReadonlySet<string>): Leaf[] {
  if (tokens.size === 0) return [];
  return message.leaves.filter((leaf) => isField(leaf) && tokens.has(fieldKey(leaf)));
}

/** Cookies that a response of this recording set on or after the login. */
function cookieSinks(message: Message, recording: Recording, span: LoginSpan): Leaf[] {
  return message.leaves.filter((leaf) => {
    if (leaf.place.kind !== "cookie" || isBystanderCookie(leaf.name)) return false;
    const setter = recording.cookieSetters(leaf.name, leaf.value, message.index)?.last ?? null;
    return setter !== null && setter >= span.first;
  });
}

/**
 * Per name the value to reproduce: the first that an answer of the login or later handed out, else
 * the first there is. Later values come from refreshes and renewals, which are found on their own.
 */
function preferred(
  search: Search,
  requests: readonly Message[],
  sinksOf: (message: Message) => readonly Leaf[],
): Sink[] {
  const { recording, provenance, span } = search;
  const chosen = new Map<string, Sink & { fresh: boolean }>();
  for (const message of requests) {
    for (const leaf of sinksOf(message)) {
      const key = `${leaf.place.kind} ${fieldPath(leaf).toLowerCase()}`;
      const source = issuedPart(leaf, message.index, provenance);
      if (source !== null && !mayBeStep(recording.at(source.index), span.last)) continue;
      const fresh = source !== null && source.index >= span.first;
      const held = chosen.get(key);
      if (held === undefined || fresh && !held.fresh) chosen.set(key, { message, leaf, fresh });
    }
  }
  return [...chosen.values()].map(({ message, leaf }) => fromFirstPage(search, message, leaf));
}

/**
 * A token that every page holds under another mask is taken from the first page after the login that has
 * it, like a token without a mask: the page where the user needed it may be nobody else's.
 * @rule off: { message, leaf }
 */
function fromFirstPage(
  { recording, provenance, span }: Search,
  message: Message,
  leaf: Leaf,
): Sink {
  const source = provenance.find(leaf.value, message.index);
  if (span.last < 0 || source === null || source.index <= span.last) return { message, leaf };
  const pages = recording.messages.slice(span.last + 1, source.index).filter((earlier) =>
    earlier.method === "GET" && earlier.succeeded && earlier.url.origin === message.url.origin
  );
  const masking = firstMasking(leaf.value, pages);
  if (masking === null) return { message, leaf };
  provenance.lookFor([masking.value], masking.index + 1);
  return { message, leaf: { ...leaf, value: masking.value } };
}

function preferredCookies(
  requests: readonly Message[],
  recording: Recording,
  span: LoginSpan,
): Sink[] {
  const chosen = new Map<string, Sink & { fresh: boolean }>();
  const rolling = new RollingCookies(recording, span.last);
  for (const message of requests) {
    for (const leaf of message.leaves) {
      if (leaf.place.kind !== "cookie" || isBystanderCookie(leaf.name)) continue;
      if (isUsedUp(leaf.name, message)) continue;
      const setters = recording.cookieSetters(leaf.name, leaf.value, message.index);
      const issuedAt = rolling.issuedAt(message, leaf) ?? setters?.first ?? null;
      if (issuedAt !== null && !isSessionSetter(leaf, recording.at(issuedAt), span)) continue;
      const fresh = setters !== null && setters.last >= span.first;
      const held = chosen.get(leaf.name);
      if (held === undefined || fresh && !held.fresh) {
        chosen.set(leaf.name, { message, leaf, fresh });
      }
    }
  }
  return [...chosen.values()].map(({ message, leaf }) => ({ message, leaf }));
}

/**
 * A cookie that the answer takes away (RFC 6265 section 3.1) was for this one request.
 * @rule off: false
 */
function isUsedUp(name: string, { setCookies, trace }: Message): boolean {
  const last = setCookies.findLast((cookie) => cookie.name === name);
  return last !== undefined && endsCookie(last, trace.startedAtMs);
}

/**
 * After the login only cookies that are named like credentials are worth a request of their own.
 * @rule off: true
 */
function isSessionSetter(leaf: Leaf, setter: Message, span: LoginSpan): boolean {
  if (setter.index <= span.last) return true;
  return mayBeStep(setter, span.last) &&
    (isCredentialName(leaf.name) || isLoginEndpoint(setter.url.pathname) ||
      takesProviderAnswer(setter));
}
