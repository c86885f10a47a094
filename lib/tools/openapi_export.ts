/**
 * A description of a captured app in OpenAPI, made of its tools: 3.1, which every reader knows, unless one of
 * them needs what came with 3.2: methods beyond the eight, or an answer that is a sequence of items.
 */
import { isRecord, type JsonObject, type JsonValue } from "../base/json.ts";
import { isStreamType } from "../http/event_stream.ts";
import { withDistinctNames } from "./distinct_names.ts";
import { propertiesOf, requiredOf } from "./arguments.ts";
import { pathParameters } from "./build_request.ts";
import type { ToolDefinition, ToolField, ToolJson, ToolValue } from "./definition.ts";
import type { CredentialSpots } from "./derive/credential_spots.ts";

export interface DescribedApp {
  readonly name: string;
  readonly displayName: string;
  readonly tools: readonly ToolDefinition[];
  readonly credentials: CredentialSpots;
  /** `bearer`, `basic`, `digest`: how recorded `Authorization` headers begin; `null` when they are no such scheme. */
  readonly authorizationScheme: string | null;
}

type Mutable = { [key: string]: JsonValue };

export type ExportVersion = "3.1" | "3.2";

/** The version that has a place for every tool. */
export function neededVersion(tools: readonly ToolDefinition[]): ExportVersion {
  const isPlain = (tool: ToolDefinition) =>
    isDescribable(tool) && !isStreamType(tool.answer?.contentType ?? "");
  return tools.every(isPlain) ? "3.1" : "3.2";
}

/** The document. Operations that share method and path are told apart by a fragment, as is customary. */
export function openApiOf(
  app: DescribedApp,
  version: ExportVersion = neededVersion(app.tools),
): JsonObject {
  const origins = [...new Set(app.tools.map(({ origin }) => origin))];
  const schemes = securitySchemes(app);
  const paths: { [path: string]: Mutable } = {};
  for (const described of app.tools.map(withDistinctNames)) {
    const tool = withPlainPath(described);
    const isTaken = has(paths[tool.path], tool.method) || isOnOtherOrigin(paths, tool);
    const path = isTaken ? `${tool.path}#${tool.name}` : tool.path;
    const item = paths[path] ??= { servers: [{ url: tool.origin }] };
    const rest = Object.fromEntries(
      restNames(described).map((name) => [name, restOfPath(version)]),
    );
    const operation = operationOf(tool, Object.keys(schemes), rest);
    const key = tool.method.toLowerCase();
    if (isDescribable(tool) || key === "query") item[key] = operation;
    else item[ADDITIONAL] = { ...item[ADDITIONAL] as JsonObject, [tool.method]: operation };
  }
  return {
    openapi: version === "3.1" ? "3.1.1" : "3.2.0",
    info: {
      title: app.displayName,
      version: "1",
      description:
        `Derived from recorded traffic of "${app.name}". Paths, parameters and answers are those ` +
        "that were seen; there may be more.",
    },
    servers: origins.map((url) => ({ url })),
    paths,
    components: { securitySchemes: schemes },
  };
}

/** OpenAPI has no expression for the rest of a path: see `restOfPath`. */
function withPlainPath(tool: ToolDefinition): ToolDefinition {
  return { ...tool, path: tool.path.replaceAll("{+", "{") };
}

/**
 * A value with slashes of its own. OpenAPI would have them escaped (3.1 section 4.8.8.2); the extension is AutoRest's,
 * which several generators know, and 3.2 says the same of all other reserved characters (section 4.12.1).
 */
function restOfPath(version: ExportVersion): JsonObject {
  return {
    ...(version === "3.1" ? {} : { allowReserved: true }),
    "x-ms-skip-url-encoding": true,
  };
}

/** The names in a path that stand for the rest of it. */
function restNames({ path }: ToolDefinition): string[] {
  return [...path.matchAll(/\{\+([^{}]+)\}/g)].map(([, name]) => name!);
}

/** Where a path item has methods of other names (OpenAPI 3.2 section 4.9.1). */
const ADDITIONAL = "additionalOperations";

function has(item: Mutable | undefined, method: string): boolean {
  const others = item?.[ADDITIONAL];
  return item?.[method.toLowerCase()] !== undefined ||
    isRecord(others) && others[method] !== undefined;
}

/** Methods the path item object knows (OpenAPI 3.1 section 4.8.9.1). */
export function isDescribable({ method }: ToolDefinition): boolean {
  return ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"].includes(method);
}

function isOnOtherOrigin(paths: { [path: string]: Mutable }, tool: ToolDefinition): boolean {
  const servers = paths[tool.path]?.["servers"];
  return servers !== undefined &&
    JSON.stringify(servers) !== JSON.stringify([{ url: tool.origin }]);
}

/** `rest`: what is said of parameters for the rest of a path, by name. */
function operationOf(
  tool: ToolDefinition,
  schemes: readonly string[],
  rest: Readonly<Record<string, JsonObject>>,
): JsonObject {
  const body = bodySchema(tool);
  const parameters = [
    ...pathParameters(tool.path).map((name) => ({
      ...parameter(tool, name, name, "path"),
      ...rest[name],
    })),
    ...tool.query.flatMap((field) => queryParameter(tool, field)),
    ...(tool.destination === undefined
      ? []
      : [parameter(tool, tool.destination, "Destination", "header")]),
  ];
  const own = schemes.filter((name) =>
    !name.startsWith("query_") || (tool.credentials?.query.includes(name.slice(6)) ?? true)
  );
  return {
    operationId: tool.name,
    description: tool.description,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === null ? {} : { requestBody: { required: needsBody(tool), content: body } }),
    responses: { [String(tool.answer?.status ?? 200)]: responseOf(tool) },
    security: tool.requiresAuth && own.length > 0
      ? [Object.fromEntries(own.map((name) => [name, []]))]
      : [],
    ...(tool.credentials === null || tool.credentials.body.length === 0
      ? {}
      : { "x-credentials-in-body": tool.credentials.body }),
  };
}

/** A text may be left out; what is made of arguments is sent in any case. */
function needsBody({ body, parameters }: ToolDefinition): boolean {
  return body?.kind !== "text" || body.value.kind !== "param" ||
    requiredOf(parameters).includes(body.value.param);
}

function parameter(
  tool: ToolDefinition,
  argument: string,
  name: string,
  place: "path" | "query" | "header",
): JsonObject {
  const { description, ...schema } = argumentSchema(tool, argument);
  return {
    name,
    in: place,
    required: place === "path" || requiredOf(tool.parameters).includes(argument),
    ...(description === undefined ? {} : { description }),
    schema,
  };
}

/** What the reader of the document has to fetch, too. */
const FETCHED = {
  description: "Handed out by a page that is loaded before the request",
  schema: { type: "string" },
} as const;

function queryParameter(tool: ToolDefinition, [name, value]: ToolField): JsonObject[] {
  switch (value.kind) {
    case "param":
      return [parameter(tool, value.param, name, "query")];
    case "constant":
      return [{ name, in: "query", required: true, schema: { const: value.value } }];
    case "fetched":
      return [{ name, in: "query", required: true, ...FETCHED }];
    case "json-text":
      return [{
        name,
        in: "query",
        required: true,
        content: { "application/json": { schema: jsonSchema(tool, value.template) } },
      }];
  }
}

function argumentSchema(tool: ToolDefinition, argument: string): JsonObject {
  const schema = propertiesOf(tool.parameters)[argument];
  return isRecord(schema) ? schema as JsonObject : {};
}

/** The content of the request body by media type. */
function bodySchema(tool: ToolDefinition): JsonObject | null {
  const recorded = tool.headers.find(([name]) => name.toLowerCase() === "content-type")?.[1];
  const type = (fallback: string) => recorded?.split(";")[0]?.trim() ?? fallback;
  switch (tool.body?.kind) {
    case "json":
      return { [type("application/json")]: { schema: jsonSchema(tool, tool.body.template) } };
    case "form":
      return {
        "application/x-www-form-urlencoded": { schema: fieldsSchema(tool, tool.body.fields) },
      };
    case "multipart":
      return { "multipart/form-data": { schema: fieldsSchema(tool, tool.body.fields) } };
    case "text":
      return { [type("text/plain")]: { schema: { type: "string" } } };
    case undefined:
      return null;
  }
}

function fieldsSchema(tool: ToolDefinition, fields: readonly ToolField[]): JsonObject {
  const entries = fields.map(([name, value]): readonly [string, ToolValue] => [name, value]);
  return {
    type: "object",
    properties: Object.fromEntries(
      entries.map((
        [name, value],
      ) => [name, value.kind === "json-text" ? { type: "string" } : jsonSchema(tool, value)]),
    ),
    required: entries.filter(([, value]) => isRequired(tool, value)).map(([name]) => name),
  };
}

function jsonSchema(tool: ToolDefinition, template: ToolJson): JsonObject {
  switch (template.kind) {
    case "constant":
      return { const: template.value };
    case "param":
      return argumentSchema(tool, template.param);
    case "fetched":
      return { type: "string", description: FETCHED.description };
    case "array":
      return {
        type: "array",
        prefixItems: template.items.map((item) => jsonSchema(tool, item)),
        minItems: template.items.length,
      };
    case "object":
      return {
        type: "object",
        properties: Object.fromEntries(
          template.entries.map(([name, entry]) => [name, jsonSchema(tool, entry)]),
        ),
        required: template.entries.filter(([, entry]) => isRequired(tool, entry))
          .map(([name]) => name),
      };
  }
}

function isRequired(tool: ToolDefinition, value: ToolValue | ToolJson): boolean {
  return value.kind !== "param" || requiredOf(tool.parameters).includes(value.param);
}

function responseOf({ answer }: ToolDefinition): JsonObject {
  if (answer === null || answer.contentType === null) return { description: "As recorded" };
  const key = isStreamType(answer.contentType) ? "itemSchema" : "schema";
  const media = answer.schema === null ? {} : { [key]: answer.schema as JsonValue };
  return { description: "As recorded", content: { [answer.contentType]: media } };
}

/** All of them belong to one login, so an operation asks for all at once. */
function securitySchemes(
  { credentials, authorizationScheme }: Pick<DescribedApp, "credentials" | "authorizationScheme">,
): { [name: string]: JsonObject } {
  const apiKey = (place: string, name: string) =>
    [`${place}_${name}`.replace(/[^\w.-]/g, "_"), { type: "apiKey", in: place, name }] as const;
  return Object.fromEntries([
    ...credentials.headers.map((name) =>
      name === "authorization" && authorizationScheme !== null
        ? [authorizationScheme, { type: "http", scheme: authorizationScheme }] as const
        : apiKey("header", name)
    ),
    ...credentials.cookies.map((name) => apiKey("cookie", name)),
    ...credentials.query.map((name) => apiKey("query", name)),
  ]);
}
