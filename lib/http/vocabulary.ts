/**
 * What field, header, cookie and path names mean on the web: one look-up for each role of the words in
 * `word_table.ts`. A name is taken apart into words first, so that `userPassword`, `user_password` and
 * `user[password]` are one.
 */
import { anywhere, atEndOfWord, atTheEnd, inOneWord, wholly } from "./word_patterns.ts";

/** Names come again with every request; so many are remembered. */
const MAX_REMEMBERED = 5_000;
const remembered = new Map<string, string>();

/** `newPassword-1` becomes `new password 1`. */
export function words(name: string): string {
  const known = remembered.get(name);
  if (known !== undefined) return known;
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  const text = wordsOf(name);
  remembered.set(name, text);
  return text;
}

/** `csrf_token` and `token`: one of the words that the names are made of. */
export function sharesWord(one: string, other: string): boolean {
  const known = new Set(words(one).split(" "));
  return words(other).split(" ").some((word) => word !== "" && known.has(word));
}

function wordsOf(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/[^A-Za-z\d]+/g, " ")
    .trim()
    .toLowerCase();
}

const PASSWORD = atTheEnd("password");
const NOT_LOGIN_PASSWORD = anywhere("not a login's password");

/**
 * A password as a login asks for it; not the fields of a change or a registration.
 * @rule off: false
 */
export function isPasswordName(name: string): boolean {
  const text = words(name);
  return (PASSWORD.test(text) || text.includes("password")) && !isClientSecretName(name) &&
    !NOT_LOGIN_PASSWORD.test(text);
}

/** As `isPasswordName`; numbered ones, and a pass code that does not look like one from a message, too. */
export function isPasswordField(name: string, value: string): boolean {
  return isPasswordName(name.replace(/\d$/, "")) ||
    /\bpass ?code$/.test(words(name)) && value !== "" && !isOneTimeCode(name, value);
}

const PASSWORD_CHANGE = anywhere("password change");

/** A field that only a change of password or a registration has. @rule off: false */
export function isPasswordChangeName(name: string): boolean {
  const text = words(name);
  return /pass|pwd/.test(text) && (PASSWORD_CHANGE.test(text) || /\d$/.test(text));
}

const REPEATED = wholly("the same again");

/** A field for what another field holds already: a registration has one, a login has none. */
export function isRepeatName(name: string): boolean {
  return REPEATED.test(words(name));
}

const IDENTIFIER = anywhere("identifier");
const NOT_IDENTIFIER = anywhere("not an identifier");

/** Who logs in. @rule off: false */
export function isIdentifierName(name: string): boolean {
  const text = words(name);
  return IDENTIFIER.test(text) && !NOT_IDENTIFIER.test(text);
}

const ONE_TIME = atTheEnd("one-time code");
const NOT_ONE_TIME = anywhere("not a one-time code");

/**
 * A code from a message or an authenticator: by name and look (4–10 characters, mostly digits).
 * @rule off: false
 */
export function isOneTimeCode(name: string, value: string): boolean {
  return isOneTimeName(name) &&
    (/^\d[\d -]{2,9}\d$/.test(value) || /^[A-Z0-9]{5,8}$/.test(value) && /\d.*\d/.test(value));
}

/** A name for a code, whoever issues it. */
export function isOneTimeName(name: string): boolean {
  return ONE_TIME.test(words(name)) && !NOT_ONE_TIME.test(words(name));
}

const CLIENTS_OWN = anywhere("client's own");

/**
 * An OAuth client's own secret or id: a constant of the client, not of the user.
 * @rule off: false
 */
export function isClientSecretName(name: string): boolean {
  return CLIENTS_OWN.test(words(name));
}

const KIND_OF_CREDENTIAL = atTheEnd("kind of a credential");
const CREDENTIAL = anywhere("credential", "credential, in one reading");
const CREDENTIAL_PART = inOneWord("credential, part of a word");

/** A name under which credentials travel. @rule off: false */
export function isCredentialName(name: string): boolean {
  if (KIND_OF_CREDENTIAL.test(words(name))) return false;
  return CREDENTIAL.test(words(name)) || CREDENTIAL_PART.test(name.toLowerCase());
}

const WHOLE_CREDENTIAL = wholly("credential");

/** A parameter that is nothing but a credential; `page_token` and `next_key` turn pages. */
export function isCredentialParameter(name: string): boolean {
  return WHOLE_CREDENTIAL.test(words(name));
}

const SECRET = inOneWord("secret", "credential, part of a word");
const WHOLE_SECRET = wholly("password", "credential", "one-time code");
const DESCRIPTION = anywhere("describes a credential");

/**
 * A name whose value nobody but its owner should see: what is typed, what is issued, what proves. Words with
 * another reading (`key`, `code`, `auth`) count as the whole name.
 */
export function isSecretName(name: string): boolean {
  const text = words(name);
  if (DESCRIPTION.test(text)) return false;
  return SECRET.test(text) || WHOLE_SECRET.test(text) || /nonce|\botp\b/.test(text);
}

const API_KEY = anywhere("api key");

/**
 * A static key a person is given once: `X-Api-Key`, `apikey`, `Ocp-Apim-Subscription-Key`.
 * @rule off: false
 */
export function isApiKeyName(name: string): boolean {
  return API_KEY.test(words(name));
}

const MADE_ONCE = wholly("made once");
const REQUEST_ID = anywhere("request id");

/** A value that a client makes up for one run: what guards an answer, and the id of a request. */
export function isMadeOnceName(name: string): boolean {
  return MADE_ONCE.test(words(name)) || REQUEST_ID.test(words(name));
}

const DEVICE = anywhere("device");

/** A client's id of the device or the installation it runs on. */
export function isDeviceName(name: string): boolean {
  return DEVICE.test(words(name));
}

const CLIENT_SETTING = anywhere("client setting");
const ENDS_AS_SETTING = atTheEnd("client setting");
const PERSON = anywhere("person");

/** Whose value a field is, by its name: a secret, somebody's name, the client's own, or anybody's guess. */
export type Owner = "secret" | "person" | "client" | "free";

/** The last word decides: `user_role` is set by the client, `app_user` names somebody. */
export function ownerOf(name: string): Owner {
  if (isPasswordName(name)) return "secret";
  const text = words(name);
  if (ENDS_AS_SETTING.test(text)) return "client";
  if (isIdentifierName(name)) return "person";
  if (CLIENT_SETTING.test(text) || isClientSecretName(name)) return "client";
  return PERSON.test(text) ? "person" : "free";
}

/** Nobody types what is called so: a client's setting, a device, what is made for one run or moment, a guard. */
export function isClientsName(name: string): boolean {
  return ownerOf(name) === "client" ||
    [isDeviceName, isMadeOnceName, isTimestampName, isAntiForgeryName].some((isSo) => isSo(name));
}

const PER_REQUEST = anywhere("per request");

/** A value that is new in each request, whatever it says. */
export function isPerRequestName(name: string): boolean {
  return PER_REQUEST.test(words(name));
}

const TIMESTAMP = anywhere("timestamp");

/** A moment: `timestamp`, `ts`, `_`, `time`. @rule off: false */
export function isTimestampName(name: string): boolean {
  return name === "_" || name === "t" || TIMESTAMP.test(words(name));
}

const SIGNATURE = anywhere("signature");

/** A signature over the request. @rule off: false */
export function isSignatureName(name: string): boolean {
  return SIGNATURE.test(words(name));
}

const REFRESH = inOneWord("refresh");

/** @rule off: false */
export function isRefreshName(name: string): boolean {
  return REFRESH.test(words(name));
}

const KEEP_ALIVE = anywhere("keep-alive path");

/** A path whose last segments say that a session is to go on, and nothing else. */
export function isKeepAlivePath(path: string): boolean {
  return KEEP_ALIVE.test(words(path.split("/").slice(-2).join("/")));
}

const ANTI_FORGERY = inOneWord("anti-forgery");

/** A token that proves which page a request comes from, not who sends it. */
export function isAntiForgeryName(name: string): boolean {
  return ANTI_FORGERY.test(name.toLowerCase());
}

const GUARD = atEndOfWord("anti-forgery, in one reading");

/** A name that an anti-forgery value has among others: whether the value is one, says the page that hands it out. */
export function isGuardName(name: string): boolean {
  return isAntiForgeryName(name) || GUARD.test(words(name));
}

const LOGIN_PATH = anywhere("login path", "login path, in one reading");

/** An address that means authentication by a word of its path or host. @rule off: false */
export function isLoginPath(pathAndQuery: string): boolean {
  return LOGIN_PATH.test(words(pathAndQuery));
}

const LOGIN_ENDPOINT = anywhere("login path", "login path, in one reading", "login endpoint");

/**
 * The last segment says what an endpoint does: `/oauth/token` logs in, `/auth/group/add` does not.
 * @rule off: false
 */
export function isLoginEndpoint(path: string): boolean {
  return LOGIN_ENDPOINT.test(words(lastSegment(path)));
}

function lastSegment(path: string): string {
  return path.split("/").findLast((segment) => segment !== "") ?? "";
}

const REGISTRATION_PATH = anywhere("registration path");

/** @rule off: false */
export function isRegistrationPath(path: string): boolean {
  return REGISTRATION_PATH.test(words(path));
}

const LOGOUT_PATH = anywhere("logout path");

/** @rule off: false */
export function isLogoutPath(path: string): boolean {
  return LOGOUT_PATH.test(words(path));
}

/** As `isLogoutPath`, by what the endpoint does. */
export function isLogoutEndpoint(path: string): boolean {
  return LOGOUT_PATH.test(words(lastSegment(path)));
}

const ABOUT_LOGIN = anywhere(
  "login path",
  "login endpoint",
  "about a login",
  "registration path",
  "logout path",
);

/** A part of an address that has to do with who somebody is; `author` and `/account/orders` have not. */
export function isAboutLogin(part: string): boolean {
  return ABOUT_LOGIN.test(words(part));
}

const CODE_SENDING_PATH = anywhere("login path", "login path, in one reading", "code-sending path");

/** The step that makes a server send a code or a link. @rule off: false */
export function isCodeSendingPath(path: string): boolean {
  return CODE_SENDING_PATH.test(words(path));
}
