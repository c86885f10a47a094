/** `keysmith call APP|SERVICE TOOL` */
import { AppError } from "../../base/error.ts";
import { callTool } from "../../ops/call_tool.ts";
import { previewCall, type PreviewCallInput } from "../../ops/preview_call.ts";
import { ALLOW_HTTP_OPTION } from "../allow_http.ts";
import { browserFor } from "../browser.ts";
import { defineCommand, type Session } from "../command.ts";
import {
  answerDocument,
  printAllPages,
  printBody,
  printStream,
  withAnswer,
} from "../call_result.ts";
import { callArguments, type GivenArguments, parseArguments } from "../call_arguments.ts";
import { ENVIRONMENT_OPTIONS } from "../environment_flags.ts";

interface CallInput extends GivenArguments {
  /** The body's media type. */
  readonly contentType: string | undefined;
  readonly format: "json" | "raw" | undefined;
  readonly timeoutMs: number | undefined;
  readonly all: boolean;
  readonly maxPages: number | undefined;
  readonly stream: boolean;
  readonly dryRun: boolean;
}

const DEFAULT_MAX_PAGES = 100;

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
      summary: "json (the default), or raw for the answer's bytes as they came, nothing masked",
    },
    {
      flags: "--timeout <seconds>",
      summary:
        "give up after this time, with --stream after so long a silence (30, or as configured)",
    },
    { flags: "--all", summary: "every page of a list, as one list; with -o raw as they came" },
    {
      flags: "--max-pages <count>",
      summary: `with --all: ask for at most these (${DEFAULT_MAX_PAGES})`,
    },
    { flags: "--stream", summary: "print events and JSON lines as they come, one a line" },
    ALLOW_HTTP_OPTION,
    { flags: "--dry-run", summary: "print what would be sent, and with which credentials" },
  ],
  examples: [
    "keysmith call shop list_orders --arg page=2",
    "keysmith call shop create_order --body @order.json",
    "keysmith call shop list_orders --env staging",
    "keysmith call shop upload_photo --file 'photo=./front.bin;type=image/png'",
    "keysmith call shop list_orders --all --json",
    "keysmith call shop get_invoice --arg id=17 -o raw > invoice.pdf",
  ],
  stillSec: 60,

  parse([owner = "", tool = ""], flags) {
    const timeoutS = flags.number("timeout", { min: 0.1, max: 3_600 });
    const input = {
      owner,
      tool,
      args: parseArguments(flags.list("arg"), `${owner} ${tool}`),
      body: flags.text("body"),
      files: flags.list("file"),
      contentType: flags.text("contentType"),
      format: flags.choice("output", ["json", "raw"]),
      timeoutMs: timeoutS === undefined ? undefined : timeoutS * 1_000,
      all: flags.on("all"),
      maxPages: flags.number("maxPages", { min: 1, max: 100_000 }),
      stream: flags.on("stream"),
      dryRun: flags.on("dryRun"),
    };
    checkWays(input);
    return input;
  },

  async run(session, input) {
    const { ctx, output } = session;
    const { owner, tool, timeoutMs, contentType } = input;
    if (output.json && input.format === "raw") {
      throw new AppError("USAGE", "Give one of -o raw and --json, not both");
    }
    const args = await callArguments(session, input);
    const media = contentType === undefined ? {} : { contentType };
    if (input.dryRun) return await printPreview(session, { owner, tool, args, ...media });
    const call = {
      owner,
      tool,
      args,
      ...media,
      ...browserFor(ctx),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    };
    if (input.all) {
      const { maxPages = DEFAULT_MAX_PAGES, format } = input;
      return await printAllPages(session, call, { maxPages, format });
    }
    if (input.stream) return await printStream(session, call);
    const result = await callTool(ctx, call);
    if (result.error !== null && output.json) throw withAnswer(result.error, result);
    output.result(answerDocument(result), () => printBody(output, result, input.format));
    for (const { relation, url } of result.pages) output.note(`${relation} page: ${url}`);
    if (result.error !== null) throw result.error;
  },
});

/** @throws {AppError} `USAGE` for options that exclude each other. */
function checkWays({ all, stream, dryRun, format, maxPages }: CallInput): void {
  const ways = [
    ...(all ? ["--all"] : []),
    ...(stream ? ["--stream"] : []),
    ...(dryRun ? ["--dry-run"] : []),
  ];
  if (ways.length > 1) {
    throw new AppError("USAGE", `Give one of ${ways.join(" and ")}, not both`);
  }
  if (format === "raw" && stream) {
    throw new AppError("USAGE", "--stream prints items, not the bytes of an answer", {
      hint: "Leave -o raw out",
    });
  }
  if (maxPages !== undefined && !Number.isInteger(maxPages)) {
    throw new AppError("USAGE", "--max-pages is a whole number");
  }
  if (maxPages !== undefined && !all) {
    throw new AppError("USAGE", "--max-pages belongs to --all", { hint: "Add --all" });
  }
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
