/** An app or a service as the shell and MCP see it: something whose tools are listed, shown and called. */
import type { BrowserLogin } from "../base/browser_login.ts";
import type { AppError } from "../base/error.ts";
import type { JsonSchema, JsonValue } from "../base/json.ts";
import type { StreamItem } from "../http/event_stream.ts";
import type { HeaderList } from "../http/exchange.ts";
import type { PageLink } from "../http/link_header.ts";
import type { Paging } from "../openapi/paging.ts";

export interface ToolOwner {
  readonly kind: "app" | "service";
  readonly name: string;
  /**
   * As `list` has it, where that is known without making the tools. Of an app never: what is kept under it would
   * outlive the app.
   */
  state?(): Promise<string | null>;
  list(): Promise<ToolListing>;
  /** The whole definition, as data. @throws {AppError} `NOT_FOUND`, `BAD_STORE`. */
  show(tool: string): Promise<ToolDetails>;
  /** @throws {AppError} for a call that was not made or not answered; an answer 4xx or 5xx is none. */
  call(tool: string, args: ToolArguments, options: ToolCallOptions): Promise<ToolResult>;
}

export type ToolArguments = Readonly<Record<string, unknown>>;

export interface ToolListing {
  readonly tools: readonly ToolSummary[];
  readonly skipped: readonly SkippedTool[];
  /** What they were made of, where that says it: as long as it is the same, so are they. */
  readonly state?: string;
}

export interface ToolSummary {
  readonly name: string;
  readonly description: string;
  readonly method: string;
  /** As the document or the recording has it, with `{name}` where arguments go. */
  readonly path: string;
  /** Where a call goes, with `{name}` where arguments go. */
  readonly url: string;
  /** What the document groups it under. */
  readonly tags: readonly string[];
  readonly requiresAuth: boolean;
  /** Calls change nothing. */
  readonly safe: boolean;
  /** A second equal call changes no more than the first. */
  readonly idempotent: boolean;
  /** Calls only ever add: they neither change nor remove what is there. */
  readonly additive: boolean;
  /** Names of what a call takes, the members of its body too. */
  readonly words: readonly string[];
  /** Of `parameters` as JSON, in UTF-16 units. */
  readonly size: number;
  /** JSON Schema of the arguments. Of a large document it may be read from the disk when it is looked at. */
  readonly parameters: JsonSchema;
  /** `parameters` as JSON, where it is at hand as that. */
  readonly parametersJson?: string;
  /** Of `answers` as JSON, in UTF-16 units; 0 for `null`, and where it is made when it is looked at. */
  readonly answersSize: number;
  /** JSON Schema of what a successful call answers; `null` where that is not known. Read as `parameters` is. */
  readonly answers: JsonSchema | null;
}

/** A tool that cannot be offered. */
export interface SkippedTool {
  readonly name: string;
  readonly reason: string;
}

export interface ToolDetails {
  readonly summary: ToolSummary;
  /** How its list goes on, where the document says it. */
  readonly paging?: Paging | null;
  /** Everything that is known, for `tools show` and its `--json`. */
  readonly definition: unknown;
}

export interface ToolCallOptions {
  readonly timeoutMs?: number;
  /** Of the answer; default 10 MiB. */
  readonly maxBytes?: number;
  /** What is beyond `maxBytes`, or did not come, is left out and no error: see `ToolResult.cut`. */
  readonly keepPartial?: boolean;
  /** Credentials may go over plain http to other machines than this one. */
  readonly allowHttp?: boolean;
  /** The body's media type, where the tool takes several. */
  readonly contentType?: string;
  /** In place of the address that the arguments make: another page, on the same origin. */
  readonly pageUrl?: string;
  /** Takes the items of an answer that is a stream, as they come; its body is then empty. */
  readonly onItem?: (item: ToolStreamItem) => void;
  /** The user's browser, where a service's login may need one. */
  readonly browser?: BrowserLogin;
}

/** One item of an answer that is a stream. */
export type ToolStreamItem = StreamItem;

/** An answer, whatever its status. */
export interface ToolResult {
  readonly status: number;
  /** Of the request that was answered; query values masked. */
  readonly url: string;
  readonly headers: HeaderList;
  /** Lower case, without parameters; `""` when there is none. */
  readonly mediaType: string;
  readonly body: Uint8Array;
  /** `null` for a binary body. */
  readonly text: string | null;
  /** `undefined` unless the body is JSON. */
  readonly json: JsonValue | undefined;
  /** Why `body` is not whole; `null` when it is. */
  readonly cut: string | null;
  /** Where the answer says its neighbours are. */
  readonly pages: readonly PageLink[];
  /** `UPSTREAM_REFUSED` or `UPSTREAM_FAILED` when the answer is a refusal: thrown after the body was printed. */
  readonly error: AppError | null;
}
