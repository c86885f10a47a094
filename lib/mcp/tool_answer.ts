/**
 * Answers and errors of calls as results of `tools/call`. Secrets are masked in all of them. An answer with
 * a good status is a success whatever its size or type: of what is too large for a result the beginning is
 * shown, and the whole is a file and a resource. To say that such a call failed would have it made again.
 */
import type { CallToolResult } from "@modelcontextprotocol/server";
import { isRecord } from "../base/json.ts";
import type { Redactor } from "../base/redact.ts";
import { redactJson, redactJsonText } from "../base/redact_json.ts";
import { digitsAsText, exactJson } from "../ops/answer_json.ts";
import type { KeptAnswers } from "../ops/kept_answers.ts";
import type { ToolResult } from "../ops/tool_owner.ts";
import { binaryContent, keptContent } from "./answer_content.ts";
import { errorText } from "./error_result.ts";
import { fitted, withoutAnswer } from "./fitted_output.ts";
import type { Output } from "./output_schema.ts";

/** About 25,000 tokens: what the larger clients take as one result. In UTF-16 units. */
const MAX_TEXT_LENGTH = 100_000;
/** Of a longer text, how much is shown. In UTF-16 units. */
const BEGINNING_LENGTH = 20_000;

export interface AnswerOptions {
  readonly redactor: Redactor;
  /** The tool's name, for the file of a large answer. */
  readonly tool: string;
  readonly kept: KeptAnswers;
  /** What the tool is said to answer. */
  readonly output: Output | null;
}

/** Status and headers, then the body; a JSON object also as structured content, which fits what the tool says. */
export async function answerResult(
  result: ToolResult,
  options: AnswerOptions,
): Promise<CallToolResult> {
  const { redactor } = options;
  const error = result.error === null ? [] : [text(errorText(result.error, redactor))];
  const body = result.text === null
    ? await binaryContent(result, options)
    : await textContent(result, result.text, options);
  const content = [...error, text(redactor.redact(headLines(result))), ...body];
  if (result.error !== null) return failed(content);
  const structured = structuredOf(result, options);
  return structured === null ? { content } : { content, structuredContent: structured };
}

function structuredOf(
  result: ToolResult,
  { redactor, output }: AnswerOptions,
): Record<string, unknown> | null {
  const isWhole = result.text !== null && result.text.length <= MAX_TEXT_LENGTH;
  const isShown = isWhole && result.json !== undefined && result.cut === null;
  if (!isShown || output === null && !isRecord(result.json)) {
    return output === null ? null : withoutAnswer(whyWithout(result));
  }
  const exact = exactJson(result);
  const shown = redactJson(exact === result.json ? exact : digitsAsText(exact), redactor);
  return output === null ? shown as Record<string, unknown> : fitted(output, shown);
}

function whyWithout({ status, body, cut, text, json }: ToolResult): string {
  if (body.length === 0) return `HTTP ${status} without a body`;
  if (cut !== null) return "The answer is not whole";
  return text === null || json === undefined
    ? "The answer is not JSON: it is in the content"
    : "The answer is too large to be structured: it is in the content";
}

/** `HTTP 201 application/json`, where the created thing is, where more of a list is, and whether all of it came. */
function headLines({ status, mediaType, headers, body, cut }: ToolResult): string {
  const shown = headers.filter(([name]) => /^(location|content-location|link)$/i.test(name));
  const lines = [
    mediaType === "" ? `HTTP ${status}` : `HTTP ${status} ${mediaType}`,
    ...shown.map(([name, value]) =>
      `${name.replace(/\b[a-z]/g, (c) => c.toUpperCase())}: ${value}`
    ),
  ];
  if (cut === null) return lines.join("\n");
  return [
    ...lines,
    `The answer is not whole: ${cut}; its first ${body.length} bytes are here. The server has ` +
    `answered the request with status ${status}: do not send it again for that`,
  ].join("\n");
}

async function textContent(
  result: ToolResult,
  body: string,
  options: AnswerOptions,
): Promise<CallToolResult["content"]> {
  if (body === "") return [];
  const { redactor } = options;
  const shown = result.json === undefined
    ? redactor.redact(body)
    : redactJsonText(body, result.json, redactor);
  if (body.length <= MAX_TEXT_LENGTH) return [text(shown)];
  const beginning = shown.slice(0, BEGINNING_LENGTH).replace(/[\ud800-\udbff]$/, "");
  const offset = new TextEncoder().encode(beginning).length;
  const rest = await keptContent(shown, result, options, offset);
  return [text(beginning), ...rest];
}

function text(value: string): CallToolResult["content"][number] {
  return { type: "text", text: value };
}

function failed(content: CallToolResult["content"]): CallToolResult {
  return { content, isError: true };
}
