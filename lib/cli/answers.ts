/**
 * `--answers FILE|-`: prompts answered from a JSON object instead of by a person. A member's name is
 * the prompt's label, case and punctuation ignored; `text` and `secret` answer every other prompt of
 * their kind. A member may be a list, used one after the other where a prompt comes again.
 *
 * A single answer is given once: a prompt that comes again means that the site refused it.
 */
import type { Context, Terminal } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { isRecord, parseJson } from "../base/json.ts";
import { unframedLabel } from "../base/script_text.ts";

type Kind = "text" | "secret";
export type Answers = ReadonlyMap<string, readonly string[]>;

/**
 * Answers by folded label.
 * @param source for messages: the file's name, or `-`
 * @throws {AppError} `BAD_INPUT`; the text itself is never quoted.
 */
export function parseAnswers(text: string, source: string): Answers {
  const value = parseJson(text);
  if (!isRecord(value)) throw badAnswers(source, "it is not a JSON object");
  return new Map(
    Object.entries(value).map(([label, answer]) => {
      const list = Array.isArray(answer) ? answer : [answer];
      if (!list.every((item) => typeof item === "string")) {
        throw badAnswers(source, `member "${label}" is neither a text nor a list of texts`);
      }
      return [foldLabel(label), list];
    }),
  );
}

/** `One-time code:` and `one time CODE` are the same label. */
export function foldLabel(label: string): string {
  return label.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
}

/** The context with its prompts answered. `confirmed`: questions are answered yes (`--yes`). */
export function withAnswers(
  ctx: Context,
  answers: Answers | undefined,
  confirmed: boolean,
): Context {
  if (answers === undefined && !confirmed) return ctx;
  for (const list of answers?.values() ?? []) for (const answer of list) ctx.redactor.add(answer);
  return { ...ctx, term: new AnsweringTerminal(ctx.term, answers ?? new Map(), confirmed) };
}

class AnsweringTerminal implements Terminal {
  readonly #inner: Terminal;
  readonly #answers: Answers;
  readonly #confirmed: boolean;
  /** How often each label was asked. */
  readonly #asked = new Map<string, number>();

  constructor(inner: Terminal, answers: Answers, confirmed: boolean) {
    this.#inner = inner;
    this.#answers = answers;
    this.#confirmed = confirmed;
  }

  get interactive(): boolean {
    return this.#inner.interactive;
  }

  out(text: string): void {
    this.#inner.out(text);
  }

  err(text: string): void {
    this.#inner.err(text);
  }

  async promptText(label: string): Promise<string> {
    return this.#answer(label, "text") ?? await this.#inner.promptText(label);
  }

  async promptSecret(label: string): Promise<string> {
    return this.#answer(label, "secret") ?? await this.#inner.promptSecret(label);
  }

  async confirm(question: string): Promise<boolean> {
    return this.#confirmed || await this.#inner.confirm(question);
  }

  #answer(label: string, kind: Kind): string | undefined {
    const folded = foldLabel(unframedLabel(label));
    const list = this.#answers.get(folded) ?? this.#answers.get(kind);
    if (list === undefined) return undefined;
    const times = this.#asked.get(folded) ?? 0;
    this.#asked.set(folded, times + 1);
    return list[times] ?? this.#usedUp(label);
  }

  #usedUp(label: string): undefined {
    if (this.#inner.interactive) return undefined;
    throw new AppError("NO_INPUT", `The answer for "${label}" has been used already`, {
      hint: "give a list of answers where a prompt comes more than once",
      details: { label },
    });
  }
}

function badAnswers(source: string, problem: string): AppError {
  return new AppError("BAD_INPUT", `Cannot read answers "${source}": ${problem}`, {
    hint:
      'write a JSON object such as {"Username": "…", "Password": "…"}, or {"text": "…", "secret": "…"}',
    details: { file: source },
  });
}
