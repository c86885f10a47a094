import assert from "node:assert/strict";
import fc from "fast-check";
import { AppError } from "../../lib/base/error.ts";
import type { JsonValue } from "../../lib/base/json.ts";
import { answerSchema } from "../../lib/openapi/answer_schema.ts";
import { argumentSchema } from "../../lib/openapi/argument_schema.ts";
import { buildRequest } from "../../lib/openapi/build_request.ts";
import { readCatalog } from "../../lib/openapi/catalog.ts";
import { readDocument } from "../../lib/openapi/document.ts";
import { DocumentProblem } from "../../lib/openapi/reference.ts";
import { serverUrl } from "../../lib/openapi/server.ts";
import { fuzzRuns } from "../support/fuzz_runs.ts";

/** A document that uses everything the reader looks at; the fuzzer breaks it one place at a time. */
const SEED = {
  openapi: "3.2.0",
  servers: [{ url: "https://{r}.example/v1", variables: { r: { default: "eu", enum: ["eu"] } } }],
  security: [{ key: [] }, { oauth: ["a"] }, {}],
  paths: {
    "/a/{id}": {
      parameters: [{ $ref: "#/components/parameters/id" }],
      servers: [{ url: "/own" }],
      get: { parameters: [{ name: "q", in: "query", style: "deepObject", schema: {} }] },
      post: {
        operationId: "create",
        security: [],
        requestBody: {
          required: true,
          content: {
            "multipart/form-data": {
              schema: { $ref: "#/components/schemas/Thing" },
              encoding: { file: { contentType: "image/*" } },
            },
            "application/x-www-form-urlencoded": { schema: {}, encoding: { a: { style: "form" } } },
          },
        },
        responses: { 200: { content: { "application/json": {} } } },
      },
      additionalOperations: { COPY: {} },
    },
  },
  components: {
    parameters: { id: { name: "id", in: "path", required: true, schema: { type: "integer" } } },
    schemas: {
      Thing: {
        type: "object",
        required: ["name"],
        properties: {
          name: { type: "string", pattern: "^a" },
          file: { type: "string", format: "binary" },
          child: { anyOf: [{ $ref: "#/components/schemas/Thing" }, { type: "null" }] },
        },
      },
    },
    securitySchemes: {
      key: { type: "apiKey", in: "header", name: "X-Key" },
      oauth: { type: "oauth2", flows: { implicit: { authorizationUrl: "https://i.example/a" } } },
    },
  },
};

const SWAGGER_SEED = {
  swagger: "2.0",
  host: "a.example",
  basePath: "/v1",
  schemes: ["https"],
  consumes: ["application/json"],
  securityDefinitions: { b: { type: "basic" }, o: { type: "oauth2", flow: "implicit" } },
  security: [{ b: [] }],
  paths: {
    "/a": {
      parameters: [{ name: "x", in: "query", type: "array", collectionFormat: "multi" }],
      post: {
        parameters: [{ name: "b", in: "body", schema: { $ref: "#/definitions/T" } }],
        produces: ["text/plain"],
      },
      put: {
        consumes: ["multipart/form-data"],
        parameters: [{ name: "f", in: "formData", type: "file" }],
      },
    },
  },
  definitions: { T: { type: "object", properties: { t: { $ref: "#/definitions/T" } } } },
};

type Path = (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, child]) => pathsOf(child, [...path, key])),
  ];
}

function broken(seed: object, breaks: readonly (readonly [number, unknown])[]): unknown {
  const paths = pathsOf(seed).slice(1);
  const copy = structuredClone(seed) as Record<string, unknown>;
  for (const [at, value] of breaks) {
    const path = paths[at % paths.length]!;
    let owner: unknown = copy;
    for (const key of path.slice(0, -1)) {
      owner = typeof owner === "object" && owner !== null
        ? (owner as Record<string, unknown>)[key]
        : undefined;
    }
    if (typeof owner === "object" && owner !== null) {
      Object.defineProperty(owner, path.at(-1)!, {
        value: structuredClone(value),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
  }
  return copy;
}

/** Everything a caller does with a document. Only these errors are a document's or a caller's fault. */
function exercise(text: string, args: Record<string, JsonValue>): void {
  let catalog;
  try {
    catalog = readCatalog(readDocument(text, "/specs/fuzz.yaml"));
  } catch (error) {
    assert.ok(error instanceof AppError && error.code === "BAD_INPUT", String(error));
    return;
  }
  for (const operation of catalog.operations) {
    try {
      argumentSchema(catalog, operation);
      answerSchema(catalog, operation);
      const baseUrl = serverUrl(operation.servers[0]!, catalog.document, {});
      const request = buildRequest(operation, args, { baseUrl });
      assert.equal(new URL(request.url).origin, new URL(baseUrl).origin);
    } catch (error) {
      const isExpected = error instanceof DocumentProblem ||
        error instanceof AppError && /USAGE|BAD_CONFIG/.test(error.code);
      if (!isExpected) throw error;
    }
  }
}

const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(
    { $ref: "#/components/schemas/Thing" },
    { $ref: "#" },
    { $ref: "#/paths" },
    { $ref: "https://elsewhere.example/#/x" },
    { $ref: 5 },
    "{x}",
    "../..",
    "__proto__",
    { toString: null },
    [],
    {},
    true,
  ),
);

const values = fc.record({
  id: fc.jsonValue(),
  q: fc.jsonValue(),
  x: fc.jsonValue(),
  body: fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue())),
}, { requiredKeys: [] }) as fc.Arbitrary<Record<string, JsonValue>>;

Deno.test("readCatalog() and everything after it survive broken documents and odd arguments", () => {
  const breaks = fc.array(fc.tuple(fc.nat(), anything), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(fc.constantFrom(SEED, SWAGGER_SEED), breaks, values, (seed, places, args) => {
      exercise(JSON.stringify(broken(seed, places)), args);
    }),
    { numRuns: fuzzRuns(4000) },
  );
});

Deno.test("buildRequest() keeps the origin and the depth of the path whatever the arguments", () => {
  fc.assert(
    fc.property(values, (args) => {
      exercise(JSON.stringify(SEED), args);
    }),
    { numRuns: fuzzRuns(1500) },
  );
});

Deno.test("readDocument() refuses texts that are no documents, and nothing else happens", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => exercise(text, {})),
    { numRuns: fuzzRuns(1500) },
  );
});

Deno.test("readCatalog() survives nesting deeper than any call stack", () => {
  const deep = `${'{"items":'.repeat(50_000)}{}${"}".repeat(50_000)}`;
  const text = `{"openapi":"3.1.0","paths":{"/a":{"post":{"requestBody":{"content":` +
    `{"application/json":{"schema":${deep}}}}}}}}`;
  exercise(text, { body: 1 });
});
