/** One operation of a document, ready to be described, resolved and called. */
import type { Effect } from "./effect.ts";
import type { FollowUp } from "./link.ts";
import type { Paging } from "./paging.ts";
import type { Node, References } from "./reference.ts";
import type { OperationSecurity } from "./security.ts";
import type { Server } from "./server.ts";

export type ParameterPlace = "path" | "query" | "header" | "cookie" | "querystring";

export type ParameterStyle =
  | "simple"
  | "label"
  | "matrix"
  | "form"
  | "spaceDelimited"
  | "pipeDelimited"
  | "deepObject"
  /** OpenAPI 3.2: pairs joined by "; ", nothing escaped. */
  | "cookie"
  /** Swagger 2.0 `collectionFormat: tsv`. */
  | "tabDelimited";

/** How an array or object becomes text. */
export interface Serialization {
  readonly style: ParameterStyle;
  readonly explode: boolean;
  /** Query and path: characters reserved in URLs stay as they are where they do no harm. */
  readonly allowReserved: boolean;
  /** A path parameter whose own slashes divide it (`x-ms-skip-url-encoding`). */
  readonly isWide?: boolean;
}

export interface Parameter extends Serialization {
  readonly name: string;
  readonly in: ParameterPlace;
  /** The argument that fills it: the name, in characters every client accepts, unique in the operation. */
  readonly argument: string;
  readonly required: boolean;
  readonly description: string;
  readonly deprecated: boolean;
  /** The value is written in this media type instead of a style. */
  readonly mediaType: string | null;
  readonly schema: Node | null;
}

export type BodyKind =
  | "json"
  | "jsonLines"
  | "form"
  | "multipart"
  /** Of a value by its schema, or text as it is. */
  | "xml"
  | "text"
  | "binary"
  /** The document takes any type: the value decides. */
  | "any";

/** How one property of a form is written. */
export interface FieldEncoding extends Serialization {
  /** True when the document chose a style: arrays and objects are then written by it. */
  readonly styled: boolean;
  /** Of a multipart part; `null` leaves it to the value. */
  readonly contentType: string | null;
  /** Headers of a multipart part that the document gives a value. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** A property for which the document gives no encoding (OpenAPI 3.x section "Encoding Object"). */
export const PLAIN_FIELD: FieldEncoding = {
  style: "form",
  explode: true,
  allowReserved: false,
  styled: false,
  contentType: null,
  headers: [],
};

/** How the parts of a list are written, by their place (OpenAPI 3.2 section 4.14.5). */
export interface ItemEncoding {
  readonly first: readonly FieldEncoding[];
  /** Of all behind those. */
  readonly others: FieldEncoding | null;
}

/** A field of a multipart body that is a file. */
export interface FileField {
  /** Its `contentMediaType`. */
  readonly mediaType: string | null;
  /** Data that is written as a text: a text stays a field without a file name. */
  readonly isText: boolean;
  /** How its bytes become text (`contentEncoding`); absent where they stand as they are. */
  readonly encoding?: "base64" | "base64url";
}

export interface BodyContent {
  /** As declared, without parameters; may be a range such as `image/*`. */
  readonly mediaType: string;
  readonly kind: BodyKind;
  readonly schema: Node | null;
  readonly encoding: ReadonlyMap<string, FieldEncoding>;
  readonly itemEncoding: ItemEncoding;
  /** The names of an object's properties, in the schema's order; of multipart bodies alone. */
  readonly fields: readonly string[];
  /** Which of them are files. */
  readonly files: ReadonlyMap<string, FileField>;
  /** What references of the schema are followed with. */
  readonly references: References;
}

export interface RequestBody {
  /** The argument that fills it: `body`, unless a parameter has that name. */
  readonly argument: string;
  readonly required: boolean;
  readonly description: string;
  /** The preferred one first: JSON, forms, text, binary. */
  readonly contents: readonly BodyContent[];
  /** The argument that chooses among `contents`; `null` where there is no choice. */
  readonly typeArgument: string | null;
}

export interface Operation {
  /** Unique in the catalog; `[A-Za-z0-9_-]{1,64}`. */
  readonly tool: string;
  readonly operationId: string | null;
  /** Upper case. */
  readonly method: string;
  /** `/users/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly deprecated: boolean;
  readonly tags: readonly string[];
  readonly effect: Effect;
  readonly parameters: readonly Parameter[];
  readonly body: RequestBody | null;
  /** Media types of its successful answers. */
  readonly produces: readonly string[];
  /** Schemas of its successful answers in JSON; empty where one of those may be anything. */
  readonly answers: readonly Node[];
  /** How its list goes on, where the document says it. */
  readonly paging: Paging | null;
  /** What its answer leads to, as the document says it; itself among them where its list goes on. */
  readonly followUps: readonly FollowUp[];
  /** Of the operation, else of its path, else of the document. */
  readonly servers: readonly Server[];
  /** True when `servers` are the operation's or the path's own. */
  readonly ownServers: boolean;
  readonly security: OperationSecurity;
}

/** Something of the document that is not a tool, and why. */
export interface SkippedOperation {
  /** `null` where it has none, or more than an operation is skipped. */
  readonly operationId: string | null;
  readonly method: string;
  readonly path: string;
  readonly reason: string;
}
