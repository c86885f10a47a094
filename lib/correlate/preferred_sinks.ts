/** Of the values a credential has in a recording, the one a login has to reproduce. */
import { splitScheme } from "../http/auth_scheme.ts";
import { endsCookie } from "../http/cookie_jar.ts";
import { isOpaque } from "../http/opaque.ts";
import { isBystanderCookie } from "../http/ordinary_traffic.ts";
import { isAboutLogin, isCredentialName, isLoginEndpoint, words } from "../http/vocabulary.ts";
import { approvalsOf } from "./carried_codes.ts";
import { issuedHandle } from "./issued_handle.ts";
import { fieldPath, type Leaf } from "./leaves.ts";
import { carriesSession, mayBeStep } from "./login_span.ts";
import { firstMasking } from "./masked_token.ts";
import { takesProviderAnswer } from "./provider_answer.ts";
import type { Message, Recording } from "./recording.ts";
import { remembered } from "./remembered.ts";
import { RollingCookies } from "./rolling_cookies.ts";
import { issuedPart, type Search, type Sink } from "./sink.ts";

/**
 * Per name the value to reproduce: the first that an answer of the login or later handed out, else
 * the first there is. Later values come from refreshes and renewals, which are found on their own.
 */
export function preferred(
  search: Search,
  requests: readonly Message[],
  sinksOf: (message: Message) => readonly Leaf[],
): Sink[] {
  const { provenance, span } = search;
  const chosen = new Map<string, Sink & { fresh: boolean }>();
  const isOfLogin = remembered((index: number) => isEarnable(index, search));
  for (const message of requests) {
    for (const leaf of sinksOf(message)) {
      const key = `${leaf.place.kind} ${fieldPath(leaf).toLowerCase()}`;
      const held = chosen.get(key);
      if (held?.fresh || held?.leaf.value === leaf.value) continue;
      const source = issuedPart(leaf, message.index, provenance);
      if (source !== null && !isOfLogin(source.index)) continue;
      const fresh = source !== null && source.index >= span.first;
      if (held === undefined || fresh) chosen.set(key, { message, leaf, fresh });
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
    earlier.method === "GET" && earlier.succeeded && earlier.url.origin === message.origin
  );
  const masking = firstMasking(leaf.value, pages);
  if (masking === null) return { message, leaf };
  return { message, leaf: { ...leaf, value: masking.value } };
}

export function preferredCookies(
  requests: readonly Message[],
  search: Search,
): Sink[] {
  const { recording, span } = search;
  const chosen = new Map<string, Sink & { fresh: boolean }>();
  const rolling = new RollingCookies(recording, span);
  const endOf = remembered((cookie: string) => endIn(recording, requests, cookie));
  for (const message of requests) {
    for (const leaf of message.cookies) {
      if (isBystanderCookie(leaf.name)) continue;
      const held = chosen.get(leaf.name);
      if (isUsedUp(leaf.name, message, endOf)) continue;
      if (held?.fresh && !isSetOnTheWay(leaf, message, held, search)) continue;
      const setters = recording.cookieSetters(leaf.name, leaf.value, message.index);
      const issuedAt = rolling.issuedAt(message, leaf) ?? setters?.first ?? null;
      if (
        issuedAt !== null && !isSessionSetter(leaf, recording.at(issuedAt), search)
      ) {
        continue;
      }
      const fresh = setters !== null && setters.last >= span.first;
      if (held === undefined || fresh) {
        chosen.set(leaf.name, { message, leaf, fresh });
      }
    }
  }
  return [...chosen.values()].map(({ message, leaf }) => ({ message, leaf }));
}

/**
 * A redirect that the login ends in set the cookie anew: what the login's own requests carried before is not what it
 * earns (OWASP Session Management Cheat Sheet, "Renew the Session ID After Any Privilege Level Change").
 * @rule off: false
 */
function isSetOnTheWay(
  { name, value }: Leaf,
  message: Message,
  held: Sink,
  { recording, span }: Search,
): boolean {
  if (held.leaf.value === value || held.message.index > span.end) return false;
  const setter = recording.cookieSetters(name, value, message.index)?.first ?? Infinity;
  return setter > span.last && setter <= span.end && recording.at(setter).location !== null;
}

/**
 * A cookie that the answer takes away (RFC 6265 section 3.1) was for this one request; one that a later answer takes
 * away, and without which the app goes on at that host, was for the way there.
 * @param endOf the index of that answer, by origin and name
 * @rule off: false
 */
function isUsedUp(name: string, message: Message, endOf: (cookie: string) => number): boolean {
  return takesAway(message, name) || message.index < endOf(`${message.origin}\0${name}`);
}

function takesAway({ setCookies, trace }: Message, name: string): boolean {
  const last = setCookies.findLast((cookie) => cookie.name === name);
  return last !== undefined && endsCookie(last, trace.startedAtMs);
}

/** -1 where no answer takes the cookie away for good. */
function endIn({ messages }: Recording, requests: readonly Message[], cookie: string): number {
  const [origin = "", name = ""] = cookie.split("\0");
  const { hostname } = new URL(origin);
  const end = messages.findLast((one) => takesAway(one, name) && one.url.hostname === hostname);
  if (end === undefined) return -1;
  const after = requests.filter(({ index, url }) => index > end.index && url.hostname === hostname);
  const isLeft = after.some(({ cookies }) => cookies.some((leaf) => leaf.name === name));
  return after.length > 0 && !isLeft ? end.index : -1;
}

/**
 * After the login only cookies that are named like credentials are worth a request of their own.
 * @rule off: true
 */
function isSessionSetter(leaf: Leaf, setter: Message, search: Search): boolean {
  const { span } = search;
  const isOfLogin = setter.index <= span.end &&
    (setter.location === null || isOpaque(leaf.value));
  if (setter.index <= span.last || isOfLogin) return true;
  if (isExchange(setter, search)) return true;
  return mayBeStep(setter, span.last) &&
    (isCredentialName(leaf.name) || isLoginEndpoint(setter.url.pathname) ||
      takesProviderAnswer(setter));
}

/**
 * A request that is made with nothing but what the login handed out to be used there, in its address or its
 * body, or as the nonce of this one request: a ticket that is exchanged for the session. What carries a session
 * already is the app's.
 */
export function isExchange(message: Message, { recording, provenance, span }: Search): boolean {
  const isNonce = ({ name }: Leaf) => /\bnonce\b/.test(words(name));
  const ownHeaders = message.ownHeaders.filter((leaf) => !isNonce(leaf));
  if (carriesSession({ cookies: message.cookies, ownHeaders })) return false;
  return message.leaves.filter((leaf) =>
    leaf.place.kind === "header" ? isNonce(leaf) : leaf.place.kind !== "cookie"
  )
    .some((leaf) => {
      const source = issuedHandle(leaf, message, recording) ??
        (isOpaque(leaf.value) ? provenance.find(leaf.value, message.index) : null);
      return source !== null && source.index >= span.first && source.index <= span.end;
    });
}

/** True for a request that a login may make, also where it changes something: what it hands out is all of it. */
export function mayEarn(message: Message, search: Search): boolean {
  return mayBeStep(message, search.span.last) || isExchange(message, search) ||
    isOnlyUse(message, search);
}

/**
 * The one request that carries what the login handed out, and its answer hands out what the requests after it carry: an
 * account or a workspace is entered there (RFC 8693 calls it a token exchange).
 * @rule off: false
 */
export function isOnlyUse(message: Message, search: Search): boolean {
  const { recording, provenance, span } = search;
  const { index, method, ownHeaders, succeeded, cookies } = message;
  if (span.last < 0 || index <= span.end || !succeeded) return false;
  const session = cookies.filter(({ name, value }) =>
    method !== "GET" && (recording.cookieSetters(name, value, index)?.last ?? -1) >= span.first
  );
  const given = ownHeaders.filter(({ name, value }) => {
    const { credentials } = splitScheme(value);
    const source = isCredentialName(name) && isOpaque(credentials)
      ? provenance.find(credentials, index)
      : null;
    return source !== null && source.index >= span.first && source.index <= span.end;
  });
  const keys = [...given, ...session];
  if (keys.length === 0 || keys.some((leaf) => isCarriedByOthers(leaf, message, search))) {
    return false;
  }
  const later = new Set(
    recording.messages.slice(index + 1).filter((other) =>
      other.succeeded && (other.origin === message.origin || isAboutLogin(message.url.pathname))
    ).flatMap((other) => other.ownHeaders.map(({ value }) => splitScheme(value).credentials)),
  );
  return message.named("json").some(({ text }) => isOpaque(text) && later.has(text));
}

/** Another answered request after the login carries the header's value, or a cookie of the name. */
function isCarriedByOthers(
  { place, name, value }: Leaf,
  message: Message,
  { recording, provenance, span }: Search,
): boolean {
  const isOther = (other: Message) =>
    other !== message && other.index > span.end && other.succeeded;
  if (place.kind === "header") {
    return provenance.carriers(value).some((one) =>
      one.leaf.place.kind === "header" && isOther(one.message)
    );
  }
  // Nearly always the next one does: a copy of the others would take longer.
  for (let at = span.end + 1; at < recording.messages.length; at++) {
    const other = recording.at(at);
    if (isOther(other) && other.cookies.some((cookie) => cookie.name === name)) return true;
  }
  return false;
}

/** Requests in a row that earn one credential, at most. */
const MAX_CHAIN = 6;

/**
 * True when a login may make the request that earned the value, and all that it rests on: what the user
 * did in the app in between (a workspace made, a server started) happened once and is not part of it.
 */
function isEarnable(index: number, search: Search, depth = 0): boolean {
  const { recording, provenance, span } = search;
  const message = recording.at(index);
  if (span.last < 0 || index <= span.end && depth > 0) return true;
  if (approvalsOf(message, recording).length > 0) return true;
  if (depth > MAX_CHAIN || !mayEarn(message, search)) {
    return false;
  }
  return message.leaves.filter(({ place, value }) => place.kind !== "cookie" && isOpaque(value))
    .every(({ value }) => {
      const source = provenance.find(value, index);
      return source === null || source.index <= span.end ||
        isEarnable(source.index, search, depth + 1);
    });
}
