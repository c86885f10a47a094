/** The request a tool makes of its arguments, before any credential is in it: pure. */
import { AppError } from "../base/error.ts";
import { type JsonValue, scalarText } from "../base/json.ts";
import type { HeaderList, HttpRequest } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { type Arguments, checkArguments } from "./arguments.ts";
import type { ToolBody, ToolDefinition, ToolField, ToolJson, ToolValue } from "./definition.ts";
import { encodeMultipart } from "./multipart.ts";

/**
 * The request with arguments checked, defaults filled in and everything encoded. An argument fills one
 * path segment, query value, form field or JSON leaf; absent optional ones are left out.
 *
 * @throws {AppError} `USAGE` naming the argument that is missing or not valid.
 */
export function buildAppRequest(
  tool: ToolDefinition,
  given: Readonly<Record<string, unknown>>,
  fetched: FetchedValues = new Map(),
): HttpRequest {
  const args = withFetched(checkArguments(tool.parameters, given), fetched);
  const query = fieldPairs(tool.query, args).map(([name, value]) =>
    `${encode(name, name)}=${encode(value, name)}`
  );
  const path = fillPath(tool.path, args);
  const body = tool.body === null ? null : encodeBody(tool.body, args);
  return {
    method: tool.method,
    url: tool.origin + path + (query.length === 0 ? "" : `?${query.join("&")}`),
    headers: withContentType(
      [...tool.headers, ...fetchedHeaders(tool, fetched), ...destinationHeader(tool, args)],
      body?.contentType,
    ),
    body: body?.bytes ?? null,
  };
}

/** An address of the tool's own origin: servers compare it with theirs (RFC 4918 section 9.9.4). */
function destinationHeader(
  { destination, origin }: ToolDefinition,
  args: Arguments,
): [string, string][] {
  const given = destination === undefined ? undefined : args[destination];
  if (destination === undefined || given === undefined || given === null) return [];
  const text = scalarText(given);
  const path = text.startsWith(`${origin}/`) ? text.slice(origin.length) : text;
  if (!path.startsWith("/") || path.startsWith("//")) {
    throw invalid(
      destination,
      `it must be a path from the root of ${origin}, such as /folder/name`,
    );
  }
  const segments = path.split("/").map((segment) => encode(segment, destination));
  if (segments.some((segment) => segment === "." || segment === "..")) {
    throw invalid(destination, "it cannot have dot segments");
  }
  return [["Destination", origin + segments.join("/")]];
}

/** What pages handed out for the request, by the names of the tool's fetches. */
export type FetchedValues = ReadonlyMap<string, string>;

/** No argument has a name with a blank in it. */
function fetchedName(fetch: string): string {
  return `fetched ${fetch}`;
}

function withFetched(args: Arguments, fetched: FetchedValues): Arguments {
  const entries = [...fetched].map(([name, value]) => [fetchedName(name), value] as const);
  return Object.assign(Object.create(null), args, Object.fromEntries(entries));
}

function fetchedHeaders(
  { fetches = [] }: ToolDefinition,
  fetched: FetchedValues,
): [string, string][] {
  return fetches.flatMap(({ name, header }): [string, string][] => {
    const value = fetched.get(name);
    return header === null || value === undefined ? [] : [[header, value]];
  });
}

/** `{id}` is one segment or a part of one, `{+path}` the rest of a path (RFC 6570 section 3.2.3). */
const EXPRESSION = /\{(\+?)([^{}/+][^{}/]*)\}/g;

/** The names of the arguments in a path template, in order. */
export function pathParameters(path: string): string[] {
  return [...path.matchAll(EXPRESSION)].map((match) => match[2]!);
}

/** The template with each name as `rename` has it. */
export function withPathNames(path: string, rename: (name: string) => string): string {
  return path.replace(EXPRESSION, (_, sign: string, name: string) => `{${sign}${rename(name)}}`);
}

export function fillPath(template: string, args: Arguments): string {
  return template.split("/").map((segment) => fillSegment(segment, args)).join("/");
}

function fillSegment(segment: string, args: Arguments): string {
  const names = pathParameters(segment);
  if (names.length === 0) return segment;
  const filled = segment.replace(EXPRESSION, (_, sign: string, name: string) => {
    const value = args[name];
    if (sign === "+") return restOf(value, name);
    if (value === undefined || value === null) throw invalid(name, "it is needed for the path");
    const text = scalarText(value);
    if (text === "") throw invalid(name, "it stands in the path and cannot be empty");
    return encode(text, name);
  });
  // The URL parser would take these as steps within the path, encoded or not.
  if (filled.split("/").some((part) => part === "." || part === "..")) {
    throw invalid(names[0]!, "it stands in the path and cannot be a dot segment");
  }
  return filled;
}

/** Its own slashes divide it; one at the start is that of the tree. */
function restOf(value: JsonValue | undefined, argument: string): string {
  const text = value === undefined || value === null ? "" : scalarText(value);
  return text.replace(/^\//, "").split("/").map((part) => encode(part, argument)).join("/");
}

/** Percent-encoded as a single path segment, query name or query value. */
function encode(text: string, argument: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    throw invalid(argument, "it is not a well-formed text");
  }
}

function invalid(argument: string, problem: string): AppError {
  return new AppError("USAGE", `The argument "${argument}" is not valid: ${problem}`, {
    details: { argument },
  });
}

/** The pairs of a query or form. An array is one pair per element, an object is JSON text. */
function fieldPairs(fields: readonly ToolField[], args: Arguments): [string, string][] {
  return fields.flatMap(([name, field]) =>
    fieldValues(field, args).map((value): [string, string] => [name, value])
  );
}

function fieldValues(field: ToolValue, args: Arguments): string[] {
  if (field.kind === "json-text") {
    const value = fillJson(field.template, args);
    return value === undefined ? [] : [JSON.stringify(value)];
  }
  const value = field.kind === "constant" ? field.value : args[argumentOf(field)];
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.map(scalarText) : [scalarText(value)];
}

function argumentOf(value: Extract<ToolValue, { kind: "param" | "fetched" }>): string {
  return value.kind === "param" ? value.param : fetchedName(value.fetch);
}

function encodeBody(body: ToolBody, args: Arguments): { bytes: Uint8Array; contentType: string } {
  const utf8 = new TextEncoder();
  switch (body.kind) {
    case "json": {
      const text = JSON.stringify(fillJson(body.template, args) ?? null);
      return { bytes: utf8.encode(text), contentType: "application/json" };
    }
    case "form": {
      const text = new URLSearchParams(fieldPairs(body.fields, args)).toString();
      return { bytes: utf8.encode(text), contentType: "application/x-www-form-urlencoded" };
    }
    case "text": {
      const value = fillJson(body.value, args) ?? "";
      return { bytes: utf8.encode(scalarText(value)), contentType: "text/plain;charset=UTF-8" };
    }
    case "multipart": {
      const fields = fieldPairs(body.fields, args);
      const boundary = freeBoundary(fields);
      return {
        bytes: encodeMultipart(fields, boundary),
        contentType: `multipart/form-data; boundary=${boundary}`,
      };
    }
  }
}

/** The template with arguments in place; `undefined` for an absent optional one. */
function fillJson(template: ToolJson, args: Arguments): JsonValue | undefined {
  switch (template.kind) {
    case "constant":
      return template.value;
    case "param":
    case "fetched":
      return args[argumentOf(template)];
    case "array":
      return template.items.map((item) => fillJson(item, args)).filter((item) =>
        item !== undefined
      );
    case "object": {
      const entries = template.entries.map(([name, entry]) => [name, fillJson(entry, args)]);
      return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
    }
  }
}

/** A boundary that occurs in no field (RFC 2046 section 5.1.1). */
function freeBoundary(fields: readonly (readonly [string, string])[]): string {
  for (let number = 1;; number++) {
    const boundary = `keysmith-boundary-${number}`;
    if (!fields.some((field) => field.join("").includes(boundary))) return boundary;
  }
}

/** The recorded content type stays where the body is of it; the boundary is always ours. */
function withContentType(
  headers: readonly (readonly [string, string])[],
  contentType: string | undefined,
): HeaderList {
  if (contentType === undefined) return headers;
  const recorded = headerValue(headers, "content-type");
  if (recorded !== undefined && !contentType.startsWith("multipart/")) return headers;
  const others = headers.filter(([name]) => name.toLowerCase() !== "content-type");
  return [...others, ["Content-Type", contentType]];
}
