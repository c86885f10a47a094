/**
 * What a request needs from a page that was loaded before it: anti-forgery tokens and nonces, fetched as the
 * page did it, with the session of the call.
 */
import { responseCookies } from "../http/cookies.ts";
import type { HeaderList, HttpRequest } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { maskUrlSecrets } from "../http/mask_url.ts";
import type { Arguments } from "./arguments.ts";
import { type FetchedValues, fillPath } from "./build_request.ts";
import { mergeCookies, setHeader } from "./credentials.ts";
import type { ToolDefinition, ToolFetch } from "./definition.ts";
import { isElsewhere, NotHandedOut } from "./not_handed_out.ts";
import { takeValue } from "./page_value.ts";
import type { ToolResponse } from "./response.ts";

export interface Fetched {
  /** By the name of the fetch; without cookies that the page left as they are. */
  readonly values: FetchedValues;
  /** `name=value` pairs that the pages set: a token in a form and its cookie belong together. */
  readonly cookies: string;
  /** Credentials that the pages renewed. Secret. */
  readonly renewals: ToolResponse["renewals"];
}

export interface Fetching {
  readonly args: Arguments;
  /** The call that the values are for. */
  readonly asked: HttpRequest;
  readonly send: (request: HttpRequest) => Promise<ToolResponse>;
  /** True for a value that the session has, too. */
  readonly isHeld: (fetch: ToolFetch) => boolean;
}

/**
 * One request for each page, in the order of the tool's fetches.
 *
 * @throws {NotHandedOut} where a page refuses, leads elsewhere or lacks what the call needs of it.
 */
export async function fetchValues(
  tool: ToolDefinition,
  { args, asked, send, isHeld }: Fetching,
): Promise<Fetched> {
  const pages = new Map<string, ToolResponse>();
  const values = new Map<string, string>();
  for (const fetch of tool.fetches ?? []) {
    if (fetch.path === null) continue;
    const request = pageRequest(tool, { ...fetch, path: fetch.path }, args);
    const key = JSON.stringify([request.method, request.url, fetch.headers]);
    const page = pages.get(key) ?? await send(request);
    pages.set(key, page);
    const value = takeValue(page, fetch.from, { request: asked, pageUrl: page.url });
    // A cookie is set once; later pages leave it as it is.
    const isNeeded = fetch.from.kind !== "cookie" && !isHeld(fetch);
    if (isElsewhere(page) || value === undefined && isNeeded) {
      throw new NotHandedOut(page, fetch, `${asked.method} ${maskUrlSecrets(asked.url)}`);
    }
    if (value !== undefined) values.set(fetch.name, value);
  }
  const answers = [...pages.values()];
  return {
    values,
    cookies: answers.flatMap(({ headers }) => responseCookies(headers))
      .filter(({ value }) => value !== "").map(({ name, value }) => `${name}=${value}`).join("; "),
    renewals: answers.flatMap(({ status, renewals }) => status < 400 ? renewals : []),
  };
}

function pageRequest(
  tool: ToolDefinition,
  fetch: ToolFetch & { readonly path: string },
  args: Arguments,
): HttpRequest {
  const kept = tool.headers.filter(([name]) => /^(user-agent|accept-language)$/i.test(name));
  const accept = fetch.from.kind === "json" || fetch.from.kind === "header"
    ? "application/json, */*;q=0.5"
    : "text/html, */*;q=0.5";
  const headers: HeaderList = [...kept, ["Accept", accept], ...fetch.headers ?? []];
  return { method: fetch.method ?? "GET", url: pageUrl(tool, fetch, args), headers, body: null };
}

/** Where the page of a fetch stands, with the arguments of the call. */
export function pageUrl(
  { origin }: ToolDefinition,
  { path, query }: Pick<ToolFetch, "query"> & { readonly path: string },
  args: Arguments,
): string {
  const asked = new URLSearchParams(query.map(([name, value]) => [name, value])).toString();
  return origin + fillPath(path, args) + (asked === "" ? "" : `?${asked}`);
}

/** What the refusal of a request hands out for the next try; `null` where it hands out nothing. */
export function handedOut(
  { fetches = [] }: ToolDefinition,
  asked: HttpRequest,
  response: ToolResponse,
): Pick<Fetched, "values" | "cookies"> | null {
  const { status, redirects } = response;
  if (status < 400 || status >= 500 || status === 429 || redirects > 0) return null;
  const given = fetches.filter(({ path }) => path === null);
  const submission = { request: asked, pageUrl: response.url };
  const taken = given.map(({ name, from }) =>
    [name, takeValue(response, from, submission)] as const
  )
    .filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== "");
  if (taken.length === 0) return null;
  // The cookie that holds it, and no other: a refusal may set an anonymous session.
  const cookies = given.flatMap(({ from }) => from.kind === "cookie" ? [from.name] : []);
  return {
    values: new Map(taken),
    cookies: responseCookies(response.headers).filter(({ name }) => cookies.includes(name))
      .map(({ name, value }) => `${name}=${value}`).join("; "),
  };
}

/** The request with cookies that the pages set; those of the session win where it has them. */
export function withPageCookies(request: HttpRequest, cookies: string): HttpRequest {
  if (cookies === "") return request;
  const own = headerValue(request.headers, "cookie") ?? "";
  return { ...request, headers: setHeader(request.headers, "Cookie", mergeCookies(cookies, own)) };
}
