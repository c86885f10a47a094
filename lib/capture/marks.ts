/** Marks of exchanges that look related to authentication. */
import type { JsonValue } from "../base/json.ts";
import { isRecord } from "../base/json.ts";
import { parseBody } from "../http/body.ts";
import type { AuthMark, Exchange, HttpRequest } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { parseUrl, pathSegments } from "../http/url.ts";
import {
  isAboutLogin,
  isAntiForgeryName,
  isPasswordChangeName,
  isPasswordName,
  isSecretName,
} from "../http/vocabulary.ts";

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
      return body.fields.some(([name]) => isCredentialField(name));
    case "multipart":
      return body.parts.some((part) => isCredentialField(part.name));
    case "json":
      return hasCredentialKey(body.value, MAX_JSON_DEPTH);
    default:
      return false;
  }
}

/** By the host's labels, the path and the query's names; `author` is not `auth`. */
function hasAuthWord(text: string): boolean {
  const url = parseUrl(text);
  if (url === null) return false;
  const parts = [url.hostname, ...pathSegments(url), ...url.searchParams.keys()];
  return parts.some(isAboutLogin);
}

function hasCredentialKey(value: JsonValue, depth: number): boolean {
  if (depth === 0) return false;
  if (Array.isArray(value)) {
    return value.some((item: JsonValue) => hasCredentialKey(item, depth - 1));
  }
  if (!isRecord(value)) return false;
  return Object.entries(value).some(([key, child]) =>
    isCredentialField(key) || hasCredentialKey(child as JsonValue, depth - 1)
  );
}

/** What a person types, or a client exchanges for a token (RFC 6749 sections 4 and 6). */
function isCredentialField(name: string): boolean {
  return isPasswordName(name) || isPasswordChangeName(name) ||
    isSecretName(name) && !isAntiForgeryName(name);
}
