/** Where in a recording the login stands, and what of the rest a login may repeat. */
import { isOpaqueUrl } from "../http/opaque.ts";
import { parseUrl } from "../http/url.ts";
import { isLoginEndpoint } from "../http/vocabulary.ts";
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
 * Index of the login's last message: it goes on through the redirects it ends in and the addresses that its
 * answers name, and through what a provider hands back.
 * @rule off: last
 */
function endOfLogin({ messages }: Recording, last: number): number {
  let [end, targets] = [last, targetsOf(messages[last]!)];
  for (const message of messages.slice(last + 1)) {
    if (!targets.has(message.url.href) && !isHandedBack(message)) continue;
    [end, targets] = [message.index, targetsOf(message)];
  }
  return end;
}

/** Where an answer leads: its redirect, and the addresses it names that have something of the session in them. */
function targetsOf(message: Message): Set<string> {
  const { location, url } = message;
  const named = message.named("json").filter(({ text }) => /^(https?:\/)?\//.test(text))
    .map(({ text }) => parseUrl(text, url.href)?.href ?? "").filter(isOpaqueUrl);
  return new Set([...location === null ? [] : [location.href.replace(/#.*$/, "")], ...named]);
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
