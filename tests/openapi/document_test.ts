import assert from "node:assert/strict";
import { AppError } from "../../lib/base/error.ts";
import { readDocument } from "../../lib/openapi/document.ts";

Deno.test("readDocument() knows the versions, in YAML and JSON, as texts and numbers", () => {
  const cases: [string, string][] = [
    ["swagger: '2.0'", "2.0"],
    ["swagger: 2", "2.0"],
    ["openapi: 3.0.3", "3.0"],
    ["openapi: 3.1", "3.1"],
    ['{"openapi": "3.1.1"}', "3.1"],
    ["openapi: 3.2.0", "3.2"],
    ["openapi: 3.0.0-rc2", "3.0"],
  ];
  for (const [text, version] of cases) {
    assert.equal(readDocument(text, "f.yaml").version, version, text);
  }
});

Deno.test("readDocument() says why something is not an OpenAPI document", () => {
  const cases: [string, RegExp][] = [
    ["[]", /it is not an object/],
    ["hello", /it is not an object/],
    ["info: {}", /neither "openapi" nor "swagger"/],
    ["openapi: 4.0.0", /version "4.0.0" is not known/],
    ["swagger: '1.2'", /version "1.2" is not known/],
    ["openapi: 3.10.0", /not known/],
    ['{"openapi": ', /not valid JSON/],
  ];
  for (const [text, reason] of cases) {
    assert.throws(() => readDocument(text, "f.yaml"), (error: AppError) => {
      assert.equal(error.code, "BAD_INPUT");
      assert.match(error.message, reason);
      assert.match(error.message, /f\.yaml/);
      return true;
    });
  }
});
