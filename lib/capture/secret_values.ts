/** Credentials inside an exchange: which values are secret, and the exchange with them masked. */
import { isRecord, type JsonValue } from "../base/json.ts";
import { bareCredential, basicPair, splitScheme } from "../http/auth_scheme.ts";
import { parseBody } from "../http/body.ts";
import { parseCookieHeader, parseSetCookie } from "../http/cookies.ts";
import type { Exchange, HeaderList } from "../http/exchange.ts";
import { parseUrl } from "../http/url.ts";
import { isSecretName } from "../http/vocabulary.ts";

/** Shortest value masked wherever it occurs, in characters; shorter ones occur by chance. */
const MIN_SHARED_LENGTH = 8;
/** Levels of a JSON body that are searched. */
const MAX_JSON_DEPTH = 12;

/** The values of an exchange that are to be masked wherever they occur. */
export function secretValues({ request, response }: Exchange): string[] {
  const values = [
    ...headerSecrets(request.headers),
    ...headerSecrets(response?.headers ?? []),
    ...urlSecrets(request.url),
    ...bodySecrets(request.headers, request.body),
    ...bodySecrets(response?.headers ?? [], response?.body ?? null),
  ];
  return values.filter((value) => value.length >= MIN_SHARED_LENGTH);
}

function headerSecrets(headers: HeaderList): string[] {
  return headers.flatMap(([name, value]) => {
    switch (name.toLowerCase()) {
      case "cookie":
        return parseCookieHeader(value).map(([, cookie]) => cookie);
      case "set-cookie":
        return [parseSetCookie(value)?.value ?? ""];
      case "authorization":
      case "proxy-authorization":
        return authorizationSecrets(value);
      case "location":
        return urlSecrets(value);
      default:
        return isSecretName(name) ? [value] : [];
    }
  });
}

/** What follows the scheme, and the password inside of Basic (RFC 7617 section 2). */
function authorizationSecrets(value: string): string[] {
  const password = basicPair(value)?.password;
  const secrets = [splitScheme(value).credentials, bareCredential(value)];
  return [...new Set(password === undefined ? secrets : [...secrets, password])];
}

function urlSecrets(text: string): string[] {
  const url = parseUrl(text, "http://relative.invalid/");
  if (url === null) return [];
  const pairs = [...url.searchParams, ...new URLSearchParams(url.hash.slice(1))];
  return [url.password, ...pairs.filter(([name]) => isSecretName(name)).map(([, value]) => value)];
}

function bodySecrets(headers: HeaderList, bytes: Uint8Array | null): string[] {
  const body = parseBody(headers, bytes);
  switch (body.kind) {
    case "form":
      return body.fields.filter(([name]) => isSecretName(name)).map(([, value]) => value);
    case "multipart":
      return body.parts.filter((part) => isSecretName(part.name)).map((part) => part.value);
    case "json":
      return jsonSecrets(body.value);
    default:
      return [];
  }
}

function jsonSecrets(value: JsonValue, depth = MAX_JSON_DEPTH): string[] {
  if (depth === 0) return [];
  if (Array.isArray(value)) return value.flatMap((item: JsonValue) => jsonSecrets(item, depth - 1));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, child]) => {
    if (typeof child === "string") return isSecretName(name) ? [child] : [];
    return jsonSecrets(child as JsonValue, depth - 1);
  });
}
