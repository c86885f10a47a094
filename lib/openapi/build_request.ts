/**
 * The one builder of a service's requests, for the shell and for MCP: checked arguments in, a request
 * without credentials out. Arguments fill path, query, headers, cookies and body; the host and the
 * shape of the path are the document's and the configuration's alone.
 */
import { AppError } from "../base/error.ts";
import { isRecord, type JsonObject, type JsonValue, scalarText } from "../base/json.ts";
import type { HeaderList, HttpRequest } from "../http/exchange.ts";
import { chooseContent } from "./argument_schema.ts";
import type { BodyContent, Operation, Parameter } from "./operation.ts";
import {
  type Expression,
  mergedQuery,
  pairsOf,
  readExpression,
  splitTemplate,
  templateSegments,
} from "./path_template.ts";
import {
  cookiePairs,
  encodeText,
  encodeWide,
  headerText,
  isEmpty,
  pathText,
  queryPairs,
} from "./serialize.ts";
import { serializeBody } from "./serialize_body.ts";

export interface BuildOptions {
  /** Absolute, without a slash at the end of its path: `https://api.example.com/v2?tenant=7`. */
  readonly baseUrl: string;
  /** The body's media type, where the operation accepts several. */
  readonly contentType?: string | undefined;
}

export type ArgumentValues = { readonly [argument: string]: JsonValue };

/**
 * The request of an operation. Arguments that are absent are left out, `null` too unless it is the body.
 *
 * @throws {AppError} `USAGE` naming the argument that cannot be written where it belongs.
 */
export function buildRequest(
  operation: Operation,
  args: ArgumentValues,
  options: BuildOptions,
): HttpRequest {
  const given = operation.parameters.flatMap((parameter) => {
    const value = own(args, parameter.argument);
    return value === undefined || value === null ? [] : [{ parameter, value }];
  });
  const at = (place: Parameter["in"]) => given.filter(({ parameter }) => parameter.in === place);

  const { segments, pairs, accept } = constantsOf(operation);
  const inPath = new Map(at("path").map((one) => [one.parameter.name, one]));
  const fixed = pairs.map((pair) => fillText(pair, inPath).text);
  const query = [
    ...at("query").flatMap(({ parameter, value }) => queryPairsOf(parameter, value)),
    ...at("querystring").flatMap(({ parameter, value }) => wholeQuery(parameter, value)),
  ];
  const cookies = at("cookie").flatMap(({ parameter, value }) => cookiePairsOf(parameter, value));
  const body = bodyOf(operation, args, options);
  const headers: [string, string][] = [
    ["Accept", accept],
    ...at("header").filter(({ parameter, value }) =>
      parameter.mediaType !== null || !isEmpty(value)
    )
      .map(({ parameter, value }) => headerOf(parameter, value)),
    ...(cookies.length === 0 ? [] : [["Cookie", cookies.join("; ")] as [string, string]]),
    ...(body === null ? [] : [["Content-Type", body.contentType] as [string, string]]),
  ];
  return {
    method: operation.method,
    url: absoluteUrl(options.baseUrl, fillPath(segments, inPath), fixed, query),
    headers: headers as HeaderList,
    body: body?.bytes ?? null,
  };
}

/** Text that stays and names in braces, in turns: `["files/", "{id}", ""]`. */
type TemplateParts = readonly string[];

interface Constants {
  /** Of the path; one that holds no name is written already. */
  readonly segments: readonly (string | TemplateParts)[];
  /** Of a query that stands in the path. */
  readonly pairs: readonly TemplateParts[];
  readonly accept: string;
}

/** What every request of an operation has in common. */
const constants = new WeakMap<Operation, Constants>();

function constantsOf(operation: Operation): Constants {
  const known = constants.get(operation);
  if (known !== undefined) return known;
  const { path, pairs } = splitTemplate(operation.path);
  const made = {
    segments: templateSegments(path).map(partsOf)
      .map((parts) => parts.length === 1 ? encodeTemplate(parts[0]!) : parts),
    pairs: pairs.map(partsOf),
    accept: acceptHeader(operation.produces),
  };
  constants.set(operation, made);
  return made;
}

function partsOf(template: string): TemplateParts {
  return template.split(/(\{[^{}]+\})/);
}

interface Given {
  readonly parameter: Parameter;
  readonly value: JsonValue;
}

function own(args: ArgumentValues, name: string): JsonValue | undefined {
  return Object.hasOwn(args, name) ? args[name] : undefined;
}

function fillPath(
  segments: Constants["segments"],
  values: ReadonlyMap<string, Given>,
): string {
  return segments.map((segment) =>
    typeof segment === "string" ? segment : fillSegment(segment, values)
  ).join("/");
}

/** A value never becomes a segment that is empty or leads upwards, and another one only where the template says so. */
function fillSegment(segment: TemplateParts, values: ReadonlyMap<string, Given>): string {
  const { text, last } = fillText(segment, values);
  if (last === null) return text;
  if (text === "") throw unfit(last, "it must not be empty");
  if (text.split("/").some((part) => /^(?:\.|%2e){1,2}$/i.test(part))) {
    throw unfit(last, `"." and ".." cannot stand in a path`);
  }
  return text;
}

function fillText(
  template: TemplateParts,
  values: ReadonlyMap<string, Given>,
): { readonly text: string; readonly last: Parameter | null } {
  let last: Parameter | null = null;
  const parts = template.map((part, at) => {
    if (at % 2 === 0) return encodeTemplate(part);
    const expression = readExpression(part, (name) => values.has(name));
    const given = values.get(expression.name);
    if (given === undefined) return encodeTemplate(part);
    last = given.parameter;
    return expressionText(expression, given);
  });
  return { text: parts.join(""), last };
}

function expressionText(expression: Expression, { parameter, value }: Given): string {
  if (parameter.mediaType !== null) return encodeText(JSON.stringify(value));
  const { style, explode, isWide, isSegments, maxLength } = expression;
  const rules = style === null ? parameter : { ...parameter, style, explode };
  const short = maxLength === null || typeof value === "object"
    ? value
    : [...scalarText(value)].slice(0, maxLength).join("");
  if (isSegments) {
    const segments = Array.isArray(short) && explode ? short : [short];
    return segments.map((one) => `/${pathText(rules, one)}`).join("");
  }
  return isWide || rules.isWide ? pathText(rules, short, encodeWide) : pathText(rules, short);
}

/** Characters of the template itself that a URL cannot hold as they are. */
function encodeTemplate(text: string): string {
  return text.replace(/[{}\s]/g, (char) => encodeText(char));
}

function queryPairsOf(parameter: Parameter, value: JsonValue): string[] {
  if (parameter.mediaType === null) return queryPairs(parameter, value);
  return [`${encodeText(parameter.name)}=${encodeText(contentText(parameter, value))}`];
}

/** A parameter with `content` is written as that media type: JSON, or text where it says text. */
function contentText(parameter: Parameter, value: JsonValue): string {
  return parameter.mediaType?.startsWith("text/") ? scalarText(value) : JSON.stringify(value);
}

/** OpenAPI 3.2 `in: querystring`: one value is the whole query. */
function wholeQuery(parameter: Parameter, value: JsonValue): string[] {
  if (parameter.mediaType === "application/x-www-form-urlencoded" && isRecord(value)) {
    return Object.entries(value as JsonObject).flatMap(([name, item]) =>
      queryPairs({ ...parameter, name, style: "form", explode: true }, item)
    );
  }
  return [encodeText(contentText(parameter, value))];
}

function cookiePairsOf(parameter: Parameter, value: JsonValue): string[] {
  const pairs = parameter.mediaType === null
    ? cookiePairs(parameter, value)
    : [`${parameter.name}=${encodeText(contentText(parameter, value))}`];
  if (pairs.some((pair) => /[^!-~]|[";\\]/.test(pair))) {
    throw unfit(parameter, "it has characters that cannot stand in a cookie");
  }
  return pairs;
}

function headerOf(parameter: Parameter, value: JsonValue): [string, string] {
  const text = parameter.mediaType === null
    ? headerText(parameter, value)
    : contentText(parameter, value);
  if (/[^\t\x20-\x7e\x80-\xff]/.test(text)) {
    throw unfit(parameter, "it has characters that cannot stand in a header");
  }
  return [parameter.name, text.trim()];
}

function bodyOf(
  operation: Operation,
  args: ArgumentValues,
  options: BuildOptions,
): { contentType: string; bytes: Uint8Array } | null {
  const { body } = operation;
  const value = body === null ? undefined : own(args, body.argument);
  if (body === null || value === undefined) return null;
  return serializeBody(requireContent(operation, options.contentType), value, body.argument);
}

/** The content of a media type. @throws {AppError} `USAGE` naming the types that the operation takes. */
export function requireContent(
  { tool, body }: Operation,
  contentType: string | undefined,
): BodyContent {
  const content = body === null ? null : chooseContent(body, { contentType });
  if (content !== null) return content;
  throw new AppError("USAGE", `"${tool}" takes no body of "${contentType}"`, {
    hint: body === null
      ? "It takes no body"
      : `It takes: ${body.contents.map(({ mediaType }) => mediaType).join(", ")}`,
  });
}

/** JSON first where the operation has it; otherwise what it declares, otherwise anything. */
function acceptHeader(produces: readonly string[]): string {
  const types = produces.filter((type) => /^[\w.+*-]+\/[\w.+*-]+/.test(type));
  const json = types.find((type) => /[/+]json\b/.test(type));
  if (json !== undefined) return `${json}, */*;q=0.5`;
  return types.length === 0 ? "application/json, */*;q=0.5" : `${types[0]}, */*;q=0.5`;
}

/** A query of the server itself goes with every request. */
function absoluteUrl(baseUrl: string, path: string, ...queries: readonly string[][]): string {
  const [base = "", ownQuery = ""] = baseUrl.split("?");
  const query = mergedQuery(pairsOf(ownQuery), ...queries);
  const url = new URL(`${base}${path}${query === "" ? "" : `?${query}`}`);
  const written = base.slice(base.indexOf("//") + 2) + path;
  if (url.pathname.split("/").length !== written.split("/").length) {
    throw new AppError("USAGE", `The path "${path}" leads out of itself`, { details: { path } });
  }
  return url.href;
}

function unfit(parameter: Parameter, problem: string): AppError {
  return new AppError("USAGE", `The argument "${parameter.argument}" is not valid: ${problem}`, {
    details: { argument: parameter.argument },
  });
}
