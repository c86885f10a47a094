/**
 * A terminal whose prompts are answered by the sources of the configuration (`apps.APP.answers`), each
 * asked when its prompt comes. What no source answers is left to the terminal behind it.
 */
import type { AnswerSource } from "../base/config.ts";
import type { Context, Terminal } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { matchingLabel } from "../base/labels.ts";
import { frameOf, unframedLabel } from "../base/script_text.ts";
import {
  type AnswerContext,
  askSource,
  describeAnswer,
  pause,
  type ValueSource,
} from "../resolve/answer_source.ts";
import { SecretProblem } from "../resolve/secret_problem.ts";
import type { Home } from "../store/home.ts";
import { waitMs } from "../tools/retry.ts";

export type Answers = ReadonlyMap<string, AnswerSource>;

/** What a source answered. */
export interface SourcedAnswer {
  readonly label: string;
  readonly value: string;
  readonly source: ValueSource;
}

export class StoredAnswers implements Terminal {
  readonly #ctx: AnswerContext;
  readonly #inner: Terminal;
  readonly #home: Home;
  readonly #answers: Answers;
  readonly #given: SourcedAnswer[] = [];
  #passedOn = false;
  /** What was said last: a question that was shown already is not shown again. */
  #said = "";

  constructor(ctx: Context, home: Home, answers: Answers, sleep: AnswerContext["sleep"] = waitMs) {
    this.#ctx = { ...ctx, sleep };
    this.#inner = ctx.term;
    this.#home = home;
    this.#answers = answers;
  }

  /** Everything the sources answered, in order. */
  get given(): readonly SourcedAnswer[] {
    return this.#given;
  }

  /** True once the terminal behind was asked for an answer. */
  get passedOn(): boolean {
    return this.#passedOn;
  }

  get interactive(): boolean {
    return this.#inner.interactive;
  }

  out(text: string): void {
    this.#inner.out(text);
  }

  err(text: string): void {
    this.#said = text;
    this.#inner.err(text);
  }

  async promptText(label: string): Promise<string> {
    return await this.#answer(label) ??
      await this.#passOn(() => this.#inner.promptText(label));
  }

  async promptSecret(label: string): Promise<string> {
    const answer = await this.#answer(label);
    this.#ctx.redactor.add(answer);
    return answer ?? await this.#passOn(() => this.#inner.promptSecret(label));
  }

  /** The questions of a script alone: those of the tool itself are for the user. */
  async confirm(question: string): Promise<boolean> {
    if (frameOf(question) === "") return await this.#inner.confirm(question);
    const source = this.#confirmation(unframedLabel(question));
    if (source !== undefined) {
      this.#inner.err(`${question} (waiting ${source.waitSec} s)`);
      await pause(this.#ctx, source.waitSec * 1000);
      return true;
    }
    if (!this.#inner.interactive && this.#said !== question) this.#inner.err(question);
    return await this.#inner.confirm(question).catch((error) => {
      throw withConfirmHint(error);
    });
  }

  /** `undefined`: there is no source, or the one there is has no better answer than the refused one. */
  async #answer(framed: string): Promise<string | undefined> {
    if (frameOf(framed) === "") return undefined;
    const label = unframedLabel(framed);
    const source = this.#answers.get(matchingLabel(this.#answers.keys(), label) ?? label);
    if (source === undefined || source.type === "confirm") return undefined;
    const used = this.#given.filter((given) => given.label === label).map(({ value }) => value);
    if (used.length > 0 && !isOneTime(source)) {
      return this.#without(
        `The stored answer for "${label}" was given and not taken`,
        label,
        source,
      );
    }
    try {
      const value = await askSource(this.#ctx, this.#home, source, used);
      this.#given.push({ label, value, source });
      return value;
    } catch (error) {
      if (!(error instanceof SecretProblem)) throw error;
      return this.#without(
        `The answer for "${label}" is not to be had: ${error.message}`,
        label,
        source,
      );
    }
  }

  #passOn(ask: () => Promise<string>): Promise<string> {
    this.#passedOn = true;
    return ask();
  }

  #confirmation(label: string): Extract<AnswerSource, { type: "confirm" }> | undefined {
    const named = this.#answers.get(matchingLabel(this.#answers.keys(), label) ?? label);
    if (named?.type === "confirm") return named;
    // What a script says may hold a number of the moment: the only one stands for all.
    const all = [...this.#answers.values()].filter((source) => source.type === "confirm");
    return all.length === 1 ? all[0] : undefined;
  }

  /** A person can help; where there is none, the login ends here. */
  #without(problem: string, label: string, source: ValueSource): undefined {
    if (!this.#inner.interactive) {
      throw new AppError("NO_INPUT", problem, {
        hint:
          "keysmith config show names its source; keysmith auth login in a terminal asks for it",
        details: { label, source: describeAnswer(source) },
      });
    }
    this.#inner.err(problem);
    return undefined;
  }
}

/** True for sources with another answer each time. */
export function isOneTime(source: ValueSource): boolean {
  return source.type === "totp" || source.waitSec > 0;
}

function withConfirmHint(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== "NO_INPUT") return error;
  return new AppError("NO_INPUT", error.message, {
    hint:
      "Run the command in a terminal, or let { type: confirm, wait: SECONDS } under the app's " +
      "answers stand for it",
    details: error.details,
    cause: error,
  });
}
