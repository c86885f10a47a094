/** What a call prints: the answer, the items of all pages, or those of a stream as they come. */
import { AppError } from "../base/error.ts";
import { redactJson } from "../base/redact_json.ts";
import { exactJson } from "../ops/answer_json.ts";
import { callAllPages } from "../ops/call_all_pages.ts";
import { callTool, type CallToolInput } from "../ops/call_tool.ts";
import type { ToolResult, ToolStreamItem } from "../ops/tool_owner.ts";
import type { Session } from "./command.ts";
import type { Output } from "./output.ts";

/** What `--json` prints. Cookies that the answer sets are secrets, and left out. */
export function answerDocument({ status, url, headers, mediaType, json, text, body }: ToolResult) {
  const shown = headers.filter(([name]) => name.toLowerCase() !== "set-cookie");
  const content = json !== undefined
    ? { json: exactJson({ json, text }) }
    : text !== null
    ? { text }
    : { base64: body.toBase64() };
  return { status, url, headers: shown, mediaType, body: content };
}

/** The error with the answer that is its reason. */
export function withAnswer(error: AppError, result: ToolResult): AppError {
  return withDetails(error, { answer: answerDocument(result) });
}

/** The error with what there is to say beside it. */
export function withDetails(error: AppError, more: Record<string, unknown>): AppError {
  const { message, hint } = error;
  const details = { ...error.details, ...more };
  return new AppError(error.code, message, { details, ...(hint === undefined ? {} : { hint }) });
}

export function printBody(
  output: Output,
  { json, text, body, mediaType }: ToolResult,
  format: "json" | "raw" | undefined,
): void {
  if (format === "raw" && text !== null) output.bytes(body);
  else if (format === "json" || (format === undefined && json !== undefined)) {
    output.document(json === undefined ? text ?? body.toBase64() : exactJson({ json, text }));
  } else if (text !== null) {
    output.text(text);
  } else {
    output.binary(body, mediaType);
  }
}

export interface AllPagesOptions {
  readonly maxPages: number;
  /** `raw`: the pages as they come, one after the other. */
  readonly format: "json" | "raw" | undefined;
}

/** One list of all items. What came before a page that fails is printed, too. */
export async function printAllPages(
  { ctx, output }: Session,
  call: CallToolInput,
  { maxPages, format }: AllPagesOptions,
): Promise<void> {
  const print = (page: ToolResult) => printBody(output, page, "raw");
  const raw = format === "raw" ? { onPage: print } : {};
  const { items, pages, complete, stopped, last, broke } = await callAllPages(ctx, {
    ...call,
    maxPages,
    ...raw,
  });
  const result = { items, pages, complete, stopped };
  const error = broke ?? last.error;
  // One document alone, which holds what came before as well.
  if (error !== null && output.json) {
    throw withDetails(broke ?? withAnswer(last.error!, last), result);
  }
  if (format !== "raw") output.result(result, () => output.document(items));
  if (stopped !== null) output.note(`there may be more: ${stopped}`);
  if (error !== null) throw error;
}

/** A line for each item: its JSON or its text; with `--json` an object of event, id and either. */
export async function printStream(session: Session, call: CallToolInput): Promise<void> {
  const { ctx, output } = session;
  let count = 0;
  const onItem = (item: ToolStreamItem) => {
    count++;
    output.text(itemLine(session, item));
  };
  const result = await callTool(ctx, { ...call, onItem });
  if (result.error !== null && output.json) throw withAnswer(result.error, result);
  const isStream = count > 0 || result.body.length === 0;
  if (!isStream) output.result(answerDocument(result), () => printBody(output, result, undefined));
  if (result.error !== null) throw result.error;
}

function itemLine({ ctx, output }: Session, { event, id, text, json }: ToolStreamItem): string {
  const value = json === undefined
    ? undefined
    : redactJson(exactJson({ json, text }), ctx.redactor);
  if (!output.json) {
    return value === undefined ? text.replaceAll("\n", "\\n") : JSON.stringify(value);
  }
  return JSON.stringify({
    ...(event === null ? {} : { event }),
    ...(id === null ? {} : { id }),
    ...(value === undefined ? { text } : { json: value }),
  });
}
