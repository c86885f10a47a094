/** What a running script may say and ask, brought to the user's terminal. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { frameScriptText } from "../base/script_text.ts";
import type { GuestDialog } from "../sandbox/guest_run.ts";

type DialogContext = Pick<Context, "redactor" | "term">;

export interface Answer {
  readonly label: string;
  readonly value: string;
  readonly secret: boolean;
}

/** The secrets that were refused, over the attempts of one login: none of them is sent twice. */
export class RefusedAnswers {
  readonly #refused = new Set<string>();

  /**
   * Remembers each secret together with what was answered before it. A secret before the last plain
   * answer is not to blame: the user name or the one-time code after it may have been wrong.
   */
  add(answers: readonly Answer[]): void {
    const lastPlain = answers.findLastIndex(({ secret }) => !secret);
    for (let end = lastPlain + 2; end <= answers.length; end++) {
      this.#refused.add(keyOf(answers.slice(0, end)));
    }
  }

  /** True when the last of `answers` was refused after the same answers before it. */
  has(answers: readonly Answer[]): boolean {
    return this.#refused.has(keyOf(answers));
  }
}

function keyOf(answers: readonly Answer[]): string {
  return JSON.stringify(answers.map(({ label, value }) => [label, value]));
}

/** Asks at the terminal, or at whatever stands in its place. */
export class PromptDialog implements GuestDialog {
  readonly #ctx: DialogContext;
  readonly #app: string;
  readonly #refused: RefusedAnswers;
  readonly #onDebug: (line: string) => void;
  readonly #answers: Answer[] = [];

  /** @param onDebug lines of `debug()` are kept for the error report in any case */
  constructor(
    ctx: DialogContext,
    app: string,
    refused: RefusedAnswers,
    onDebug: (line: string) => void = () => {},
  ) {
    this.#onDebug = onDebug;
    this.#ctx = ctx;
    this.#app = app;
    this.#refused = refused;
  }

  /** In the order they were given. */
  get answers(): readonly Answer[] {
    return this.#answers;
  }

  async promptText(label: string): Promise<string> {
    const value = await this.#ctx.term.promptText(frameScriptText(this.#app, label));
    this.#answers.push({ label, value, secret: false });
    return value;
  }

  async promptSecret(label: string): Promise<string> {
    for (;;) {
      const value = await this.#ctx.term.promptSecret(frameScriptText(this.#app, label));
      this.#ctx.redactor.add(value);
      const answer = { label, value, secret: true };
      if (!this.#refused.has([...this.#answers, answer])) {
        this.#answers.push(answer);
        return value;
      }
      this.#ctx.term.err("That was refused a moment ago and is not sent again");
    }
  }

  async confirm(message: string): Promise<void> {
    const lines = frameScriptText(this.#app, message).split("\n");
    for (const line of lines.slice(0, -1)) this.#ctx.term.err(line);
    if (await this.#ctx.term.confirm(lines.at(-1)!)) return;
    throw new AppError("INTERRUPTED", `"${this.#app}" was told no`);
  }

  tell(message: string): void {
    this.#ctx.term.err(frameScriptText(this.#app, message));
  }

  debug(line: string): void {
    this.#onDebug(line);
  }
}

/** For a refresh, which happens while nobody is looking: every question is a failure. */
export class SilentDialog implements GuestDialog {
  readonly #ctx: DialogContext;
  readonly #app: string;

  constructor(ctx: DialogContext, app: string) {
    this.#ctx = ctx;
    this.#app = app;
  }

  promptText(label: string): Promise<string> {
    return this.#refuse(label);
  }

  promptSecret(label: string): Promise<string> {
    return this.#refuse(label);
  }

  confirm(message: string): Promise<void> {
    return this.#refuse(message);
  }

  tell(message: string): void {
    this.#ctx.term.err(frameScriptText(this.#app, message));
  }

  debug(): void {}

  #refuse(label: string): Promise<never> {
    return Promise.reject(
      new AppError("NO_INPUT", `The refresh of "${this.#app}" may not ask for "${label}"`, {
        hint: `keysmith auth login ${this.#app}`,
        details: { label },
      }),
    );
  }
}
