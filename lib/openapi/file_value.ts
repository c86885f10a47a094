/** Files among the arguments of a call, as JSON: a text, or bytes in base64 with a name and a type. */
import { AppError } from "../base/error.ts";
import { isRecord, type JsonSchema, type JsonValue } from "../base/json.ts";
import { base64DecodeBytes } from "../http/base64.ts";

export interface FileValue {
  readonly bytes: Uint8Array;
  readonly fileName: string | null;
  /** `null` when the caller did not say. */
  readonly contentType: string | null;
}

/** What a caller may give where a file is wanted. */
export const FILE_SCHEMA: JsonSchema = {
  description: "A file: its text, or an object with its bytes in base64",
  anyOf: [
    { type: "string" },
    {
      type: "object",
      properties: {
        base64: { type: "string", description: "The bytes in base64" },
        filename: { type: "string" },
        content_type: { type: "string", description: "Media type, such as image/png" },
      },
      required: ["base64"],
      additionalProperties: false,
    },
  ],
};

/** True for an object in the shape of `FILE_SCHEMA`. */
export function isFileObject(value: JsonValue): boolean {
  return isRecord(value) && typeof value.base64 === "string" &&
    Object.keys(value).every((key) => ["base64", "filename", "content_type"].includes(key));
}

/**
 * The file a value stands for.
 *
 * @throws {AppError} `USAGE` naming the argument when it is no file or its base64 is malformed.
 */
export function fileValue(value: JsonValue, argument: string): FileValue {
  if (typeof value === "string") {
    return { bytes: new TextEncoder().encode(value), fileName: null, contentType: null };
  }
  const object = isFileObject(value) ? value as Readonly<Record<string, JsonValue>> : null;
  const bytes = object === null ? undefined : base64DecodeBytes(String(object.base64));
  if (object === null || bytes === undefined) {
    throw new AppError("USAGE", `The argument "${argument}" is not valid: it must be a file`, {
      hint: `Give a text, or { "base64": "…", "filename": "…", "content_type": "…" }`,
      details: { argument },
    });
  }
  const { filename, content_type } = object;
  return {
    bytes,
    fileName: typeof filename === "string" ? filename : null,
    contentType: typeof content_type === "string" ? content_type : null,
  };
}
