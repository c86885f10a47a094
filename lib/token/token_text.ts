/**
 * Credentials as a person has them at hand, read into the parts of a token: a bare token, header lines
 * copied from a browser, or a JSON object. Pure. Errors never quote what was given.
 */
import { AppError } from "../base/error.ts";
import { isRecord, type JsonValue, parseJson } from "../base/json.ts";
import { splitKnownScheme } from "../http/auth_scheme.ts";
import { formatCookies } from "../http/cookie_jar.ts";
import { isHeaderName, isHeaderValue } from "./validate_token.ts";

export interface TokenParts {
  readonly headers: Readonly<Record<string, string>>;
  readonly body_params: Readonly<Record<string, JsonValue>>;
  readonly query_params: Readonly<Record<string, string>>;
  readonly refresh_token: string | null;
  /** Seconds from now; `null` when unknown. */
  readonly expires_in: number | null;
}

/** Parts as options or members name them, each value by itself. */
export interface GivenParts {
  /** `Name: value`, the space optional. */
  readonly headers?: readonly string[];
  /** `name=value`. */
  readonly cookies?: readonly string[];
  /** `name=value`; the name may be a dotted path. */
  readonly bodyParams?: readonly string[];
  /** `name=value`. */
  readonly queryParams?: readonly string[];
  readonly refreshToken?: string;
  /** Seconds from now. */
  readonly expiresInSec?: number;
}

/** @throws {AppError} `BAD_INPUT` for a malformed part. */
export function partsFromGiven(given: GivenParts): TokenParts {
  const headers = new Map<string, [name: string, value: string]>();
  for (const line of given.headers ?? []) setHeader(headers, headerOf(line));
  const cookies = (given.cookies ?? []).map((pair) => pairOf(pair, "cookie"));
  if (cookies.length > 0) setHeader(headers, ["Cookie", formatCookies(cookies)]);
  return {
    headers: Object.fromEntries(headers.values()),
    body_params: Object.fromEntries((given.bodyParams ?? []).map((pair) => pairOf(pair, "body"))),
    query_params: Object.fromEntries(
      (given.queryParams ?? []).map((pair) => pairOf(pair, "query")),
    ),
    refresh_token: given.refreshToken || null,
    expires_in: given.expiresInSec ?? null,
  };
}

/**
 * A JSON object with any of `headers`, `cookies`, `body_params`, `query_params`, `refresh_token`, `expires_in`
 * and `token`; else header lines; else one bare token, with or without its scheme.
 *
 * @throws {AppError} `BAD_INPUT`.
 */
export function partsFromText(text: string): TokenParts {
  const trimmed = text.trim();
  if (trimmed === "") throw badInput("nothing was given");
  if (trimmed.startsWith("{")) return partsFromJson(trimmed);
  const lines = trimmed.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "");
  if (lines.length === 1 && !HEADER_LINE.test(lines[0]!)) return partsFromToken(lines[0]!);
  return partsFromGiven({ headers: lines });
}

/** A bare token becomes a bearer token; one that names another scheme keeps it. */
export function partsFromToken(text: string): TokenParts {
  const value = text.trim().replace(/^Authorization\s*:\s*/i, "").replace(/^Bearer$/i, "");
  if (value === "") throw badInput("it is empty");
  const { scheme, credentials } = splitKnownScheme(value) ??
    { scheme: "bearer", credentials: value };
  const header = scheme === "bearer" ? `Bearer ${credentials}` : value;
  return partsFromGiven({ headers: [`Authorization: ${header}`] });
}

const HEADER_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*(.*)$/;

function partsFromJson(text: string): TokenParts {
  const value = parseJson(text);
  if (!isRecord(value)) throw badInput("it is not a valid JSON object");
  const { token, headers = {}, cookies = {}, refresh_token, expires_in, ...rest } = value;
  const { body_params = {}, query_params = {}, ...unknown } = rest;
  const stray = Object.keys(unknown)[0];
  if (stray !== undefined) throw badInput(`it has the unknown member "${stray}"`);
  const parts = partsFromGiven({
    headers: texts(headers, "headers").map(([name, header]) => `${name}: ${header}`),
    cookies: texts(cookies, "cookies").map(([name, cookie]) => `${name}=${cookie}`),
    queryParams: texts(query_params, "query_params").map(([name, param]) => `${name}=${param}`),
    ...(refresh_token === undefined ? {} : { refreshToken: textOf(refresh_token) }),
    ...(expires_in === undefined ? {} : { expiresInSec: secondsOf(expires_in) }),
  });
  if (!isRecord(body_params)) throw badInput(`"body_params" is not an object`);
  const bare = token === undefined ? {} : partsFromToken(textOf(token)).headers;
  return {
    ...parts,
    headers: { ...bare, ...parts.headers },
    body_params: body_params as Record<string, JsonValue>,
  };
}

function texts(value: unknown, member: string): [string, string][] {
  const entries = isRecord(value) ? Object.entries(value) : [];
  if (
    entries.every(([, text]) => typeof text === "string" && text.isWellFormed()) && isRecord(value)
  ) {
    return entries as [string, string][];
  }
  throw badInput(`"${member}" is not an object of texts`);
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  throw badInput("a token in it is not a text");
}

function secondsOf(value: unknown): number {
  const seconds = typeof value === "string" ? Number(value) : value;
  if (typeof seconds === "number" && seconds > 0 && Number.isFinite(seconds)) return seconds;
  throw badInput(`"expires_in" is not a number of seconds`);
}

function headerOf(line: string): [string, string] {
  const [, name = "", value = ""] = HEADER_LINE.exec(line.trim()) ?? [];
  if (isHeaderName(name) && isHeaderValue(value) && value !== "") return [name, value];
  throw badInput(
    name === "" ? "a header in it is not `Name: value`" : `header "${name}" is malformed`,
  );
}

/** The same header again replaces it; cookies are joined. */
function setHeader(headers: Map<string, [string, string]>, [name, value]: [string, string]): void {
  const key = name.toLowerCase();
  const known = headers.get(key);
  const joined = key === "cookie" && known !== undefined ? `${known[1]}; ${value}` : value;
  headers.set(key, [known?.[0] ?? name, joined]);
}

function pairOf(pair: string, what: string): [string, string] {
  const equals = pair.indexOf("=");
  const [name, value] = [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
  if (equals > 0 && name !== "" && (what !== "cookie" || /^[^;\s,]*$/.test(value))) {
    return [name, value];
  }
  throw badInput(`a ${what} value in it is not \`name=value\``);
}

function badInput(problem: string): AppError {
  return new AppError("BAD_INPUT", `Cannot read the credentials: ${problem}`, {
    hint:
      "Give a token, lines of `Name: value`, or a JSON object with headers, cookies, body_params, " +
      "query_params, refresh_token and expires_in",
  });
}
