/** Small documents for tests, written as YAML. */
import assert from "node:assert/strict";
import type { JsonValue } from "../../lib/base/json.ts";
import { parseYaml } from "../../lib/base/yaml.ts";
import { type Catalog, readCatalog } from "../../lib/openapi/catalog.ts";
import { readDocument } from "../../lib/openapi/document.ts";
import type { Operation } from "../../lib/openapi/operation.ts";

export const LOCATION = "/specs/api.yaml";

/** The catalog of a document; `openapi: 3.1.0` unless the text says otherwise. */
export function catalogOf(
  yaml: string,
  externals: Readonly<Record<string, string>> = {},
  location = LOCATION,
): Catalog {
  const text = /^(openapi|swagger):/m.test(yaml) ? yaml : `openapi: 3.1.0\n${yaml}`;
  const parsed = Object.entries(externals)
    .map(([place, content]): [string, JsonValue] => [place, parseYaml(content, place)]);
  return readCatalog(readDocument(text, location, new Map(parsed)));
}

/** The one operation of a document with only this operation. */
export function operationOf(catalog: Catalog, tool?: string): Operation {
  const found = tool === undefined
    ? catalog.operations[0]
    : catalog.operations.find((operation) => operation.tool === tool);
  return found ?? assert.fail(`No operation ${tool}: ${JSON.stringify(catalog.skipped)}`);
}

/** A catalog of `POST /run` with the given members of the operation, as YAML. */
export function operationYaml(members: string, version = "3.1.0", path = "/run"): string {
  const indented = members.trim().split("\n").map((line) => `      ${line}`).join("\n");
  return `${version === "2.0" ? "swagger" : "openapi"}: "${version}"
paths:
  ${path}:
    post:
${indented}
`;
}
