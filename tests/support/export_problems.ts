/** What three validators of OpenAPI say of a document, and of the one that a recording's tools make. */
import SwaggerParser from "@apidevtools/swagger-parser";
import { validate } from "@scalar/openapi-parser";
import { Validator } from "@seriousme/openapi-schema-validator";
import { messageOf } from "../../lib/base/error.ts";
import type { JsonObject } from "../../lib/base/json.ts";
import { exportOpenApi } from "../../lib/ops/export_openapi.ts";
import { importCapture } from "../../lib/ops/import_capture.ts";
import { fakeContext } from "./fake_context.ts";
import { withTempFolder } from "./temp_folder.ts";

/** A line for each thing that is wrong; none for a document that all take. */
export async function documentProblems(document: JsonObject): Promise<string[]> {
  return [
    ...await bySwaggerParser(structuredClone(document)),
    ...await byScalar(structuredClone(document)),
    ...await bySeriousme(structuredClone(document)),
  ];
}

/** Of the description of the app that a recording shows. */
export async function exportProblems(recording: string): Promise<string[]> {
  return await withTempFolder(async (folder) => {
    const ctx = fakeContext({ home: `${folder}/home` });
    await importCapture(ctx, { app: "shop", files: [recording], allowSanitised: true });
    const { document } = await exportOpenApi(ctx, { app: "shop" });
    return await documentProblems(document);
  });
}

/** It knows no OpenAPI 3.2. */
async function bySwaggerParser(document: JsonObject): Promise<string[]> {
  if (String(document["openapi"]).startsWith("3.2")) return [];
  try {
    await SwaggerParser.validate(document as never);
    return [];
  } catch (error) {
    return [`swagger-parser: ${messageOf(error)}`];
  }
}

async function byScalar(document: JsonObject): Promise<string[]> {
  const { errors = [] } = await validate(document as never);
  return errors.map((error) => `scalar: ${JSON.stringify(error)}`);
}

async function bySeriousme(document: JsonObject): Promise<string[]> {
  const { valid, errors } = await new Validator().validate(document as never);
  return valid ? [] : [`seriousme: ${JSON.stringify(errors)}`];
}
