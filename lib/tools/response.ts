/** The answer to a tool's call, decoded as far as its content type says. */
import { parseBodyText, type ParsedBody } from "../http/body.ts";
import type { HttpRequest, HttpResponse } from "../http/exchange.ts";
import { mediaType } from "../http/headers.ts";
import { maskUrlSecrets } from "../http/mask_url.ts";
import type { Renewal } from "../token/renewals.ts";

export interface ToolResponse extends HttpResponse {
  readonly method: string;
  /** Of the request that was asked for; secrets masked. */
  readonly requestedUrl: string;
  /** Of the request that was answered, after redirects; secrets masked. */
  readonly url: string;
  readonly redirects: number;
  /** Of the redirect that answered a request which changes something: this is the page it led to. */
  readonly written?: number;
  readonly body: Uint8Array;
  /** Lower case, without parameters; `""` when there is none. */
  readonly mediaType: string;
  readonly content: ParsedBody;
  /** The body as text; `null` when it is binary. */
  readonly text: string | null;
  /** False when no credential was sent, or the last hop was on another origin. */
  readonly authenticated: boolean;
  /** Why the body is not whole; `null` when it is. */
  readonly cut: string | null;
  /** What the answers to requests that carried the credentials renewed of them, in order. Secret. */
  readonly renewals: readonly Renewal[];
}

export function toolResponse(
  asked: HttpRequest,
  answered: HttpRequest,
  response: HttpResponse & { readonly cut?: string },
  facts: Pick<ToolResponse, "redirects" | "authenticated" | "renewals" | "written">,
): ToolResponse {
  const body = response.body ?? new Uint8Array();
  return {
    status: response.status,
    headers: response.headers,
    method: asked.method,
    // Most answers are shown without them, and to parse a URL costs as much as to parse the answer.
    get requestedUrl() {
      return maskUrlSecrets(asked.url);
    },
    get url() {
      return maskUrlSecrets(answered.url);
    },
    body,
    mediaType: mediaType(response.headers),
    ...parseBodyText(response.headers, body),
    cut: response.cut ?? null,
    ...facts,
  };
}
