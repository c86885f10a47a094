/** Marks of exchanges that look related to authentication. */
import type { JsonValue } from "../base/json.ts";
import { isRecord } from "../base/json.ts";
import { parseBody } from "../http/body.ts";
import type { AuthMark, Exchange, HttpRequest } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { parseUrl, pathSegments } from "../http/url.ts";

/** Whole words of a host, a path or a parameter name; `author` is not `auth`. */
const AUTH_WORDS = new Set(
  `
  login logon signin signon logout logoff signout signup register
  auth oauth oauth2 oidc openid sso saml saml2 jwks idp identity consent callback
  authorize authorise authorization authenticate authentication authn
  token tokens refresh revoke introspect userinfo whoami session sessions csrf xsrf
  password passwd passcode credential credentials
  otp totp mfa 2fa twofactor verify verification challenge passkey webauthn
`.trim().split(/\s+/),
);

/** Names of fields that carry a credential, without case and separators. */
const CREDENTIAL_FIELDS = new Set(
  `
  password passwd passwort pass pwd passphrase passcode pin secret clientsecret credential credentials
  otp totp onetimecode onetimepassword verificationcode mfacode twofactorcode authcode
  refreshtoken accesstoken idtoken authtoken sessiontoken apikey clientassertion assertion codeverifier
`.trim().split(/\s+/),
);

/** Names that count with anything before or after them: `user_password`, `login[password]`. */
const CREDENTIAL_PART = /passw(?:or)?d|passphrase|passcode/;
/** Levels of a JSON body that are searched for field names. */
const MAX_JSON_DEPTH = 6;

export function authMarks(exchange: Exchange): AuthMark[] {
  const { request, response } = exchange;
  const marks: AuthMark[] = [];
  if (hasAuthWord(request.url)) marks.push("url-keyword");
  if (headerValue(request.headers, "authorization") !== undefined) {
    marks.push("authorization-header");
  }
  if (response?.status === 401) marks.push("status-401");
  if (response?.status === 403) marks.push("status-403");
  if (hasCredentialField(request)) marks.push("credential-field");
  return marks;
}

/** True when the request's body has a field whose name says it carries a credential. */
function hasCredentialField(request: HttpRequest): boolean {
  const body = parseBody(request.headers, request.body);
  switch (body.kind) {
    case "form":
      return body.fields.some(([name]) => isCredentialName(name));
    case "multipart":
      return body.parts.some((part) => isCredentialName(part.name));
    case "json":
      return hasCredentialKey(body.value, MAX_JSON_DEPTH);
    default:
      return false;
  }
}

/** The words of the host's labels, the path's segments and the query's names. */
function hasAuthWord(text: string): boolean {
  const url = parseUrl(text);
  if (url === null) return false;
  const parts = [
    ...url.hostname.split("."),
    ...pathSegments(url),
    ...url.searchParams.keys(),
  ];
  return parts.some((part) => wordsOf(part).some((word) => AUTH_WORDS.has(word)));
}

/** `userSign-in.do` is `user`, `sign`, `in`, `do`, and the pairs `usersign`, `signin`, `indo`. */
function wordsOf(part: string): string[] {
  const spaced = part.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
  const words = spaced.split(/[^a-z0-9]+/).filter((word) => word !== "");
  return [...words, ...words.slice(1).map((word, index) => words[index] + word)];
}

function hasCredentialKey(value: JsonValue, depth: number): boolean {
  if (depth === 0) return false;
  if (Array.isArray(value)) {
    return value.some((item: JsonValue) => hasCredentialKey(item, depth - 1));
  }
  if (!isRecord(value)) return false;
  return Object.entries(value).some(([key, child]) =>
    isCredentialName(key) || hasCredentialKey(child as JsonValue, depth - 1)
  );
}

function isCredentialName(name: string): boolean {
  const words = name.toLowerCase().split(/[^a-z0-9]+/).filter((word) => word !== "");
  const whole = words.join("");
  return CREDENTIAL_PART.test(whole) || CREDENTIAL_FIELDS.has(whole) ||
    CREDENTIAL_FIELDS.has(words.at(-1) ?? "");
}
