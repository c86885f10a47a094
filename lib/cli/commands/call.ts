/** `keysmith call APP|SERVICE TOOL` */
import { AppError } from "../../base/error.ts";
import { exactJson } from "../../ops/answer_json.ts";
import { callTool } from "../../ops/call_tool.ts";
import { previewCall, type PreviewCallInput } from "../../ops/preview_call.ts";
import type { ToolResult } from "../../ops/tool_owner.ts";
import { ALLOW_HTTP_OPTION } from "../allow_http.ts";
import { browserFor } from "../browser.ts";
import { defineCommand, type Session } from "../command.ts";
import { callArguments, type GivenArguments, parseArguments } from "../call_arguments.ts";
import { ENVIRONMENT_OPTIONS } from "../environment_flags.ts";

interface CallInput extends GivenArguments {
  /** The body's media type. */
  readonly contentType: string | undefined;
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
    ...ENVIRONMENT_OPTIONS,
    { flags: "--arg <name=value...>", summary: "an argument of the tool; a file's is @PATH" },
    { flags: "--body <json>", summary: "arguments of the body as JSON, @FILE or @- for stdin" },
    {
      flags: "--file <name=path...>",
      summary: "a file as an argument; PATH;type=TYPE;filename=NAME names them",
    },
    { flags: "--content-type <type>", summary: "media type of the body, where there is a choice" },
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
    "keysmith call shop list_orders --env staging",
    "keysmith call shop upload_photo --file 'photo=./front.bin;type=image/png'",
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
      contentType: flags.text("contentType"),
      format: flags.choice("output", ["json", "raw"]),
      timeoutMs: timeoutS === undefined ? undefined : timeoutS * 1_000,
      dryRun: flags.on("dryRun"),
    };
  },

  async run(session, input) {
    const { ctx, output } = session;
    const { owner, tool, timeoutMs, contentType } = input;
    const args = await callArguments(session, input);
    const media = contentType === undefined ? {} : { contentType };
    if (input.dryRun) return await printPreview(session, { owner, tool, args, ...media });
    const result = await callTool(ctx, {
      owner,
      tool,
      args,
      ...media,
      ...browserFor(ctx),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
    if (result.error !== null && output.json) throw withAnswer(result.error, result);
    output.result(answerDocument(result), () => printBody(session, result, input.format));
    for (const { relation, url } of result.pages) output.note(`${relation} page: ${url}`);
    if (result.error !== null) throw result.error;
  },
});

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
