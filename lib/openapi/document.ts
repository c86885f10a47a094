/** An OpenAPI document as text becomes a value with a version; nothing in it is looked at yet. */
import { AppError } from "../base/error.ts";
import { isRecord, type JsonObject, type JsonValue } from "../base/json.ts";
import { parseYaml } from "../base/yaml.ts";

export type SpecVersion = "2.0" | "3.0" | "3.1" | "3.2";

export interface OpenApiDocument {
  /** Absolute path or http(s) URL it was read from; relative references and servers start here. */
  readonly location: string;
  readonly version: SpecVersion;
  readonly root: JsonObject;
  /** Other documents that references may point into, by location. */
  readonly externals: ReadonlyMap<string, JsonValue>;
}

/**
 * Reads a JSON or YAML document of OpenAPI 3.0, 3.1, 3.2 or Swagger 2.0.
 *
 * @param externals The documents listed under `refs`, parsed, by location.
 * @throws {AppError} `BAD_INPUT` when it does not parse or is no such document.
 */
export function readDocument(
  text: string,
  location: string,
  externals: ReadonlyMap<string, JsonValue> = new Map(),
): OpenApiDocument {
  const root = parseYaml(text, location);
  if (!isRecord(root)) throw notOpenApi(location, "it is not an object");
  const version = specVersion(root);
  if (version === null) {
    const declared = root.openapi ?? root.swagger;
    throw notOpenApi(
      location,
      declared === undefined
        ? `it has neither "openapi" nor "swagger"`
        : `version "${textOf(declared).slice(0, 20)}" is not known`,
    );
  }
  return { location, version, root: root as JsonObject, externals };
}

/** Generators write versions as numbers too: `swagger: 2`, `openapi: 3.1`. */
function specVersion(root: Readonly<Record<string, unknown>>): SpecVersion | null {
  if (/^2(\.0)?$/.test(textOf(root.swagger))) return "2.0";
  const minor = /^3\.([012])(\.|$|-)/.exec(textOf(root.openapi));
  return minor === null ? null : `3.${minor[1] as "0" | "1" | "2"}`;
}

/** Of a value of a document, whose objects may have a `toString` of their own. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value) ?? "";
}

function notOpenApi(location: string, reason: string): AppError {
  return new AppError("BAD_INPUT", `"${location}" is not an OpenAPI document: ${reason}`, {
    hint: "Name a document of OpenAPI 3.0, 3.1, 3.2 or Swagger 2.0, in JSON or YAML",
    details: { file: location },
  });
}
