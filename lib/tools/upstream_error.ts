/** What an answer means for the exit code. The body is the user's in any case. */
import { AppError } from "../base/error.ts";
import { isRecord, type JsonValue } from "../base/json.ts";
import { LOOK_FIRST, retryHint } from "./answered_write.ts";
import { isXml, xmlLeaves } from "../http/xml.ts";
import type { ToolDefinition } from "./definition.ts";
import type { ToolResponse } from "./response.ts";

/**
 * `UPSTREAM_REFUSED` for 4xx and for a refusal in the terms of JSON-RPC or GraphQL, `UPSTREAM_FAILED` for
 * 5xx, else `null`. The message holds nothing of the body.
 */
export function upstreamError(response: ToolResponse, loginCommand?: string): AppError | null {
  const { status } = response;
  if (status >= 500) {
    const hint = response.written === undefined ? retryHint(response.method) : LOOK_FIRST;
    return new AppError("UPSTREAM_FAILED", `${askedOf(response)} failed with status ${status}`, {
      hint: `The server's own words are in the answer. ${hint}`,
      details: { status },
    });
  }
  if (status >= 400) {
    const message = `${askedOf(response)} was refused with status ${status}`;
    const isOfPage = response.written !== undefined && status !== 401 && status !== 403;
    return new AppError("UPSTREAM_REFUSED", message, {
      hint: isOfPage ? LOOK_FIRST : refusalHint(status, loginCommand),
      details: { status },
    });
  }
  if (!holdsError(response)) return null;
  return new AppError("UPSTREAM_REFUSED", `${requestOf(response)} was answered with an error`, {
    hint: "The server's own words are in the answer",
    details: { status },
  });
}

/** A page where every recorded answer was data is not an answer to the call, whatever its status says. */
export function pageForData(
  { answer }: Pick<ToolDefinition, "answer">,
  response: ToolResponse,
  loginCommand: string,
): AppError | null {
  const isExpected = !/[/+]json\b/.test(answer?.contentType ?? "");
  if (isExpected || response.status >= 300 || response.content.kind !== "html") return null;
  const message = `${requestOf(response)} was answered with a page in place of data`;
  return new AppError("UPSTREAM_REFUSED", message, {
    hint: `If the page asks to log in: ${loginCommand}`,
    details: { status: response.status },
  });
}

/** What the status is of: the request, or the page that a request which changes something led to. */
function askedOf(response: ToolResponse): string {
  const { written } = response;
  const request = requestOf(response);
  return written === undefined
    ? request
    : `${request} was answered with status ${written}, and the page it leads to`;
}

function requestOf({ method, requestedUrl }: ToolResponse): string {
  return `"${method} ${requestedUrl}"`;
}

function refusalHint(status: number, loginCommand: string | undefined): string {
  if (status === 401 && loginCommand !== undefined) return loginCommand;
  if (status === 403) {
    return "The credentials do not permit this; the server's own words are in the answer";
  }
  if (status === 429) return "Too many requests; wait before the next one";
  return "The server's own words are in the answer; check the arguments";
}

function holdsError({ content }: ToolResponse): boolean {
  if (content.kind === "text") return isFault(content.text);
  if (content.kind !== "json") return false;
  const { value } = content;
  // A batch of which no call succeeded; what a tool sends is a batch of one.
  return Array.isArray(value)
    ? value.length > 0 && value.every((one: JsonValue) => saysError(one))
    : saysError(value);
}

/** `fault` of XML-RPC, which has no other status, and of SOAP, whose servers often answer 200 all the same. */
function isFault(text: string): boolean {
  const isAnswer = isXml(text) && /(?:methodResponse|:?Envelope)[\s>]/.test(text.slice(0, 1_000));
  return isAnswer &&
    xmlLeaves(text).some(({ path }) =>
      /^(?:methodResponse\/fault|Envelope\/Body\/Fault)(?:\/|$)/.test(path)
    );
}

/**
 * A JSON-RPC 2.0 answer with an `error` member, or a GraphQL answer with errors and no data
 * (GraphQL specification section 7.1): both come with status 200.
 */
function saysError(value: JsonValue): boolean {
  if (!isRecord(value)) return false;
  if (value["jsonrpc"] === "2.0" && isRecord(value["error"])) return true;
  const { errors, data } = value;
  const isGraphql = Array.isArray(errors) && errors.length > 0 &&
    errors.every((error) => isRecord(error) && typeof error["message"] === "string");
  return isGraphql && "data" in value && data === null;
}
