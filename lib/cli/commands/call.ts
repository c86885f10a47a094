/** `keysmith call APP|SERVICE TOOL` */
import { AppError } from "../../base/error.ts";
import { exactJsonIn } from "../../base/exact_json.ts";
import { isRecord } from "../../base/json.ts";
import { exactJson } from "../../ops/answer_json.ts";
import { callTool } from "../../ops/call_tool.ts";
import { previewCall, type PreviewCallInput } from "../../ops/preview_call.ts";
import { showTool } from "../../ops/show_tool.ts";
import type { ToolResult } from "../../ops/tool_owner.ts";
import { ALLOW_HTTP_OPTION } from "../allow_http.ts";
import { browserFor } from "../browser.ts";
import { defineCommand, type Session } from "../command.ts";
import { fileArguments } from "../file_arguments.ts";
import { readNamedText } from "../read_input.ts";

interface CallInput {
  readonly owner: string;
  readonly tool: string;
  /** A name that is given more than once has all its values. */
  readonly args: Readonly<Record<string, string | string[]>>;
  /** JSON text, or `@FILE`, or `@-`. */
  readonly body: string | undefined;
  /** `name=path`. */
  readonly files: readonly string[];
  readonly format: "json" | "raw" | undefined;
  readonly timeoutMs: number | undefined;
  readonly dryRun: boolean;
}

export const command = defineCommand<CallInput>({
  operands: [
    ["<owner>", "an app or a service"],
    ["<tool>", "the tool"],
  ],
  options: [
    { flags: "--arg <name=value...>", summary: "an argument of the tool" },
    { flags: "--body <json>", summary: "arguments of the body as JSON, @FILE or @- for stdin" },
    { flags: "--file <name=path...>", summary: "a file as an argument of the tool" },
    {
      flags: "-o, --output <format>",
      summary: "json, or raw for the answer's bytes as they came, nothing masked",
    },
    { flags: "--timeout <seconds>", summary: "give up after this time" },
    ALLOW_HTTP_OPTION,
    { flags: "--dry-run", summary: "print what would be sent, and with which credentials" },
  ],
  examples: [
    "keysmith call shop list_orders --arg page=2",
    "keysmith call shop create_order --body @order.json",
    "keysmith call shop upload_photo --file photo=./front.png",
    "keysmith call shop get_invoice --arg id=17 -o raw > invoice.pdf",
  ],

  parse([owner = "", tool = ""], flags) {
    const timeoutS = flags.number("timeout", { min: 0.1, max: 3_600 });
    return {
      owner,
      tool,
      args: parseArguments(flags.list("arg")),
      body: flags.text("body"),
      files: flags.list("file"),
      format: flags.choice("output", ["json", "raw"]),
      timeoutMs: timeoutS === undefined ? undefined : timeoutS * 1_000,
      dryRun: flags.on("dryRun"),
    };
  },

  async run(session, input) {
    const { ctx, output } = session;
    const { owner, tool, timeoutMs } = input;
    const args = {
      ...input.args,
      ...await fileArguments(input.files),
      ...await bodyArguments(session, input),
    };
    if (input.dryRun) return await printPreview(session, { owner, tool, args });
    const result = await callTool(ctx, {
      owner,
      tool,
      args,
      ...browserFor(ctx),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
    if (result.error !== null && output.json) throw withAnswer(result.error, result);
    output.result(answerDocument(result), () => printBody(session, result, input.format));
    for (const { relation, url } of result.pages) output.note(`${relation} page: ${url}`);
    if (result.error !== null) throw result.error;
  },
});

function parseArguments(texts: readonly string[]): Record<string, string | string[]> {
  const groups = Map.groupBy(texts.map(parseArgument), ([name]) => name);
  return Object.fromEntries(
    [...groups].map(([name, [first, ...more]]) => {
      const values = more.map(([, value]) => value);
      return [name, values.length === 0 ? first![1] : [first![1], ...values]];
    }),
  );
}

/** `name=value`; the value may hold further equals signs. */
function parseArgument(text: string): [name: string, value: string] {
  const equals = text.indexOf("=");
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
  throw new AppError("USAGE", `Argument "${text}" is no name=value`, {
    hint: "keysmith tools show OWNER TOOL lists the arguments",
  });
}

/** The members of the body become arguments; a tool with an argument `body` takes it whole. */
async function bodyArguments(
  session: Session,
  { owner, tool, body }: CallInput,
): Promise<Record<string, unknown>> {
  if (body === undefined) return {};
  const text = body.startsWith("@") ? await readNamedText(session, body.slice(1)) : body;
  const value = exactJsonIn(text);
  if (value === undefined) {
    throw new AppError("USAGE", "The body is no JSON", {
      hint: `Give JSON in quotes, such as '{"name": "value"}', or a file of it: --body @FILE`,
    });
  }
  const { summary } = await showTool(session.ctx, { owner, tool });
  const { parameters } = summary;
  const takesBody = isRecord(parameters) && isRecord(parameters.properties) &&
    "body" in parameters.properties;
  if (takesBody) return { body: value };
  if (isRecord(value)) return value;
  throw new AppError("USAGE", "The body is no JSON object", {
    hint: `keysmith tools show ${owner} ${tool} lists the arguments`,
  });
}

async function printPreview({ ctx, output }: Session, input: PreviewCallInput): Promise<void> {
  const preview = await previewCall(ctx, input);
  output.result(preview, () => {
    output.line(`${preview.method} ${preview.url}`, output.style.bold);
    for (const [name, value] of preview.headers) output.line(`${name}: ${value}`);
    for (const place of preview.places) output.line(`(credential) ${place}`);
    if (preview.body !== null) output.text(`\n${preview.body}`);
    for (const line of preview.lines) output.note(line);
  });
}

/** What `--json` prints. Cookies that the answer sets are secrets, and left out. */
function answerDocument({ status, url, headers, mediaType, json, text, body }: ToolResult) {
  const shown = headers.filter(([name]) => name.toLowerCase() !== "set-cookie");
  const content = json !== undefined
    ? { json: exactJson({ json, text }) }
    : text !== null
    ? { text }
    : { base64: body.toBase64() };
  return { status, url, headers: shown, mediaType, body: content };
}

function withAnswer(error: AppError, result: ToolResult): AppError {
  const details = { ...error.details, answer: answerDocument(result) };
  const { message, hint } = error;
  return new AppError(error.code, message, { details, ...(hint === undefined ? {} : { hint }) });
}

function printBody(
  { output }: Session,
  { json, text, body, mediaType }: ToolResult,
  format: CallInput["format"],
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
