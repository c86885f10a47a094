/** Where in a recording the login stands, and what of the rest a login may repeat. */
import { isOpaqueUrl } from "../http/opaque.ts";
import { parseUrl } from "../http/url.ts";
import { isEmptyCredential } from "../http/auth_scheme.ts";
import { isCredentialName, isLoginEndpoint } from "../http/vocabulary.ts";
import { isCredentialPlace } from "./leaves.ts";
import { nextPages } from "./next_pages.ts";
import { isHandedBack, takesProviderAnswer } from "./provider_answer.ts";
import type { Message, Recording } from "./recording.ts";

export interface LoginSpan {
  /** Index of the first and last request that hands credentials over; -1 when there is none. */
  readonly first: number;
  readonly last: number;
  /** Index of the message in which the login ends: redirects and consent included; -1 when there is none. */
  readonly end: number;
}

/** Where nobody submits a password. */
export const NO_LOGIN: LoginSpan = { first: -1, last: -1, end: -1 };

/** The span of a login whose requests have these indexes, in time order. */
export function spanOf(indexes: readonly number[], recording: Recording): LoginSpan {
  const [first, last] = [indexes[0], indexes.at(-1)];
  return first === undefined || last === undefined || last < 0
    ? NO_LOGIN
    : { first, last, end: endOfLogin(recording, last) };
}

/**
 * Index of the login's last message: it goes on through the redirects it ends in, the pages that its answers open
 * and the addresses that they name, and through what a provider hands back.
 * @rule off: last
 */
function endOfLogin({ messages }: Recording, last: number): number {
  let end = messages[last]!;
  let named = addressesIn(end);
  let next = nextPages(end);
  for (const message of messages.slice(last + 1)) {
    const { href } = message.url;
    const isLedHere = href === end.target || named.has(href) && !carriesSession(message) ||
      next.has(href) && message.method === "GET" && !message.answersData;
    if (!isLedHere && !isHandedBack(message)) continue;
    end = message;
    named = addressesIn(end);
    next = nextPages(end);
  }
  return end.index;
}

/** Addresses that an answer names and that have something of the session in them. */
function addressesIn(message: Message): Set<string> {
  const paths = message.named("json").filter(({ text }) => /^(https?:\/)?\//.test(text));
  return new Set(
    paths.map(({ text }) => parseUrl(text, message.url.href)?.href ?? "").filter(isOpaqueUrl),
  );
}

/** True for a request that somebody who is logged in makes: it carries a cookie or a credential in a header. */
export function carriesSession(
  { cookies, ownHeaders }: Pick<Message, "cookies" | "ownHeaders">,
): boolean {
  return cookies.some(isCredentialPlace) ||
    ownHeaders.some(({ name, value }) => isCredentialName(name) && !isEmptyCredential(value));
}

/**
 * True when a login may repeat this request: everything up to the login's end, safe requests after it
 * (RFC 9110 section 9.2.1), what goes to a login's own endpoints, and what a provider answers. Anything
 * else the user did in the app, and a login must never do it again. Where no login is known (-1),
 * whatever handed out a credential is it.
 * @rule off: true
 */
export function mayBeStep(message: Message, loginEnd: number): boolean {
  return loginEnd < 0 || message.index <= loginEnd || ["GET", "HEAD"].includes(message.method) ||
    isLoginEndpoint(message.url.pathname) || takesProviderAnswer(message);
}
