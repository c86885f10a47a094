/** The `Terminal` of the `Context`: every text is redacted and escaped on its way out. */
import type { Environment, Terminal } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { escapeForeignLines, escapeForeignText } from "../base/foreign_text.ts";
import type { Redactor } from "../base/redact.ts";
import { framedRows } from "./framed_rows.ts";
import type { Streams } from "./streams.ts";

const encoder = new TextEncoder();

/** Of a terminal that does not tell, and of the mark before a question. */
const DEFAULT_COLUMNS = 80;
const MARK_COLUMNS = 3;

export interface TerminalOptions {
  readonly streams: Streams;
  readonly env: Environment;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
  /** `--no-input`. */
  readonly noInput: boolean;
}

export class ConsoleTerminal implements Terminal {
  readonly interactive: boolean;
  readonly #streams: Streams;
  readonly #redactor: Redactor;
  readonly #signal: AbortSignal;

  constructor({ streams, env, redactor, signal, noInput }: TerminalOptions) {
    this.#streams = streams;
    this.#redactor = redactor;
    this.#signal = signal;
    this.interactive = !noInput && !env.get("CI") && streams.stdin.isTerminal &&
      streams.stderr.isTerminal;
  }

  /** Escapes for a terminal only: a pipe gets the text as it is. */
  out(text: string): void {
    const redacted = this.#redactor.redact(text);
    const shown = this.#streams.stdout.isTerminal ? escapeLines(redacted) : redacted;
    this.#streams.stdout.write(encoder.encode(`${shown}\n`));
  }

  err(text: string): void {
    const lines = escapeForeignLines(this.#redactor.redact(text));
    const { isTerminal, columns = DEFAULT_COLUMNS } = this.#streams.stderr;
    const rows = isTerminal ? lines.flatMap((line) => framedRows(line, columns)) : lines;
    this.#streams.stderr.write(encoder.encode(`${rows.join("\n")}\n`));
  }

  async promptText(label: string): Promise<string> {
    this.#requirePerson(label);
    const { askText } = await import("./prompt.ts");
    return await askText(this.#question(label), this.#signal);
  }

  async promptSecret(label: string): Promise<string> {
    this.#requirePerson(label);
    const { askSecret } = await import("./prompt.ts");
    return await askSecret(this.#question(label), this.#signal);
  }

  async confirm(question: string): Promise<boolean> {
    this.#requirePerson(question);
    const { askYesNo } = await import("./prompt.ts");
    return await askYesNo(this.#question(question), this.#signal);
  }

  /** The last row of a label; the rows before it are written above the question. */
  #question(label: string): string {
    const { columns = DEFAULT_COLUMNS } = this.#streams.stderr;
    const rows = framedRows(this.#shown(label), columns - MARK_COLUMNS);
    for (const row of rows.slice(0, -1)) this.err(row);
    return rows.at(-1)!;
  }

  #shown(label: string): string {
    return escapeForeignText(this.#redactor.redact(label));
  }

  #requirePerson(label: string): void {
    if (this.interactive) return;
    throw new AppError("NO_INPUT", `Cannot ask for "${this.#shown(label)}": there is no terminal`, {
      hint: "Run the command in a terminal, or give the answers with --answers FILE (- for stdin)",
      details: { label },
    });
  }
}

/** Escapes each line by itself: the line breaks are the tool's own. */
export function escapeLines(text: string): string {
  return escapeForeignLines(text).join("\n");
}
