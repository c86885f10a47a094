/** Where in a recording the login stands, and what of the rest a login may repeat. */
import { isLoginEndpoint } from "../http/vocabulary.ts";
import { takesProviderAnswer } from "./provider_answer.ts";
import type { Message } from "./recording.ts";

export interface LoginSpan {
  /** Index of the first and last request that hands credentials over; -1 when there is none. */
  readonly first: number;
  readonly last: number;
}

/** Where nobody submits a password. */
export const NO_LOGIN: LoginSpan = { first: -1, last: -1 };

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
