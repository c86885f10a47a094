/**
 * Whether an answer says that the session is over. Servers say it in four ways that can be told apart
 * from other refusals: 401, a redirect to a page to log in on, that page itself in place of data, and
 * GraphQL's error code. A refusal in a protocol's own words (JSON-RPC and the like) is not guessed at.
 */
import { isRecord, type JsonValue } from "../base/json.ts";
import { isLoginPath } from "../http/vocabulary.ts";
import { parseHtml } from "../http/html.ts";
import type { ToolDefinition } from "./definition.ts";
import type { ToolResponse } from "./response.ts";

export type SessionEnd = "unauthorized" | "login-page" | "graphql-code";

/** `null` when nothing says that the session is over. */
export function sessionEnd(
  tool: Pick<ToolDefinition, "answer">,
  response: ToolResponse,
): SessionEnd | null {
  if (response.status === 401) return "unauthorized";
  if (isLoginPage(tool, response)) return "login-page";
  return response.content.kind === "json" && saysUnauthenticated(response.content.value)
    ? "graphql-code"
    : null;
}

function isLoginPage(tool: Pick<ToolDefinition, "answer">, response: ToolResponse): boolean {
  if (response.content.kind !== "html") return false;
  const redirected = response.redirects > 0;
  const expectedPage = tool.answer?.contentType?.includes("html") ?? false;
  if (expectedPage && !redirected) return false;
  return hasPasswordField(response.content.text) || (redirected && leadsToLogin(response));
}

function hasPasswordField(html: string): boolean {
  const { forms, looseInputs } = parseHtml(html);
  return [...forms.flatMap(({ inputs }) => inputs), ...looseInputs].some(({ type }) =>
    type.toLowerCase() === "password"
  );
}

/** A login page that a script draws has no field to see; its address has to do. */
function leadsToLogin(response: ToolResponse): boolean {
  const [from, to] = [new URL(response.requestedUrl), new URL(response.url)];
  return from.pathname !== to.pathname && isLoginPath(to.pathname);
}

/** The code that GraphQL servers use by the convention Apollo Server began. */
function saysUnauthenticated(value: JsonValue): boolean {
  if (Array.isArray(value)) return value.some(saysUnauthenticated);
  const errors = isRecord(value) ? value["errors"] : undefined;
  return Array.isArray(errors) &&
    errors.some((error) =>
      isRecord(error) && isRecord(error["extensions"]) &&
      error["extensions"]["code"] === "UNAUTHENTICATED"
    );
}
