/**
 * The sinks: the requests of the app's API and the values that authenticate them, in headers,
 * cookies, query or body.
 */
import { isEmptyCredential, splitScheme } from "../http/auth_scheme.ts";
import { isOpaque } from "../http/opaque.ts";
import { isBystanderCookie } from "../http/ordinary_traffic.ts";
import { isCredentialName } from "../http/vocabulary.ts";
import { apiRequests } from "./api_requests.ts";
import type { IssuedCredentials } from "./issued_credential.ts";
import type { Leaf } from "./leaves.ts";
import { isClientAuthentication } from "./login_run.ts";
import type { LoginSpan } from "./login_span.ts";
import type { Evidence } from "./login_styles/style.ts";
import { isExchange, isOnlyUse, preferred, preferredCookies } from "./preferred_sinks.ts";
import type { Message, Recording } from "./recording.ts";
import { remembered } from "./remembered.ts";
import { renewalCookies } from "./renewal_cookies.ts";
import { fieldSinks, isFormPost, sharedTokens, submittedTokens } from "./shared_fields.ts";
import { type ApiTraffic, issuedPart, issuerOf, type Search } from "./sink.ts";

/** The requests after the login that carry credentials, and those credentials. */
export function findApiTraffic(
  { recording, provenance, messages }: Pick<Evidence, "recording" | "provenance" | "messages">,
  span: LoginSpan,
  issued: IssuedCredentials | null = null,
): ApiTraffic {
  const search: Search = { recording, provenance, span };
  const after = messages.filter((message) =>
    message.index > span.last && message.succeeded && message.method !== "OPTIONS" &&
    !message.isScriptOrStyle && !isClientAuthentication(message)
  );
  const sinksOf = remembered((message: Message) => headerSinks(message, provenance, issued));
  const byHeader = after.filter((message) => sinksOf(message).length > 0);
  // A ticket or code in an address that only leads on is used up there (CAS, RFC 6749 section 4.1.2).
  const answering = after.filter((message) => message.location === null);
  const formPosts = after.filter(isFormPost);
  const shared = sharedTokens(answering, search, issued)
    .union(submittedTokens(formPosts, search));
  const headerOrigins = new Set(byHeader.map((message) => message.origin));
  const byField = [...answering, ...formPosts].filter((message) =>
    (headerOrigins.size === 0 || headerOrigins.has(message.origin)) &&
    fieldSinks(message, shared).length > 0
  );
  const renewal = renewalCookies(recording);
  const byCookie = after.filter((message) =>
    cookieSinks(message, recording, span).some(({ name }) => !renewal.has(name))
  );
  const carriers = apiRequests(byHeader, byField, byCookie, recording, span);
  const left = carriers.filter((message) => !isOnlyUse(message, search));
  const cookies = preferredCookies(left, search).filter(({ leaf }) => !renewal.has(leaf.name));
  const exchanges = new Set(cookies.map((sink) => issuerOf(sink, search)));
  const isTraded = (message: Message) =>
    message.index > span.end && exchanges.has(message.index) && isExchange(message, search);
  const requests = left.filter((message) => !isTraded(message));
  const fieldsOf = (accept: (leaf: Leaf) => boolean) => (message: Message) =>
    fieldSinks(message, shared).filter(accept);
  return {
    requests,
    origins: [...new Set(requests.map((message) => message.origin))],
    headers: preferred(search, requests, sinksOf),
    cookies,
    query: preferred(search, requests, fieldsOf((leaf) => leaf.place.kind === "query")),
    body: preferred(search, requests, fieldsOf((leaf) => leaf.place.kind !== "query")),
    renewal,
  };
}

/** Headers that authenticate: `Authorization`, and own headers with a value from an answer. */
function headerSinks(
  message: Message,
  provenance: Evidence["provenance"],
  issued: IssuedCredentials | null,
): Leaf[] {
  return message.ownHeaders.filter((leaf) => {
    if (leaf.name.toLowerCase() === "authorization") {
      return !isEmptyCredential(leaf.value) && !isClientAuthentication(message);
    }
    if (isEmptyCredential(leaf.value)) return false;
    const bare = splitScheme(leaf.value).credentials;
    if (isOpaque(bare) && provenance.find(bare, message.index) !== null) return true;
    if (issued?.holds(message, leaf)) return true;
    const isComposite = isCredentialName(leaf.name) || /\w="/.test(leaf.value);
    return isComposite && issuedPart(leaf, message.index, provenance) !== null;
  });
}

/** Cookies that a response of this recording set on or after the login. */
function cookieSinks(message: Message, recording: Recording, span: LoginSpan): Leaf[] {
  return message.cookies.filter((leaf) => {
    if (isBystanderCookie(leaf.name)) return false;
    const setter = recording.cookieSetters(leaf.name, leaf.value, message.index)?.last ?? null;
    return setter !== null && setter >= span.first;
  });
}
