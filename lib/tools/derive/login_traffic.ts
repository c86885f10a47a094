/** Requests that belong to logging in and out: no tool is made of them. */
import { isRecord, type JsonValue } from "../../base/json.ts";
import {
  isIdentifierName,
  isLogoutPath,
  isPasswordChangeName,
  isPasswordName,
} from "../../correlate/field_names.ts";
import type { ParsedBody } from "../../http/body.ts";

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
    /\/(logout|log-out|logoff|signout|sign-out)(\.\w+)?\/?$/i.test(url.pathname) ||
    /\/\.well-known\/|\/oauth2?\/(?:.*\/)?(authorize|token|revoke|introspect)$/i.test(url.pathname);
}

/** Who logged in, as the body of a request that hands over a password says. */
export function identifiersIn(body: ParsedBody): string[] {
  const fields = textFields(body);
  if (!fields.some(([name]) => isPasswordName(name))) return [];
  return fields.filter(([name, value]) => isIdentifierName(name) && value.length > 2)
    .map(([, value]) => value);
}

function textFields(body: ParsedBody): [name: string, value: string][] {
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
