/**
 * `--answers FILE|-`: prompts answered from what was given instead of by a person. A member's name is the
 * prompt's label; `text` and `secret` answer the other prompts of their kind. A list is used one after
 * the other. Each answer is given once: a prompt that comes again means that the site refused it.
 */
import type { Context, Terminal } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { isRecord, parseJson } from "../base/json.ts";
import { listLabels, matchingLabel } from "../base/labels.ts";
import { frameOf, unframedLabel } from "../base/script_text.ts";

type Kind = "text" | "secret";
export type Answers = ReadonlyMap<string, readonly string[]>;

/** Members that name a kind of prompt and no label. */
const KINDS: readonly string[] = ["text", "secret"] satisfies Kind[];

/**
 * Answers by label.
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
      return [label, list];
    }),
  );
}

/** The names that are to be labels of prompts. */
export function givenLabels(answers: Answers): string[] {
  return [...answers.keys()].filter((label) => !KINDS.includes(label));
}

/** More answers, given while the login is under way. */
export interface MoreAnswers {
  /** The next ones; `null` at the end. @throws {AppError} `BAD_INPUT` for what is none. */
  next(): Promise<Answers | string | null>;
}

/**
 * The context with its prompts answered.
 *
 * @param account the name the user gave the account: an answer that says the same is masked only once a prompt
 *   for a secret takes it, or messages could not name the account
 */
export function withAnswers(
  ctx: Context,
  answers: Answers | undefined,
  more: MoreAnswers | null = null,
  account: string | null = null,
): Context {
  if (answers === undefined && more === null) return ctx;
  return { ...ctx, term: new AnsweringTerminal(ctx, answers ?? new Map(), { more, account }) };
}

class AnsweringTerminal implements Terminal {
  readonly #inner: Terminal;
  readonly #redactor: Context["redactor"];
  readonly #answers = new Map<string, string[]>();
  /** Answers to whatever is asked next. */
  readonly #lines: string[] = [];
  #more: MoreAnswers | null;
  readonly #account: string | null;

  constructor(
    { term, redactor }: Context,
    answers: Answers,
    { more, account }: { readonly more: MoreAnswers | null; readonly account: string | null },
  ) {
    this.#inner = term;
    this.#redactor = redactor;
    this.#more = more;
    this.#account = account;
    this.#take(answers);
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
    return await this.#answer(label, "text") ??
      await this.#leave(label, () => this.#inner.promptText(label));
  }

  async promptSecret(label: string): Promise<string> {
    return await this.#answer(label, "secret") ??
      await this.#leave(label, () => this.#inner.promptSecret(label));
  }

  /** Of a script's questions; those of the tool itself are answered by their own options. */
  async confirm(question: string): Promise<boolean> {
    if (frameOf(question) === "") return await this.#inner.confirm(question);
    const label = unframedLabel(question);
    const isAnswered = matchingLabel(this.#answers.keys(), label) !== undefined ||
      this.#lines.length > 0 || this.#more !== null;
    if (!isAnswered) return await this.#inner.confirm(question);
    this.#inner.err(question);
    const answer = await this.#answer(label, null);
    if (answer === undefined) return await this.#inner.confirm(question);
    return /^(?:y|yes|true|ok|)$/i.test(answer.trim());
  }

  /** `undefined` when there is no answer, or no further one. */
  async #answer(framed: string, kind: Kind | null): Promise<string | undefined> {
    const label = unframedLabel(framed);
    for (;;) {
      const answer = this.#named(label) ?? this.#lines.shift() ??
        (kind === null ? undefined : this.#answers.get(kind)?.shift());
      if (answer !== undefined || this.#more === null) return answer;
      const next = await this.#more.next();
      if (next === null) this.#more = null;
      else if (typeof next === "string") this.#takeLine(next);
      else this.#take(next);
    }
  }

  #named(label: string): string | undefined {
    const labels = [...this.#answers.keys()].filter((name) => !KINDS.includes(name));
    const name = matchingLabel(labels, label);
    return name === undefined ? undefined : this.#answers.get(name)?.shift();
  }

  #take(answers: Answers): void {
    for (const [label, list] of answers) {
      this.#answers.set(label, [...this.#answers.get(label) ?? [], ...list]);
      for (const answer of list) this.#mask(answer);
    }
  }

  #takeLine(line: string): void {
    this.#mask(line);
    this.#lines.push(line);
  }

  #mask(answer: string): void {
    if (answer !== this.#account) this.#redactor.add(answer);
  }

  /** To whom else may answer; where nobody does, what was given is named. */
  async #leave(framed: string, ask: () => Promise<string>): Promise<string> {
    const label = unframedLabel(framed);
    try {
      return await ask();
    } catch (error) {
      const isNobody = error instanceof AppError && error.code === "NO_INPUT" &&
        !Object.hasOwn(error.details, "source");
      if (!isNobody) throw error;
      throw this.#noAnswer(label, error);
    }
  }

  #noAnswer(label: string, cause: AppError): AppError {
    const given = [...this.#answers.keys()];
    const isUsedUp = matchingLabel(given, label) !== undefined;
    const problem = isUsedUp
      ? `The answer for "${label}" has been used already`
      : `No answer was given for "${label}"; given: ${listLabels(given)}`;
    return new AppError("NO_INPUT", problem, {
      hint: isUsedUp
        ? "Give a list of answers where a prompt comes more than once"
        : `Add a member "${label}" to the answers, or give "text" and "secret" as lists in the ` +
          "order of the prompts",
      details: { label, given },
      cause,
    });
  }
}

export function badAnswers(source: string, problem: string): AppError {
  return new AppError("BAD_INPUT", `Cannot read answers "${source}": ${problem}`, {
    hint:
      'Write a JSON object such as {"Username": "…", "Password": "…"}, or {"text": "…", "secret": "…"}',
    details: { file: source },
  });
}
