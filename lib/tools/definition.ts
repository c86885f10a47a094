/** A callable operation, of a captured app or of a service, as data. */
import type { JsonSchema, JsonValue } from "../base/json.ts";

/** Where an argument of a tool goes, or a constant that always goes there. */
export type ToolValue =
  | { readonly kind: "param"; readonly param: string }
  | { readonly kind: "constant"; readonly value: JsonValue };

export type ToolBody =
  | { readonly kind: "json"; readonly template: ToolJson }
  | { readonly kind: "form"; readonly fields: readonly (readonly [string, ToolValue])[] };

export type ToolJson =
  | ToolValue
  | { readonly kind: "object"; readonly entries: readonly (readonly [string, ToolJson])[] }
  | { readonly kind: "array"; readonly items: readonly ToolJson[] };

/** A tool of a captured app, as stored in `apps/<app>/tools/<tool>.json`. */
export interface ToolDefinition {
  /** `[a-z0-9_]{1,64}`. */
  readonly name: string;
  readonly description: string;
  readonly method: string;
  /** `https://api.example.com`; the credentials of the app go here only if it is one of the token's origins. */
  readonly origin: string;
  /** `/users/{id}/notes`; arguments are percent-encoded into it as one segment each. */
  readonly path: string;
  readonly query: readonly (readonly [string, ToolValue])[];
  /** Constant non-credential headers the capture showed. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: ToolBody | null;
  /** JSON Schema (2020-12) of the arguments, `type: object`, `additionalProperties: false`. */
  readonly parameters: JsonSchema;
  readonly requiresAuth: boolean;
  /** Traces it was derived from. */
  readonly traces: readonly string[];
}
