/** Tool files: validated on the way in as anything that was edited by hand or came from elsewhere. */
import { isRecord, type JsonSchema, type JsonValue } from "../base/json.ts";
import {
  choiceField,
  field,
  isBoolean,
  isList,
  isListOf,
  isNullOr,
  isObject,
  isOrigin,
  isString,
  isTextPair,
  isTime,
  objectOf,
} from "../token/fields.ts";
import { isHeaderName, isHeaderValue } from "../token/validate_token.ts";
import { propertiesOf } from "./arguments.ts";
import type { CredentialCopy } from "./credential_places.ts";
import { pathParameters } from "./build_request.ts";
import type {
  ToolAnswer,
  ToolBody,
  ToolCredentials,
  ToolDefinition,
  ToolFetch,
  ToolField,
  ToolJson,
  ToolValue,
} from "./definition.ts";
import type { PageValue } from "./page_value.ts";

const MEMBERS = [
  "name",
  "description",
  "method",
  "origin",
  "path",
  "query",
  "headers",
  "body",
  "fetches",
  "destination",
  "user",
  "parameters",
  "requiresAuth",
  "credentials",
  "safe",
  "answer",
  "traces",
] as const satisfies readonly (keyof ToolDefinition)[];

/** Methods a tool may have: what a browser's script may send (Fetch standard, "forbidden method"). */
const METHOD = /^(?!CONNECT$|TRACE$|TRACK$)[A-Z][A-Z-]{0,19}$/;
const MAX_DEPTH = 64;

/** True for `[a-z0-9_]{1,64}`. */
export function isToolName(value: unknown): value is string {
  return isString(value) && /^[a-z0-9_]{1,64}$/.test(value);
}

/** @throws {TypeError} naming the member that is not as it should be. */
export function validateTool(value: unknown): ToolDefinition {
  const fields = objectOf(value, MEMBERS);
  const tool: ToolDefinition = {
    name: field(fields, "name", isToolName, "1 to 64 of a-z, 0-9 and _"),
    description: field(fields, "description", isString, "a text"),
    method: field(fields, "method", isMethod, "an HTTP method in upper case"),
    origin: field(fields, "origin", isOrigin, "an http or https origin"),
    path: field(fields, "path", isPath, 'a path that begins with "/", without query'),
    query: fieldList(fields["query"], "query"),
    headers: field(fields, "headers", isHeaderList, "a list of header names and values"),
    body: fields["body"] === null ? null : validateBody(fields["body"]),
    ...(fields["fetches"] === undefined
      ? {}
      : { fetches: field(fields, "fetches", isList, "a list").map(validateFetch) }),
    ...(fields["destination"] === undefined
      ? {}
      : { destination: field(fields, "destination", isString, "a text") }),
    ...(fields["user"] === undefined ? {} : { user: field(fields, "user", isString, "a text") }),
    parameters: field(fields, "parameters", isObject, "a JSON Schema") as JsonSchema,
    requiresAuth: field(fields, "requiresAuth", isBoolean, "true or false"),
    credentials: fields["credentials"] === null ? null : validateCredentials(fields["credentials"]),
    safe: field(fields, "safe", isBoolean, "true or false"),
    answer: fields["answer"] === null ? null : validateAnswer(fields["answer"]),
    traces: field(fields, "traces", isListOf(isString), "a list of trace ids"),
  };
  checkParameters(tool);
  return tool;
}

/** Every argument the request asks for must be declared: an undeclared one could never be given. */
function checkParameters(tool: ToolDefinition): void {
  const declared = propertiesOf(tool.parameters);
  const used = [
    ...pathParameters(tool.path),
    ...tool.query.flatMap(([, value]) => parametersOf(value)),
    ...bodyParameters(tool.body),
    ...(tool.destination === undefined ? [] : [tool.destination]),
  ];
  const missing = used.find((name) => !Object.hasOwn(declared, name));
  if (missing !== undefined) throw new TypeError(`"parameters" does not declare "${missing}"`);
}

function bodyParameters(body: ToolBody | null): string[] {
  if (body === null) return [];
  if (body.kind === "text") return parametersOf(body.value);
  return body.kind === "json"
    ? parametersOf(body.template)
    : body.fields.flatMap(([, value]) => parametersOf(value));
}

function parametersOf(value: ToolValue | ToolJson): string[] {
  switch (value.kind) {
    case "param":
      return [value.param];
    case "constant":
    case "fetched":
      return [];
    case "json-text":
      return parametersOf(value.template);
    case "object":
      return value.entries.flatMap(([, entry]) => parametersOf(entry));
    case "array":
      return value.items.flatMap(parametersOf);
  }
}

function isMethod(value: unknown): value is string {
  return isString(value) && METHOD.test(value);
}

/** Spaces and controls would end the request line; `?` and `#` the path. */
function isPath(value: unknown): value is string {
  return isString(value) && /^\/[^?#\\\s]*$/.test(value) &&
    !value.split("/").some((segment) => /^(\.|%2e){1,2}$/i.test(segment));
}

function isPair(value: unknown): value is [string, unknown] {
  return Array.isArray(value) && value.length === 2 && isString(value[0]);
}

function isHeaderList(value: unknown): value is [string, string][] {
  return isListOf(isPair)(value) &&
    value.every(([name, text]) => isHeaderName(name) && isHeaderValue(text));
}

function fieldList(value: unknown, name: string): ToolField[] {
  if (!isListOf(isPair)(value)) throw new TypeError(`"${name}" is not a list of names and values`);
  return value.map(([key, entry]) => [key, validateValue(entry, name)]);
}

function validateValue(value: unknown, where: string): ToolValue {
  if (isRecord(value) && value["kind"] === "json-text") {
    const { template } = objectOf(value, ["kind", "template"], `an entry of "${where}"`);
    return { kind: "json-text", template: validateJson(template, where, 0) };
  }
  const json = validateJson(value, where, 0);
  if (json.kind === "param" || json.kind === "constant" || json.kind === "fetched") return json;
  throw new TypeError(`an entry of "${where}" has the kind "${json.kind}"`);
}

function validateJson(value: unknown, where: string, depth: number): ToolJson {
  const what = `an entry of "${where}"`;
  if (depth > MAX_DEPTH) throw new TypeError(`${what} is nested too deeply`);
  const fields = objectOf(value, ["kind", "param", "fetch", "value", "entries", "items"], what);
  switch (choiceField(fields, "kind", ["param", "fetched", "constant", "object", "array"])) {
    case "fetched":
      return { kind: "fetched", fetch: field(fields, "fetch", isString, "a text") };
    case "param":
      return { kind: "param", param: field(fields, "param", isString, "a text") };
    case "constant":
      if (!("value" in fields)) throw new TypeError(`${what} has no "value"`);
      return { kind: "constant", value: fields["value"] as JsonValue };
    case "object":
      return {
        kind: "object",
        entries: field(fields, "entries", isListOf(isPair), "a list of names and values")
          .map(([name, entry]) => [name, validateJson(entry, where, depth + 1)]),
      };
    case "array":
      return {
        kind: "array",
        items: field(fields, "items", isList, "a list")
          .map((item) => validateJson(item, where, depth + 1)),
      };
  }
}

function validateBody(value: unknown): ToolBody {
  const fields = objectOf(value, ["kind", "template", "fields", "value"], `"body"`);
  const kind = choiceField(fields, "kind", ["json", "form", "multipart", "text"]);
  if (kind === "text") {
    const text = validateJson(fields["value"], "body", 0);
    if (text.kind === "param" || text.kind === "constant" || text.kind === "fetched") {
      return { kind, value: text };
    }
    throw new TypeError(`"body" has a value of the kind "${text.kind}"`);
  }
  return kind === "json"
    ? { kind, template: validateJson(fields["template"], "body", 0) }
    : { kind, fields: fieldList(fields["fields"], "body") };
}

function validateFetch(value: unknown): ToolFetch {
  const fields = objectOf(
    value,
    ["name", "header", "path", "method", "query", "headers", "from"],
    `an entry of "fetches"`,
  );
  const header = field(fields, "header", isNullOr(isString), "a header name or null");
  if (header !== null && !isHeaderName(header)) {
    throw new TypeError(`"header" is not a header name`);
  }
  return {
    name: field(fields, "name", isString, "a text"),
    header,
    path: field(
      fields,
      "path",
      isNullOr(isPath),
      'null or a path that begins with "/", without query',
    ),
    ...(fields["method"] === undefined ? {} : { method: choiceField(fields, "method", ["HEAD"]) }),
    query: field(fields, "query", isListOf(isTextPair), "a list of names and values"),
    ...(fields["headers"] === undefined
      ? {}
      : { headers: field(fields, "headers", isHeaderList, "a list of header names and values") }),
    from: validatePlace(fields["from"]),
  };
}

function isPlace(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function validatePlace(value: unknown): PageValue {
  const fields = objectOf(value, ["kind", "name", "path", "decoded", "at"], `"from"`);
  const kind = choiceField(fields, "kind", ["input", "meta", "script", "json", "cookie", "header"]);
  if (kind === "json") {
    return { kind, path: field(fields, "path", isListOf(isString), "a list of names") };
  }
  const name = field(fields, "name", isString, "a text");
  if (kind === "input" && fields["at"] !== undefined) {
    return { kind, name, at: field(fields, "at", isPlace, "a whole number from 0") };
  }
  return kind === "cookie" && fields["decoded"] === true
    ? { kind, name, decoded: true }
    : { kind, name };
}

function validateCredentials(value: unknown): ToolCredentials {
  const fields = objectOf(value, ["query", "body", "copies"], `"credentials"`);
  const { copies } = fields;
  return {
    query: field(fields, "query", isListOf(isString), "a list of names"),
    body: field(fields, "body", isListOf(isString), "a list of names"),
    ...(copies === undefined
      ? {}
      : { copies: field(fields, "copies", isList, "a list").map(validateCopy) }),
  };
}

function validateCopy(value: unknown): CredentialCopy {
  const fields = objectOf(value, ["query", "from"], `an entry of "copies"`);
  const from = objectOf(fields["from"], ["kind", "name"], `"from"`);
  return {
    query: field(fields, "query", isString, "a text"),
    from: {
      kind: choiceField(from, "kind", ["header", "cookie"]),
      name: field(from, "name", isString, "a text"),
    },
  };
}

function validateAnswer(value: unknown): ToolAnswer {
  const fields = objectOf(value, ["status", "contentType", "schema"], `"answer"`);
  return {
    status: field(fields, "status", isTime, "an HTTP status"),
    contentType: field(fields, "contentType", isNullOr(isString), "a media type or null"),
    schema: field(fields, "schema", isNullOr(isObject), "a JSON Schema or null") as
      | JsonSchema
      | null,
  };
}
