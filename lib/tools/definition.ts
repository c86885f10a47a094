/** A callable operation of a captured app, as data. */
import type { JsonSchema, JsonValue } from "../base/json.ts";
import type { PageValue } from "./page_value.ts";
import type { CredentialPlaces } from "./credential_places.ts";

/** Where an argument of a tool goes, or a constant that always goes there. */
export type ToolValue =
  | { readonly kind: "param"; readonly param: string }
  | { readonly kind: "constant"; readonly value: JsonValue }
  /** Handed out by the server: the name of one of the tool's fetches. */
  | { readonly kind: "fetched"; readonly fetch: string }
  /** JSON text inside a query or form field, as GraphQL over GET has it for `variables`. */
  | { readonly kind: "json-text"; readonly template: ToolJson };

export type ToolField = readonly [name: string, value: ToolValue];

export type ToolBody =
  | { readonly kind: "json"; readonly template: ToolJson }
  | { readonly kind: "form"; readonly fields: readonly ToolField[] }
  /** `multipart/form-data` (RFC 7578) of text fields. */
  | { readonly kind: "multipart"; readonly fields: readonly ToolField[] }
  /** XML or plain text as a whole; its type is among the tool's headers. */
  | { readonly kind: "text"; readonly value: Exclude<ToolValue, { kind: "json-text" }> };

export type ToolJson =
  | Exclude<ToolValue, { kind: "json-text" }>
  | { readonly kind: "object"; readonly entries: readonly (readonly [string, ToolJson])[] }
  | { readonly kind: "array"; readonly items: readonly ToolJson[] };

/**
 * A value that the server hands out for the request, an anti-forgery token or a nonce: on a page before it, or
 * with the refusal of the request itself, which is then made once more.
 */
export interface ToolFetch {
  readonly name: string;
  /** The header that carries it; `null` for one of the query or the body. */
  readonly header: string | null;
  /** Of the page, on the tool's origin; may hold `{name}` of the tool's own path. `null`: the refusal. */
  readonly path: string | null;
  /** Where the app asked for the head alone: the whole page may be large. Default: GET. */
  readonly method?: "HEAD";
  readonly query: readonly (readonly [name: string, value: string])[];
  /** With which the page is asked for the value: `X-CSRF-Token: Fetch`. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** Where it stands there. */
  readonly from: PageValue;
}

/** What the recorded answers looked like: structure, never values. */
export interface ToolAnswer {
  /** 200–399. */
  readonly status: number;
  /** Media type without parameters; `null` when the answers were empty. */
  readonly contentType: string | null;
  /** JSON Schema of the body, for JSON answers. */
  readonly schema: JsonSchema | null;
}

/**
 * The places outside the headers where the recorded requests carried credentials. At call time the
 * token's query and body values go to these places and to no other: some servers refuse a request
 * that carries a credential where another operation has it.
 */
export interface ToolCredentials extends CredentialPlaces {
  /** Names or dotted paths, as in `TokenState.body_params`. */
  readonly body: readonly string[];
}

/** A tool of a captured app, as stored in `apps/<app>/tools/<tool>.json`. */
export interface ToolDefinition {
  /** `[a-z0-9_]{1,64}`. */
  readonly name: string;
  readonly description: string;
  /** Upper case. */
  readonly method: string;
  /** `https://api.example.com`; the credentials of the app go here only if it is one of the token's origins. */
  readonly origin: string;
  /** `/users/{user_id}/notes`; arguments are percent-encoded into it as one segment each. */
  readonly path: string;
  readonly query: readonly ToolField[];
  /** Constant non-credential headers the capture showed. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: ToolBody | null;
  /** Absent where the request needs no page before it. */
  readonly fetches?: readonly ToolFetch[];
  /** The argument that is where the request moves or copies to: a path of the origin (RFC 4918 section 10.3). */
  readonly destination?: string;
  /** The argument that is who is logged in, where the caller leaves it out. */
  readonly user?: string;
  /** JSON Schema (2020-12) of the arguments, `type: object`, `additionalProperties: false`. */
  readonly parameters: JsonSchema;
  readonly requiresAuth: boolean;
  /** `null`: unknown, so all of the token's values are sent. */
  readonly credentials: ToolCredentials | null;
  /** True when a call changes nothing: a safe method (RFC 9110 section 9.2.1), a GraphQL query, a POST that only asks. */
  readonly safe: boolean;
  readonly answer: ToolAnswer | null;
  /** Traces it was derived from. */
  readonly traces: readonly string[];
}

/** Methods that change nothing (RFC 9110 section 9.2.1 and the IANA method registry). */
const SAFE_METHODS = ["GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "REPORT", "SEARCH", "QUERY"];

/** Of the others, those that may be repeated: the second request changes no more than the first. */
const IDEMPOTENT_METHODS = ["PUT", "DELETE", "MKCOL", "PROPPATCH", "UNLOCK"];

export function isSafeMethod(method: string): boolean {
  return SAFE_METHODS.includes(method);
}

/** RFC 9110 section 9.2.2. */
export function isIdempotentMethod(method: string): boolean {
  return isSafeMethod(method) || IDEMPOTENT_METHODS.includes(method);
}
