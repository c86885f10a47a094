/** Calls a tool page by page until the last one, and puts the items of all pages together. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import type { JsonValue } from "../base/json.ts";
import { exactJson } from "./answer_json.ts";
import { callTool, type CallToolInput } from "./call_tool.ts";
import { type AnsweredPage, isToldBy, type NextPage, nextPage, tellsOfMore } from "./next_page.ts";
import { declaredItems, declaredNext } from "./declared_pages.ts";
import { itemsIn } from "./page_items.ts";
import { showTool } from "./show_tool.ts";
import type { ToolResult, ToolSummary } from "./tool_owner.ts";

export interface CallAllPagesInput extends CallToolInput {
  /** Pages asked for at most. */
  readonly maxPages: number;
  /** Takes each page as it came, before it is taken apart. */
  readonly onPage?: (page: ToolResult) => void;
}

export interface AllPages {
  readonly pages: number;
  /** In order; a page that holds no list counts as one item, bytes in base64. */
  readonly items: readonly unknown[];
  /** Why there may be more than `items`; `null` when that is all. */
  readonly stopped: string | null;
  /** `null` where nothing says whether there is more. */
  readonly complete: boolean | null;
  /** The last answer. */
  readonly last: ToolResult;
  /** Why there is none to the request after `last`, such as a connection that broke. */
  readonly broke: AppError | null;
}

const UNKNOWN =
  "the answer is no JSON and names no next page, so whether there is one is not known";

const UNREACHED = "the answer says that more follows, and nothing tells how to ask for it";

/** Of all pages together, in bytes as they came. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * @throws {AppError} `USAGE` for a tool that changes something or whose arguments do not fit, and what
 * `callTool` throws for the first page. Of the pages that came nothing is lost by a later one: see `last.error`
 * for one that was refused, and `broke`.
 */
export async function callAllPages(ctx: Context, input: CallAllPagesInput): Promise<AllPages> {
  const { maxPages, onPage, ...call } = input;
  const { summary, paging = null } = await showTool(ctx, call);
  requireSafe(summary);
  const asked = new Set<string>();
  const items: unknown[] = [];
  let next: NextPage | null = { kind: "args", args: input.args };
  let [args, bytes, pageSize, before] = [input.args, 0, 0, ""];
  let answered: ToolResult | null = null;
  for (let pages = 1;; pages++) {
    asked.add(JSON.stringify(next));
    if (next.kind === "args") args = next.args;
    const asking = callTool(ctx, { ...call, args, ...addressOf(next) });
    const last: ToolResult | AppError = await (answered === null ? asking : orFailure(asking));
    if (last instanceof AppError) {
      const came = { pages: pages - 1, items, last: answered! };
      return { ...came, stopped: "a page could not be fetched", complete: false, broke: last };
    }
    answered = last;
    const came = { pages, items, last, broke: null };
    const result = (stopped: string | null): AllPages => ({
      ...came,
      stopped,
      complete: stopped === null,
    });
    if (last.error !== null) return { ...result("a page was refused"), pages: pages - 1 };
    const json = last.json === undefined ? undefined : exactJson(last) as JsonValue;
    const found = json === undefined ? null : declaredItems(json, paging) ?? itemsIn(json);
    const whole = json ?? last.text ?? last.body.toBase64();
    const text = JSON.stringify(found ?? whole);
    if (pages > 1 && text === before && text !== "[]") {
      return { ...result("the same page came twice"), pages: pages - 1 };
    }
    onPage?.(last);
    for (const item of found ?? [whole]) items.push(item);
    before = text;
    bytes += last.body.length;
    pageSize = Math.max(pageSize, found?.length ?? 0);
    const isTold = isToldBy(next);
    const page = { json, links: last.pages, items: found, args, pageSize, isTold };
    next = paging === null
      ? nextPage(page, summary.parameters)
      : declaredNext(paging, { json, args, headers: last.headers });
    if (next === null && paging === null && !isTold && saysNothing(page)) {
      return { ...result(UNKNOWN), complete: null };
    }
    if (next === null) return result(json !== undefined && tellsOfMore(json) ? UNREACHED : null);
    if (asked.has(JSON.stringify(next))) return result("a page names one that came before");
    if (pages >= maxPages) return result(`${maxPages} pages were asked for`);
    if (bytes > MAX_BYTES) return result(`the pages are larger than ${MAX_BYTES} bytes`);
  }
}

/** A text without links to other pages; one that links to the page before would link to the next one, too. */
function saysNothing({ json, links }: AnsweredPage): boolean {
  return json === undefined && links.length === 0;
}

function requireSafe({ name, safe }: ToolSummary): void {
  if (safe) return;
  throw new AppError("USAGE", `"${name}" changes something: it is not called page by page`, {
    hint: "Leave --all out",
  });
}

/** What was thrown on purpose as a value; the user's own interruption is none. */
async function orFailure(asking: Promise<ToolResult>): Promise<ToolResult | AppError> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof AppError && error.code !== "INTERRUPTED") return error;
    throw error;
  }
}

/** Relative to the address of the call where the answer's own link is. */
function addressOf(next: NextPage): { pageUrl?: string } {
  return next.kind === "url" ? { pageUrl: next.url } : {};
}
