/** Credentials in the query or the body: fields that the app's requests share. */
import { isOpaque } from "../http/opaque.ts";
import { headerValue } from "../http/headers.ts";
import {
  isApiKeyName,
  isCredentialName,
  isLoginEndpoint,
  isPasswordName,
  isRefreshName,
} from "../http/vocabulary.ts";
import type { IssuedCredentials } from "./issued_credential.ts";
import { fieldKey, fieldPath, isBodyField, isField, type Leaf } from "./leaves.ts";
import { carriesSession } from "./login_span.ts";
import type { Evidence } from "./login_styles/style.ts";
import { firstMasking, isSameSecret } from "./masked_token.ts";
import type { Message } from "./recording.ts";
import { endpointOf, type Search } from "./sink.ts";

/**
 * A form of the app itself, answered with the address of the page that shows what came of it.
 * @rule off: false
 */
export function isFormPost({ method, url, location, trace }: Message): boolean {
  if (["GET", "HEAD"].includes(method) || location?.origin !== url.origin) return false;
  const origin = headerValue(trace.request.headers, "origin") ?? url.origin;
  return origin === url.origin && !isLoginEndpoint(url.pathname);
}

/**
 * Query and body values that authenticate: from an answer, and carried under one name by at least
 * half of the requests that could, or under a credential's name by two.
 * @rule off: new Set()
 */
export function sharedTokens(
  messages: readonly Message[],
  search: Search,
  issued: IssuedCredentials | null,
): Set<string> {
  const { provenance } = search;
  const able = ableCounts(messages);
  const couldCarry = (message: Message, { place }: Leaf) =>
    able.get(message)![place.kind === "query" ? "query" : "body"];
  const carriers = fieldCarriers(
    messages,
    provenance,
    (message, leaf) => couldCarry(message, leaf) === 1 || provenance.isSentAgain(leaf.value),
  );
  const tokens = new Set<string>();
  for (const [key, { leaf, messages: found }] of carriers) {
    const first = found[0]!;
    const isNamed = isCredentialName(leaf.name) || isApiKeyName(leaf.name) ||
      isPasswordName(leaf.name);
    const share = found.length / couldCarry(first, leaf);
    const isCommon = isNamed
      ? found.length >= 2 && share >= 0.25 || share === 1
      : found.length >= 2 && share >= 0.5 &&
        new Set(found.map(share === 1 ? saidBy : endpointOf)).size >= 2;
    if (!isCommon || isRefreshName(leaf.name)) continue;
    if (share < 1 && isOfOneAddress(leaf, found, messages, search)) continue;
    const isIssued = isOpaque(leaf.value) && provenance.find(leaf.value, first.index) !== null;
    if (isIssued || issued?.holds(first, leaf)) tokens.add(key);
  }
  return tokens;
}

/**
 * What an address gave out after the login and gets back alone is a matter of its own (a connection, an upload, a
 * place in a list), where requests to others do with what the login gave.
 * @rule off: false
 */
function isOfOneAddress(
  { place, value }: Leaf,
  carriers: readonly Message[],
  messages: readonly Message[],
  { recording, provenance, span }: Search,
): boolean {
  const source = provenance.find(value, carriers[0]!.index);
  if (place.kind !== "query" || source === null || source.index <= span.end) return false;
  const { url, origin } = recording.at(source.index);
  const isThere = (message: Message) =>
    message.origin === origin && message.url.pathname === url.pathname;
  return carriers.every(isThere) &&
    messages.some((message) => !isThere(message) && carriesSession(message));
}

/**
 * Fields that every form of the app carries with one secret, as the login's form did, and that the page
 * the login led to already holds: tokens against forgery. A token of one form only is its own affair.
 * @rule off: new Set()
 */
export function submittedTokens(
  formPosts: readonly Message[],
  { recording, provenance, span }: Search,
): Set<string> {
  const tokens = new Set<string>();
  if (span.last < 0) return tokens;
  const inLogin = new Set(
    recording.messages.slice(span.first, span.last + 1).flatMap(({ fields }) => fields)
      .filter(isBodyField).map(({ name }) => name),
  );
  const landing = recording.messages.slice(span.last + 1, span.end + 1);
  const carriers = fieldCarriers(
    formPosts,
    provenance,
    (_, leaf) =>
      isBodyField(leaf) && inLogin.has(leaf.name) && isOpaque(leaf.value) &&
      isCredentialName(leaf.name),
  );
  for (const [key, { leaf, messages }] of carriers) {
    const isOneSecret = formPosts.flatMap(({ fields }) => fields).every((other) =>
      !isBodyField(other) || fieldPath(other) !== fieldPath(leaf) ||
      isSameSecret(other.value, leaf.value)
    );
    const isAtLanding = firstMasking(leaf.value, landing) !== null ||
      (provenance.find(leaf.value, messages[0]!.index)?.index ?? Infinity) <= span.end;
    if (isOneSecret && isAtLanding) tokens.add(key);
  }
  return tokens;
}

/** Where every request carries it, they need to be other requests only: one endpoint may serve all of an app. */
function saidBy(message: Message): string {
  return [endpointOf(message), ...message.fields.map(({ value }) => value)].join("\0");
}

/** Which of these requests carry a value under one name. */
function fieldCarriers(
  messages: readonly Message[],
  provenance: Evidence["provenance"],
  accept: (message: Message, leaf: Leaf) => boolean,
): Map<string, { leaf: Leaf; messages: Message[] }> {
  const among = new Set(messages);
  const carriers = new Map<string, { leaf: Leaf; messages: Message[] }>();
  for (const message of messages) {
    for (const leaf of message.fields) {
      if (!accept(message, leaf) || carriers.has(fieldKey(leaf))) continue;
      const alike = provenance.carriers(leaf.value).filter((carrier) =>
        among.has(carrier.message) && isField(carrier.leaf) &&
        fieldKey(carrier.leaf) === fieldKey(leaf)
      );
      // Of a flood of leaves not all are known by their values.
      const found = new Set(alike.map((one) => one.message));
      carriers.set(fieldKey(leaf), { leaf, messages: found.size === 0 ? [message] : [...found] });
    }
  }
  return carriers;
}

/** For each request, how many of its origin could carry a value in the query, and in the body. */
function ableCounts(
  messages: readonly Message[],
): Map<Message, { readonly query: number; readonly body: number }> {
  const counts = new Map<Message, { readonly query: number; readonly body: number }>();
  for (const alike of Map.groupBy(messages, ({ origin }) => origin).values()) {
    const body = alike.filter(({ fields }) => fields.some(isBodyField)).length;
    const count = { query: alike.length, body };
    for (const message of alike) counts.set(message, count);
  }
  return counts;
}

export function fieldSinks(message: Message, tokens: ReadonlySet<string>): Leaf[] {
  if (tokens.size === 0) return [];
  return message.fields.filter((leaf) => tokens.has(fieldKey(leaf)));
}
