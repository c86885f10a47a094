/** What a call of a tool would send, and what it would be authenticated with, without sending anything. */
import type { Context } from "../base/context.ts";
import { bodyText } from "../http/body.ts";
import { isDigest } from "../http/computed_credential.ts";
import type { HeaderList, HttpRequest } from "../http/exchange.ts";
import { openHome } from "../store/home.ts";
import { registerToken } from "../token/secrets.ts";
import { readToken } from "../token/token_file.ts";
import { isAlive, type TokenState } from "../token/token_state.ts";
import { checkArguments } from "../tools/arguments.ts";
import { buildAppRequest } from "../tools/build_request.ts";
import { pageUrl } from "../tools/fetch_values.ts";
import { withUser } from "../tools/logged_in_user.ts";
import { type Credentials, credentialsAt } from "../tools/credentials.ts";
import type { ToolDefinition } from "../tools/definition.ts";
import { readNamedTool } from "../tools/named_tool.ts";
import { explainService } from "./explain_service.ts";
import { noChoice } from "./app_tools.ts";
import type { ToolArguments } from "./tool_owner.ts";
import { toolOwner } from "./find_tool_owner.ts";

export interface PreviewCallInput {
  readonly owner: string;
  readonly tool: string;
  readonly args: ToolArguments;
  /** The body's media type, where the tool takes several. */
  readonly contentType?: string;
}

export interface PreviewCallOutput {
  readonly owner: string;
  readonly tool: string;
  readonly method: string;
  readonly url: string;
  /** Without those that authenticate. */
  readonly headers: HeaderList;
  /** `null` without a body. */
  readonly body: string | null;
  /** Where credentials would be put: `header Authorization`, `query parameter "key"`. */
  readonly places: readonly string[];
  /** How the credentials were chosen, or why there are none, for people. */
  readonly lines: readonly string[];
}

/** @throws {AppError} `NOT_FOUND`, `USAGE` naming the argument, `BAD_CONFIG`. */
export async function previewCall(
  ctx: Context,
  input: PreviewCallInput,
): Promise<PreviewCallOutput> {
  const { owner, tool, args, contentType } = input;
  const media = contentType === undefined ? {} : { contentType };
  const found = await toolOwner(ctx, owner);
  if (found.kind === "service") {
    const explained = await explainService(ctx, { service: owner, tool, args, ...media });
    const { request, places, lines } = explained;
    return { owner, tool, ...requestParts(request!), places, lines };
  }
  if (contentType !== undefined) throw noChoice(contentType);
  // Derives the tools of an app that has none yet.
  await found.show(tool);
  return await previewApp(ctx, input);
}

async function previewApp(
  ctx: Context,
  { owner, tool, args }: PreviewCallInput,
): Promise<PreviewCallOutput> {
  const home = openHome(ctx);
  const definition = await readNamedTool(home, owner, tool);
  const token = await readToken(home, owner);
  if (token !== null) registerToken(ctx.redactor, token);
  const usable = token !== null && token.origins.includes(definition.origin) ? token : null;
  const told = await withUser(home, owner, definition, args);
  const filled = checkArguments(definition.parameters, told);
  return {
    owner,
    tool,
    ...requestParts(buildAppRequest(definition, told)),
    places: usable === null ? [] : placesOf(credentialsAt(usable, definition.credentials)),
    lines: [
      ...(definition.fetches ?? []).map(({ name, path, query }) =>
        path === null
          ? `"${name}" is taken from the refusal where the request is refused without it`
          : `"${name}" is fetched from ${pageUrl(definition, { path, query }, filled)} first`
      ),
      tokenLine(owner, definition, token, ctx.clock.nowMs()),
    ],
  };
}

function requestParts({ method, url, headers, body }: HttpRequest) {
  return { method, url, headers, body: body === null ? null : bodyText(headers, body) };
}

function placesOf(token: Credentials): string[] {
  return [
    ...Object.keys(token.headers).map((name) => `header ${name}`),
    ...Object.keys(token.query_params).map((name) => `query parameter "${name}"`),
    ...Object.keys(token.body_params).map((name) => `body parameter "${name}"`),
    ...token.computed.map((one) =>
      isDigest(one)
        ? "header Authorization, computed for the request"
        : "header DPoP, a proof made for the request"
    ),
  ];
}

function tokenLine(
  app: string,
  tool: ToolDefinition,
  token: TokenState | null,
  nowMs: number,
): string {
  if (token === null) {
    return tool.requiresAuth ? `not logged in: keysmith auth login ${app}` : "no login is needed";
  }
  if (!token.origins.includes(tool.origin)) return `the token does not belong to ${tool.origin}`;
  return isAlive(token, nowMs) ? "the token is valid" : "the token has to be renewed first";
}
