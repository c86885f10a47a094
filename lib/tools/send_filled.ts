/** A call with what its pages hand out for it: fetched before it, and taken from its own refusal. */
import type { Context } from "../base/context.ts";
import type { HttpRequest } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { applyRenewals } from "../token/renewals.ts";
import { registerToken } from "../token/secrets.ts";
import type { TokenState } from "../token/token_state.ts";
import { checkArguments } from "./arguments.ts";
import type { FetchedValues } from "./build_request.ts";
import {
  type Credentials,
  credentialsAt,
  mergeCookies,
  NO_CREDENTIALS,
  setHeader,
} from "./credentials.ts";
import type { ToolDefinition } from "./definition.ts";
import { type Fetched, fetchValues, handedOut, withPageCookies } from "./fetch_values.ts";
import type { ToolResponse } from "./response.ts";
import { type SendOptions, sendRequest } from "./send.ts";

export interface Filling {
  readonly tool: ToolDefinition;
  readonly args: Readonly<Record<string, unknown>>;
  readonly build: (fetched?: FetchedValues) => HttpRequest;
  /** As the arguments make it, and as it is asked: with what a refusal handed out. */
  readonly request: HttpRequest;
  readonly asked: HttpRequest;
  readonly options: Omit<SendOptions, "credentials" | "origins">;
}

/**
 * Sends a call with what its pages hold, and once more with what its own answer hands out instead.
 *
 * @throws {NotHandedOut} before the call itself is sent; and all that `sendRequest` throws.
 */
export async function sendFilled(
  ctx: Context,
  { tool, args, build, request, asked, options }: Filling,
  token: TokenState | null,
): Promise<ToolResponse> {
  const { onItem, ...forPages } = options;
  const origins = token?.origins ?? [];
  const dressedBy = (held: TokenState | null) =>
    held === null ? NO_CREDENTIALS : credentialsAt(held, tool.credentials);
  const stream = onItem === undefined ? {} : { onItem };
  const sendOne = (one: HttpRequest, credentials: Credentials) =>
    sendRequest(ctx, one, { ...forPages, ...stream, credentials, origins });
  if (tool.fetches === undefined) return await sendOne(asked, dressedBy(token));
  const carried = dressedBy(token);
  const held = new Set(Object.keys(carried.headers).map((name) => name.toLowerCase()));
  const fetched = await fetchValues(tool, {
    args: checkArguments(tool.parameters, args),
    asked: request,
    send: (page) => {
      const credentials = withFetched(carried, tool, page);
      return sendRequest(ctx, page, { ...forPages, credentials, origins });
    },
    isHeld: ({ header }) => header !== null && held.has(header.toLowerCase()),
  });
  const after = token && renewedBy(ctx, token, fetched.renewals);
  const fill = ({ values, cookies }: Pick<Fetched, "values" | "cookies">) => {
    const filled = withChangedHeaders(withPageCookies(build(values), cookies), request, asked);
    return [filled, withFetched(dressedBy(after), tool, filled)] as const;
  };
  let response = await sendOne(...fill(fetched));
  const given = handedOut(tool, request, response);
  if (given !== null) {
    const values = new Map([...fetched.values, ...given.values]);
    response = await sendOne(...fill({ values, cookies: joined(given.cookies, fetched.cookies) }));
  }
  return { ...response, renewals: [...fetched.renewals, ...response.renewals] };
}

/** What pages renewed goes along already, as a browser's cookies do: a token may be good beside its cookie alone. */
function renewedBy(ctx: Context, token: TokenState, renewals: Fetched["renewals"]): TokenState {
  const renewed = applyRenewals(token, token, renewals, ctx.clock.nowMs()) ?? token;
  registerToken(ctx.redactor, renewed);
  return renewed;
}

/** With the request's own values of headers that are fetched: the login's may be good no longer. */
function withFetched(
  credentials: Credentials,
  { fetches = [] }: ToolDefinition,
  { headers }: HttpRequest,
): Credentials {
  const names = new Set(
    fetches.flatMap(({ header, headers = [] }) => [header, ...headers.map(([name]) => name)])
      .map((name) => name?.toLowerCase()),
  );
  const own = Object.entries(credentials.headers).map(([name, value]) => [
    name,
    names.has(name.toLowerCase()) ? headerValue(headers, name) ?? value : value,
  ]);
  return { ...credentials, headers: Object.fromEntries(own) };
}

function joined(...cookies: readonly string[]): string {
  return cookies.filter((text) => text !== "").reduce((all, text) => mergeCookies(text, all), "");
}

/** `filled` with the headers in which `asked` differs from `request`: what a refusal handed out. */
function withChangedHeaders(
  filled: HttpRequest,
  request: HttpRequest,
  asked: HttpRequest,
): HttpRequest {
  const changed = asked.headers.filter((header) => !request.headers.includes(header));
  const headers = changed.reduce(
    (all, [name, value]) => setHeader(all, name, value),
    filled.headers,
  );
  return { ...filled, headers };
}
