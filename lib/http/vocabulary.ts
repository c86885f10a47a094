/**
 * What field, header and path names mean on the web, by usage: HTML autocomplete tokens
 * (HTML standard section 4.10.18.7), OAuth parameter names (RFC 6749, 7636, OpenID Connect Core),
 * and the words frameworks and hand-written logins use. A name is taken apart into words first, so
 * that `userPassword`, `user_password` and `user[password]` are one.
 */

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

function wordsOf(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/[^A-Za-z\d]+/g, " ")
    .trim()
    .toLowerCase();
}

const PASSWORD =
  /\b(pass ?word|pass ?wd|passwort|pass ?phrase|pwd|psw|pswd|pw|pass|passw|kennwort|senha|contrasena|clave|mdp|motdepasse|parola|heslo|wachtwoord|losenord|salasana)\d?$/;
const NOT_LOGIN_PASSWORD =
  /\b(new|old|current|confirm|confirmation|repeat|again|verify|retype|reset)\b|\d$|\b2$/;

/** A password as a login asks for it; not the fields of a change or a registration. */
export function isPasswordName(name: string): boolean {
  const text = words(name);
  return (PASSWORD.test(text) || /password/.test(text)) && !isClientSecretName(name) &&
    !/\b(new|old|current|confirm|confirmation|repeat|again|retype|reset|policy|hint)\b/.test(text);
}

/** A field that only a change of password or a registration has. */
export function isPasswordChangeName(name: string): boolean {
  const text = words(name);
  return /pass|pwd/.test(text) && NOT_LOGIN_PASSWORD.test(text);
}

const IDENTIFIER =
  /\b(user ?name|user|user ?id|login|login ?id|log|email|e mail|mail|account|account ?name|identifier|ident|member ?id|phone|phone ?number|mobile|tel|uid|uname|usr|nickname|benutzer(name)?|utilisateur|usuario|correo)\b/;

/** Who logs in. */
export function isIdentifierName(name: string): boolean {
  const text = words(name);
  return IDENTIFIER.test(text) &&
    !/\b(agent|type|token|csrf|redirect|url|pool|client|method|btn|button|submit)\b/.test(text);
}

const ONE_TIME =
  /\b(otp|totp|mfa|tfa|2fa|pin|passcode|one ?time( ?password)?|verification|sms|authenticator|second ?factor|code|token)\d?$/;

/** A code from a message or an authenticator: by name and look (4–10 characters, mostly digits). */
export function isOneTimeCode(name: string, value: string): boolean {
  return ONE_TIME.test(words(name)) &&
    !/\b(zip|post|postal|country|area|client|error)\b/.test(words(name)) &&
    (/^\d[\d -]{2,9}\d$/.test(value) || /^[A-Z0-9]{5,8}$/.test(value) && /\d.*\d/.test(value));
}

/** An OAuth client's own secret or id: a constant of the client, not of the user. */
export function isClientSecretName(name: string): boolean {
  return /\b(client|app|application|consumer) ?(secret|key|id|password)\b/.test(words(name));
}

const CREDENTIAL =
  /\b(token|access|auth|authorization|authenticate|session|sid|sess|jwt|bearer|csrf|xsrf|nonce|api ?key|ticket|credential|signature|sessionid|authtoken|accesstoken|apikey|key)\b/;

/** A name under which credentials travel. */
export function isCredentialName(name: string): boolean {
  return CREDENTIAL.test(words(name)) || /token|session|csrf|xsrf/i.test(name);
}

/** A static key a person is given once: `X-Api-Key`, `apikey`, `Ocp-Apim-Subscription-Key`. */
export function isApiKeyName(name: string): boolean {
  return /\b(api ?(key|token)|apikey|access ?key|subscription ?key|app ?key|auth ?key|key)\b/.test(
    words(name),
  );
}

/** A value the client makes up and the session may be bound to. */
export function isClientMadeName(name: string): boolean {
  return /\b(state|nonce|device|install(ation)?|fingerprint|request|trace|correlation|visitor|browser|machine|instance|challenge|verifier|idempotency|uuid|guid|cnonce|session|client (uuid|nonce|session))\b/
    .test(words(name)) || /^(deviceid|uuid|guid|udid|installid)$/i.test(name);
}

/** A moment: `timestamp`, `ts`, `_`, `time`. */
export function isTimestampName(name: string): boolean {
  return name === "_" || name === "t" ||
    /\b(ts|time|timestamp|date|now|at|expires|iat|stamp)\b/.test(words(name));
}

/** A signature over the request. */
export function isSignatureName(name: string): boolean {
  return /\b(sig|sign|signature|hmac|mac|digest|checksum)\b/.test(words(name));
}

export function isRefreshName(name: string): boolean {
  return /refresh|\brenew(al)?\b/.test(words(name));
}

/** Words in a URL's path or last host label that mean authentication. */
const LOGIN_PATH =
  /\b(log ?in|sign ?in|log ?on|sign ?on|auth|authn|authenticate|authentication|authorize|oauth2?|sso|saml2?|session|sessions|token|identity|idp|acs|otp|verify|mfa|challenge|password ?less|magic|account)\b/;

export function isLoginPath(pathAndQuery: string): boolean {
  return LOGIN_PATH.test(words(pathAndQuery));
}

/** The last segment says what an endpoint does: `/oauth/token` logs in, `/auth/group/add` does not. */
export function isLoginEndpoint(path: string): boolean {
  const last = path.split("/").findLast((segment) => segment !== "") ?? "";
  return LOGIN_PATH.test(words(last)) ||
    /\b(callback|refresh|renew|csrf|xsrf|exchange|continue)\b/.test(words(last));
}

export function isRegistrationPath(path: string): boolean {
  return /\b(register|registration|sign ?up|signup|create ?account|join)\b/.test(words(path));
}

export function isLogoutPath(path: string): boolean {
  return /\b(log ?out|sign ?out|log ?off|revoke|end ?session)\b/.test(words(path));
}

/** The step that makes a server send a code or a link. */
export function isCodeSendingPath(path: string): boolean {
  return /\b(otp|sms|send|resend|request|code|codes|challenge|start|magic|link|passwordless|email|mfa|2fa|initiate|begin)\b/
    .test(words(path)) || isLoginPath(path);
}

/** Headers every client sends by itself, or that say nothing about who calls. Lower case. */
const ORDINARY_HEADERS = new Set(
  ("host connection content-length content-type accept accept-encoding accept-language accept-charset " +
    "user-agent referer origin cookie cache-control pragma upgrade-insecure-requests dnt te priority " +
    "if-none-match if-modified-since if-match if-unmodified-since range keep-alive transfer-encoding " +
    "expect save-data purpose x-purpose x-moz upgrade sec-gpc via forwarded x-forwarded-for " +
    "x-forwarded-proto x-forwarded-host x-real-ip proxy-connection device-memory viewport-width " +
    "width dpr rtt downlink ect date traceparent tracestate baggage sentry-trace x-client-data " +
    "access-control-request-method access-control-request-headers depth destination overwrite timeout")
    .split(" "),
);

/** True for a header that is no part of the web's ordinary traffic: a client may need to send it. */
export function isOwnHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return !ORDINARY_HEADERS.has(lower) && !lower.startsWith("sec-") && !lower.startsWith(":");
}

/** Cookies of analytics and load balancers: no login depends on their value. */
const BYSTANDER_COOKIE =
  /^(_(ga|gid|gat|gcl)(?![a-z])|_fbp|_fbc|__utm|_hj|ajs_|amplitude|mp_|optimizely|intercom|_clck|_clsk|__hs|hubspot|_pk_|awsalb|awselb|bigipserver|incap_ses|visid_incap|__cf|cf_clearance|_uet|cookieconsent|optanon|rl_)/i;

export function isBystanderCookie(name: string): boolean {
  return BYSTANDER_COOKIE.test(name);
}
