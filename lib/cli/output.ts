/** What a command prints: the result on stdout, as lines or as one JSON document; notes on stderr. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { redactJson } from "../base/redact_json.ts";
import { withProgress } from "../term/progress.ts";
import type { Streams } from "../term/streams.ts";
import { type Style, styleFor } from "../term/style.ts";
import { alignedTable, fitsColumns, stackedTable, tabSeparated } from "../term/table.ts";
import { escapeLines } from "../term/terminal.ts";
import { jsonForTerminal } from "./json_text.ts";

const encoder = new TextEncoder();

export class Output {
  /** True with `--json`: stdout carries exactly one JSON document. */
  readonly json: boolean;
  /** Colours for text on stdout. */
  readonly style: Style;
  readonly #ctx: Context;
  readonly #streams: Streams;

  private constructor(ctx: Context, streams: Streams, json: boolean, style: Style) {
    this.json = json;
    this.style = style;
    this.#ctx = ctx;
    this.#streams = streams;
  }

  static async create(ctx: Context, streams: Streams, json: boolean): Promise<Output> {
    return new Output(ctx, streams, json, await styleFor(streams.stdout, ctx.env));
  }

  /** The result: `value` with `--json`, else what `print` prints. Secrets are masked in both. */
  result(value: unknown, print: () => void): void {
    if (this.json) this.#writeJson(redactJson(value, this.#ctx.redactor));
    else print();
  }

  /** JSON as the result by itself: for people and for programs alike. Secrets are masked. */
  document(value: unknown): void {
    this.#writeOut(jsonForTerminal(redactJson(value, this.#ctx.redactor), 2));
  }

  /** As `result`, for the commands whose job is to print secrets: nothing is masked. */
  secretResult(value: unknown, print: () => void): void {
    if (this.json) this.#writeJson(value);
    else print();
  }

  /**
   * A line of result. `paint` colours it after it was redacted and escaped: names and texts of others in it
   * are escaped in a pipe too, for its end may be a terminal.
   */
  line(text = "", paint: (text: string) => string = (same) => same): void {
    this.#writeOut(paint(escapeLines(this.#ctx.redactor.redact(text))));
  }

  /** A text of others as the result, such as the body of an answer: a pipe gets its characters as they are. */
  text(text: string): void {
    const redacted = this.#ctx.redactor.redact(text);
    this.#writeOut(this.#streams.stdout.isTerminal ? escapeLines(redacted) : redacted);
  }

  /** A line of result whose secrets are the point of the command. */
  secretLine(text: string): void {
    this.#writeOut(this.#streams.stdout.isTerminal ? escapeLines(text) : text);
  }

  /** Bytes of result as they are. */
  bytes(bytes: Uint8Array): void {
    this.#streams.stdout.write(bytes);
  }

  /** As `bytes`, for what is not a text. @throws {AppError} `USAGE` where stdout is a terminal. */
  binary(bytes: Uint8Array, mediaType: string): void {
    if (!this.#streams.stdout.isTerminal) return this.bytes(bytes);
    throw new AppError("USAGE", `The answer is binary (${mediaType || "of no known type"})`, {
      hint: "Redirect the output to a file, or use --json",
    });
  }

  /** Rows of result: aligned under a header on a terminal, tab-separated without one in a pipe. */
  table(header: readonly string[], rows: readonly (readonly string[])[]): void {
    if (this.#streams.stdout.isTerminal) return this.grid(header, rows);
    const clean = rows.map((row) => row.map((cell) => this.#cell(cell)));
    for (const line of tabSeparated(clean)) this.#writeOut(line);
  }

  /** Rows inside a report for people: aligned under a header also in a pipe, and below each other where it is too narrow. */
  grid(header: readonly string[], rows: readonly (readonly string[])[]): void {
    const clean = rows.map((row) => row.map((cell) => this.#cell(cell)));
    const { isTerminal, columns = Infinity } = this.#streams.stdout;
    if (isTerminal && !fitsColumns(header, clean, columns)) {
      return stackedTable(header, clean).forEach((line) => this.#writeOut(line));
    }
    const [head, ...lines] = alignedTable(header, clean);
    this.#writeOut(this.style.dim(head ?? ""));
    for (const line of lines) this.#writeOut(line);
  }

  /** A line for the person, on stderr; nothing with `--json`, where the result says it all. */
  note(text: string): void {
    if (!this.json) this.#ctx.term.err(text);
  }

  /** Runs long work under a moving mark on a terminal; `say` changes what stands beside it. */
  async progress<T>(
    message: string,
    work: (say: (message: string) => void) => Promise<T>,
  ): Promise<T> {
    const shown = (text: string) => escapeLines(this.#ctx.redactor.redact(text));
    return await withProgress(
      this.#streams.stderr,
      shown(message),
      (say) => work((text) => say(shown(text))),
    );
  }

  #cell(text: string): string {
    return escapeLines(this.#ctx.redactor.redact(text));
  }

  #writeJson(value: unknown): void {
    const indent = this.#streams.stdout.isTerminal ? 2 : 0;
    this.#writeOut(jsonForTerminal(value, indent));
  }

  #writeOut(text: string): void {
    this.#streams.stdout.write(encoder.encode(`${text}\n`));
  }
}
