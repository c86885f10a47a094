/** What an identity provider hands to the app through the browser, in a form or in the address. */
import { isLoginEndpoint } from "../http/vocabulary.ts";
import type { Message } from "./recording.ts";

/** Either is the whole answer: SAML 2.0 bindings section 3.5.4, WS-Federation 1.2 section 13.2.2. */
const WHOLE_ANSWERS = new Set(["SAMLResponse", "SAMLart", "wresult"]);

/** OAuth 2.0 Form Post Response Mode, section 2; OpenID Connect Core sections 3.1.2.5, 3.2.2.5. */
const OAUTH_ANSWERS = new Set(["code", "id_token", "access_token"]);

/** What accompanies them, so that a form with a field called `code` is none (RFC 9207 section 2). */
const OAUTH_COMPANIONS = new Set(["state", "iss", "session_state", "id_token"]);

/**
 * By the fields of a form. It is a step of the login wherever it is sent: the app chooses the path that
 * takes it.
 * @rule off: false
 */
export function isProviderAnswer(method: string, fields: readonly string[]): boolean {
  return method === "POST" &&
    (fields.some((name) => WHOLE_ANSWERS.has(name)) ||
      fields.some((name) => OAUTH_ANSWERS.has(name)) &&
        fields.some((name) => OAUTH_COMPANIONS.has(name)));
}

export function takesProviderAnswer({ method, leaves }: Message): boolean {
  if (method !== "POST") return false;
  const fields = leaves.filter(({ place }) => place.kind === "form").map(({ name }) => name);
  return isProviderAnswer(method, fields);
}

/** Names of an answer in an address or a form; a refresh sends a `token` as well, so that is none. */
const HANDED_BACK = new Set(["code", "ticket", "id_token", "state"]);

/**
 * As `takesProviderAnswer`, and what an endpoint of a login is given in its address (RFC 6749 section 4.1.2).
 * @rule off: takesProviderAnswer(message)
 */
export function isHandedBack(message: Message): boolean {
  if (takesProviderAnswer(message)) return true;
  return message.fields.some(({ name }) => HANDED_BACK.has(name.toLowerCase())) &&
    isLoginEndpoint(message.url.pathname);
}
