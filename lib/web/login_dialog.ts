/**
 * The terminal of a login that runs behind a page: each question waits until the page has its answer. What is
 * typed goes to the script and nowhere else.
 */
import type { Terminal } from "../base/context.ts";
import { AppError, messageOf } from "../base/error.ts";

export type PageState =
  /** Nothing has begun: the page says what would. */
  | { readonly kind: "intro" }
  | {
    readonly kind: "question";
    readonly id: number;
    readonly input: "text" | "secret" | "confirm";
    readonly label: string;
    /** What was said since the last question. */
    readonly notes: readonly string[];
  }
  /** `note`: what goes on meanwhile, or is to be done elsewhere. */
  | { readonly kind: "working"; readonly note?: string }
  /** The login goes on at the provider's page. */
  | { readonly kind: "elsewhere"; readonly url: string }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly message: string };

export class LoginDialog implements Terminal {
  readonly interactive = true;
  readonly #signal: AbortSignal;
  #state: PageState = { kind: "intro" };
  #notes: string[] = [];
  #answer: PromiseWithResolvers<string> | null = null;
  #questions = 0;
  #changed = Promise.withResolvers<void>();

  /** `signal`: ends a question that nobody answers. */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener("abort", () => {
      this.#answer?.reject(new AppError("INTERRUPTED", "Interrupted"));
      if (!this.isOver) this.#become({ kind: "failed", message: "The login was given up" });
    });
  }

  get state(): PageState {
    return this.#state;
  }

  get isOver(): boolean {
    return this.#state.kind === "done" || this.#state.kind === "failed";
  }

  /** Resolves with the next change of the state. */
  get changed(): Promise<void> {
    return this.#changed.promise;
  }

  out(): void {}

  err(text: string): void {
    this.#notes.push(text);
  }

  promptText(label: string): Promise<string> {
    return this.#ask("text", label);
  }

  promptSecret(label: string): Promise<string> {
    return this.#ask("secret", label);
  }

  async confirm(question: string): Promise<boolean> {
    return await this.#ask("confirm", question) === "yes";
  }

  /** False for an answer to a question that is not the one on the page. */
  answer(id: number, value: string): boolean {
    if (this.#state.kind !== "question" || this.#state.id !== id) return false;
    this.#notes = [];
    this.#become({ kind: "working" });
    this.#answer?.resolve(value);
    return true;
  }

  /** Aborted when nobody answers any more. */
  get signal(): AbortSignal {
    return this.#signal;
  }

  /** What the page says while no question is asked. */
  tellWhileWorking(note: string): void {
    this.#become({ kind: "working", note });
  }

  /** The page leads there. */
  goElsewhere(url: string): void {
    this.#become({ kind: "elsewhere", url });
  }

  /** Runs the login, once, and shows how it ended. */
  async run(login: () => Promise<void>): Promise<void> {
    this.#become({ kind: "working" });
    try {
      await login();
      this.#become({ kind: "done" });
    } catch (error) {
      const hint = error instanceof AppError && error.hint !== undefined ? ` (${error.hint})` : "";
      const message = error instanceof AppError ? error.message + hint : messageOf(error);
      if (!this.isOver) this.#become({ kind: "failed", message });
      throw error;
    }
  }

  #ask(input: "text" | "secret" | "confirm", label: string): Promise<string> {
    if (this.#signal.aborted) {
      return Promise.reject(new AppError("INTERRUPTED", "Interrupted"));
    }
    this.#answer = Promise.withResolvers<string>();
    const id = ++this.#questions;
    this.#become({ kind: "question", id, input, label, notes: this.#notes });
    return this.#answer.promise;
  }

  #become(state: PageState): void {
    this.#state = state;
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}
