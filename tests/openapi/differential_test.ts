/**
 * The requests Keysmith builds for the operations of `@readme/oas-examples` (which hold the OpenAPI
 * Initiative's own examples), beside those that `swagger-client`, a second implementation, builds for
 * the same arguments. Where the two differ, `KNOWN_DIFFERENCES` says who is right and why.
 */
import assert from "node:assert/strict";
import petstore from "@readme/oas-examples/3.0/json/petstore.json" with { type: "json" };
import SwaggerClient from "swagger-client";
import { isRecord, type JsonValue } from "../../lib/base/json.ts";
import { parseBody, type ParsedBody } from "../../lib/http/body.ts";
import { parseCookieHeader } from "../../lib/http/cookies.ts";
import type { HttpRequest } from "../../lib/http/exchange.ts";
import { headerValue } from "../../lib/http/headers.ts";
import { argumentSchema } from "../../lib/openapi/argument_schema.ts";
import { buildRequest } from "../../lib/openapi/build_request.ts";
import { type Catalog, readCatalog } from "../../lib/openapi/catalog.ts";
import { readDocument } from "../../lib/openapi/document.ts";
import type { Operation } from "../../lib/openapi/operation.ts";
import { serverUrl } from "../../lib/openapi/server.ts";

const LOCATION = "https://docs.example.com/openapi.json";

type Schema = { readonly [keyword: string]: JsonValue };

/** A value for a schema, with characters that have to be encoded. Depth keeps cycles finite. */
function sample(schema: unknown, defs: Schema, depth = 0): JsonValue {
  if (!isRecord(schema) || depth > 4) return "a b&c=d/é";
  if (typeof schema.$ref === "string") {
    return sample(defs[schema.$ref.slice("#/$defs/".length)], defs, depth + 1);
  }
  if (Array.isArray(schema.enum)) return schema.enum[0] as JsonValue;
  const union = [schema.anyOf, schema.allOf].find(Array.isArray);
  if (union !== undefined && schema.type === undefined) return sample(union[0], defs, depth + 1);
  const declared = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  const type = declared ?? (isRecord(schema.properties) ? "object" : "string");
  switch (type) {
    case "integer":
      return 7;
    case "number":
      return 1.5;
    case "boolean":
      return true;
    case "null":
      return null;
    case "array":
      return [sample(schema.items, defs, depth + 1), sample(schema.items, defs, depth + 1)];
    case "object": {
      const properties = isRecord(schema.properties) ? Object.entries(schema.properties) : [];
      return Object.fromEntries(
        properties.slice(0, 5).map(([name, inner]) => [name, sample(inner, defs, depth + 1)]),
      );
    }
    default:
      return "a b&c=d/é";
  }
}

function sampleArguments(catalog: Catalog, operation: Operation): Record<string, JsonValue> {
  const schema = argumentSchema(catalog, operation) as unknown as Schema;
  const defs = (schema.$defs ?? {}) as Schema;
  return Object.fromEntries(
    Object.entries(schema.properties as Schema).map(([name, inner]) => [name, sample(inner, defs)]),
  );
}

/** What of a request both builders decide. */
interface Comparable {
  readonly method: string;
  readonly path: string;
  /** Sorted: the order of parameters carries no meaning. */
  readonly query: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: unknown;
}

function comparable(request: HttpRequest): Comparable {
  const url = new URL(request.url);
  const skipped = /^(accept|content-type|cookie)$/i;
  return {
    method: request.method,
    path: `${url.origin}${url.pathname}`,
    query: url.search.slice(1).split("&").filter((pair) => pair !== "")
      .map(normalised).toSorted(),
    headers: Object.fromEntries(
      request.headers.filter(([name]) => !skipped.test(name))
        .map(([name, value]) => [name.toLowerCase(), value]),
    ),
    cookies: parseCookieHeader(headerValue(request.headers, "cookie") ?? "")
      .map((pair) => pair.join("=")).toSorted(),
    body: withoutMadeUpNames(parseBody(request.headers, request.body)),
  };
}

/** A text in place of a file has the field's name for a file name in ours: servers tell files by one. */
function withoutMadeUpNames(body: ParsedBody): unknown {
  if (body.kind !== "multipart") return body;
  const parts = body.parts.map(({ name, fileName, value }) => ({
    name,
    fileName: fileName === name ? undefined : fileName,
    value,
  }));
  return { kind: "multipart", parts };
}

/** Brackets may be written as they are or encoded; servers read both. */
function normalised(pair: string): string {
  return pair.replaceAll("%5B", "[").replaceAll("%5D", "]").replaceAll("|", "%7C");
}

interface SwaggerRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

async function swaggerComparable(
  spec: unknown,
  operation: Operation,
  args: Readonly<Record<string, JsonValue>>,
): Promise<Comparable> {
  const parameters: Record<string, unknown> = {};
  for (const parameter of operation.parameters) {
    parameters[`${parameter.in}.${parameter.name}`] = args[parameter.argument];
  }
  const content = operation.body?.contents[0];
  const body = operation.body === null ? undefined : args[operation.body.argument];
  if (isRecord(spec) && spec.swagger !== undefined && operation.body !== null) {
    Object.assign(parameters, swaggerTwoBody(spec, operation, body));
  }
  const raw = (spec as { paths: Record<string, Record<string, unknown>> }).paths[operation.path]
    ?.[operation.method.toLowerCase()];
  const request = SwaggerClient.buildRequest({
    spec: spec as Record<string, unknown>,
    operationId: SwaggerClient.helpers.opId(raw, operation.path, operation.method.toLowerCase()),
    parameters,
    requestBody: content?.kind === "json" && typeof body === "string" ? JSON.stringify(body) : body,
    requestContentType: content?.mediaType,
    contextUrl: LOCATION,
  }) as SwaggerRequest;
  const headers = Object.entries(request.headers);
  const sent = new Response(swaggerBody(request.body));
  const type = headers.find(([name]) => /^content-type$/i.test(name))?.[1] ?? "";
  return comparable({
    method: request.method,
    url: new URL(request.url, LOCATION).href,
    headers: headers.map(([name, value]) =>
      /^content-type$/i.test(name) && type.startsWith("multipart/")
        ? [name, sent.headers.get("content-type") ?? value]
        : [name, value]
    ),
    body: request.body === undefined ? null : new Uint8Array(await sent.arrayBuffer()),
  });
}

/** Objects are turned into JSON where `swagger-client` sends, which is after it builds. */
function swaggerBody(body: unknown): BodyInit | null {
  if (body === undefined || body === null) return null;
  if (body instanceof FormData || body instanceof URLSearchParams || body instanceof Blob) {
    return body;
  }
  return typeof body === "string" ? body : JSON.stringify(body);
}

function swaggerTwoBody(
  spec: Readonly<Record<string, unknown>>,
  operation: Operation,
  body: unknown,
): Record<string, unknown> {
  const paths = spec.paths as Record<
    string,
    Record<string, { parameters?: { in: string; name: string }[] }>
  >;
  const declared = paths[operation.path]?.[operation.method.toLowerCase()]?.parameters ?? [];
  const whole = declared.find((parameter) => parameter.in === "body");
  if (whole !== undefined) return { [`body.${whole.name}`]: body };
  const fields = Object.entries(body as Record<string, unknown>);
  return Object.fromEntries(fields.map(([name, value]) => [`formData.${name}`, value]));
}

const FOLDERS = ["2.0/json", "3.0/json", "3.0/json/openapi-workshop", "3.1/json"];

function* documents(): Generator<[string, string]> {
  const root = new URL("./", import.meta.resolve("@readme/oas-examples/package.json"));
  for (const folder of FOLDERS) {
    const files = [...Deno.readDirSync(new URL(`${folder}/`, root))];
    for (const { name } of files.toSorted((a, b) => a.name < b.name ? -1 : 1)) {
      if (!name.endsWith(".json")) continue;
      yield [`${folder}/${name}`, Deno.readTextFileSync(new URL(`${folder}/${name}`, root))];
    }
  }
}

/** Documents and operations on which the two differ, and who is right. */
const KNOWN_DIFFERENCES: readonly (readonly [RegExp, string])[] = [
  [/(parameters-cookies|parameters-extreme).* POST /, "swagger-client keeps the last cookie alone"],
  [/parameters-style.* \/cookies/, "swagger-client keeps the last cookie alone"],
  [/\/path\/label\//, "RFC 6570 joins an unexploded label by commas; OpenAPI 3.0.3 had it wrong"],
  [/\/query\/(space|pipe)Delimited/, "swagger-client joins an unexploded object by commas"],
  [
    /\/form-data\/(space|pipe)Delimited/,
    "swagger-client encodes the delimiter of a multipart field",
  ],
  [/\/form-data\/deepObject/, "OpenAPI leaves arrays in a deepObject open; ours has brackets"],
  [
    /\/(multipart-formdata|form-data)$/,
    "an array without encoding is one part per item (3.0.4, 4.8.15.1)",
  ],
];

/** Operations one of the two does not build. */
const NOT_COMPARED: readonly (readonly [RegExp, string])[] = [
  [
    /schema-circular.* PUT /,
    "swagger-client wants Authorization as a parameter; OpenAPI ignores it",
  ],
];

function matches(list: readonly (readonly [RegExp, string])[], key: string): boolean {
  return list.some(([pattern]) => pattern.test(key));
}

function differs(ours: Comparable, theirs: Comparable): boolean {
  return JSON.stringify(ours) !== JSON.stringify(theirs);
}

Deno.test("buildRequest() builds what swagger-client builds for @readme/oas-examples", async () => {
  assert.equal(petstore.openapi, "3.0.0");
  const compared: string[] = [];
  const differing: string[] = [];
  for (const [name, text] of documents()) {
    const catalog = readCatalog(readDocument(text, LOCATION));
    const { spec } = await SwaggerClient.resolve({ spec: JSON.parse(text), baseDoc: LOCATION });
    for (const operation of catalog.operations) {
      const key = `${name} ${operation.method} ${operation.path}`;
      const args = sampleArguments(catalog, operation);
      if (matches(NOT_COMPARED, key)) continue;
      const theirs = await swaggerComparable(spec, operation, args);
      const baseUrl = serverUrl(operation.servers[0]!, catalog.document, {});
      const ours = comparable(buildRequest(operation, args, { baseUrl }));
      compared.push(key);
      if (!differs(ours, theirs)) continue;
      differing.push(key);
      if (!matches(KNOWN_DIFFERENCES, key)) assert.deepEqual(ours, theirs, key);
    }
  }
  assert.ok(compared.length > 600, `Only ${compared.length} operations were compared`);
  for (const [pattern, reason] of KNOWN_DIFFERENCES) {
    assert.ok(differing.some((key) => pattern.test(key)), `No longer a difference: ${reason}`);
  }
});
