/** Requests that belong to logging in and out: no tool is made of them. */
import { isRecord, type JsonValue } from "../../base/json.ts";
import {
  isIdentifierName,
  isLogoutEndpoint,
  isLogoutPath,
  isPasswordChangeName,
  isPasswordName,
} from "../../http/vocabulary.ts";
import { authParams, basicPair, hasScheme } from "../../http/auth_scheme.ts";
import type { ParsedBody } from "../../http/body.ts";
import { headerValues } from "../../http/headers.ts";
import type { Sample } from "./sample.ts";

/** Levels of a JSON body that are searched for fields. */
const MAX_DEPTH = 4;

/**
 * True for a request that hands over a password (a login, a registration, a change of password) or
 * speaks OAuth to a token endpoint, and for one that ends the session.
 */
export function isLoginRequest(url: URL, method: string, body: ParsedBody): boolean {
  const names = textFields(body).map(([name]) => name);
  return names.some((name) => isPasswordName(name) || isPasswordChangeName(name)) ||
    names.some((name) => /^(grant_?type|refresh_?token|code_?verifier)$/i.test(name)) ||
    (method !== "GET" && isLogoutPath(url.pathname)) ||
    isLogoutEndpoint(url.pathname) ||
    /\/\.well-known\/|\/oauth2?\/(?:.*\/)?(authorize|token|revoke|introspect)$/i.test(url.pathname);
}

/** Who logged in, as a request says that hands over a password, in its body or as Basic or Digest. */
export function identifiersIn({ body, trace }: Pick<Sample, "body" | "trace">): string[] {
  const names = headerValues(trace.request.headers, "authorization").flatMap(schemeUser);
  const fields = textFields(body);
  if (fields.some(([name]) => isPasswordName(name))) {
    names.push(...fields.filter(([name]) => isIdentifierName(name)).map(([, value]) => value));
  }
  return names.filter((name) => name.length > 2);
}

/** The user of HTTP Basic (RFC 7617) and Digest (RFC 7616). */
function schemeUser(authorization: string): string[] {
  const user = basicPair(authorization)?.user ??
    (hasScheme(authorization, "digest") ? authParams(authorization).username : undefined);
  return user === undefined ? [] : [user];
}

/** The fields of a body that hold a text, in JSON at any level. */
export function textFields(body: ParsedBody): [name: string, value: string][] {
  switch (body.kind) {
    case "form":
      return body.fields.map(([name, value]) => [name, value]);
    case "multipart":
      return body.parts.map(({ name, value }) => [name, value]);
    case "json":
      return jsonFields(body.value, "", MAX_DEPTH);
    default:
      return [];
  }
}

function jsonFields(value: JsonValue, name: string, depth: number): [string, string][] {
  if (typeof value === "string") return [[name, value]];
  if (depth === 0) return [];
  if (Array.isArray(value)) {
    return value.flatMap((item: JsonValue) => jsonFields(item, name, depth - 1));
  }
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    jsonFields(member as JsonValue, key, depth - 1)
  );
}
