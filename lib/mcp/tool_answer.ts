/** Answers and errors of calls as results of `tools/call`. Secrets are masked in all of them. */
import { Buffer } from "node:buffer";
import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/server";
import type { AppError } from "../base/error.ts";
import { isRecord } from "../base/json.ts";
import type { Redactor } from "../base/redact.ts";
import { redactJson, redactJsonText } from "../base/redact_json.ts";
import type { ToolResult } from "../ops/tool_owner.ts";

/** About 25,000 tokens: what the larger clients take as one result. In UTF-16 units. */
const MAX_TEXT_LENGTH = 100_000;
/** Of an image, before it is encoded. */
const MAX_IMAGE_BYTES = 512 * 1024;

/** The status line, then the body; for a JSON object also as structured content. */
export function answerResult(
  result: ToolResult,
  redactor: Redactor,
  argumentNames: readonly string[],
): CallToolResult {
  const type = result.mediaType === "" ? "" : ` ${redactor.redact(result.mediaType)}`;
  const status = `HTTP ${result.status}${type}`;
  const body = bodyBlock(result, redactor, argumentNames);
  if (body.kind === "refused") return failed([text(status), text(body.advice)]);
  const content = [text(status), ...(body.block === null ? [] : [body.block])];
  if (result.error !== null) return failed([text(errorText(result.error, redactor)), ...content]);
  return isRecord(result.json)
    ? { content, structuredContent: redactJson(result.json, redactor) as Record<string, unknown> }
    : { content };
}

/** The message and the hint, word for word as the shell prints them. */
export function errorResult(error: AppError, redactor: Redactor): CallToolResult {
  return failed([text(errorText(error, redactor))]);
}

/** Message and hint, masked. */
export function errorText(error: AppError, redactor: Redactor): string {
  const hint = error.hint === undefined ? "" : `\nhint: ${error.hint}`;
  return redactor.redact(`${error.message}${hint}`);
}

type Body =
  | { readonly kind: "shown"; readonly block: ContentBlock | null }
  | { readonly kind: "refused"; readonly advice: string };

function bodyBlock(result: ToolResult, redactor: Redactor, argumentNames: readonly string[]): Body {
  if (result.text === null) return binaryBlock(result);
  if (result.text === "") return { kind: "shown", block: null };
  if (result.text.length > MAX_TEXT_LENGTH) {
    return { kind: "refused", advice: tooLong(result.text.length, argumentNames) };
  }
  const shown = result.json === undefined
    ? redactor.redact(result.text)
    : redactJsonText(result.text, result.json, redactor);
  return { kind: "shown", block: text(shown) };
}

function binaryBlock({ body, mediaType }: ToolResult): Body {
  if (/^image\/(png|jpeg|gif|webp)$/.test(mediaType) && body.length <= MAX_IMAGE_BYTES) {
    const data = Buffer.from(body).toString("base64");
    return { kind: "shown", block: { type: "image", data, mimeType: mediaType } };
  }
  return {
    kind: "refused",
    advice: `The answer is ${body.length} bytes of ${mediaType || "binary data"}, which a tool ` +
      "result cannot hold. keysmith call with -o raw saves it to a file",
  };
}

/** Cutting would make half of a document look like all of it. */
function tooLong(length: number, argumentNames: readonly string[]): string {
  const means = argumentNames.length === 0
    ? "Use another tool that asks for less"
    : `Ask for less with its arguments: ${argumentNames.join(", ")}`;
  return `The answer has ${length} characters, more than the ${MAX_TEXT_LENGTH} a result may have. ${means}`;
}

function text(value: string): ContentBlock {
  return { type: "text", text: value };
}

function failed(content: ContentBlock[]): CallToolResult {
  return { content, isError: true };
}
