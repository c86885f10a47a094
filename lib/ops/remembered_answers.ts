/**
 * A terminal that asks for the same thing once over several tries of a login. Only what is good for more
 * than one try is remembered: never a one-time code or a link, and nothing under a label that the login's
 * record does not know.
 */
import type { Terminal } from "../base/context.ts";
import { unframedLabel } from "../base/script_text.ts";
import type { AuthInput } from "../token/auth_file.ts";

export interface GivenAnswer {
  readonly kind: AuthInput["kind"];
  readonly label: string;
  readonly value: string;
}

const LASTING: readonly AuthInput["kind"][] = ["identifier", "password", "api-key"];

/** True for what is good for more than one login. */
export function isLasting(kind: AuthInput["kind"]): boolean {
  return LASTING.includes(kind);
}

export class RememberedAnswers implements Terminal {
  readonly #inner: Terminal;
  readonly #inputs: readonly AuthInput[];
  /** By label; the answers of the try that is under way. */
  readonly #given = new Map<string, GivenAnswer>();
  #kept = new Map<string, string>();

  constructor(inner: Terminal, inputs: readonly AuthInput[]) {
    this.#inner = inner;
    this.#inputs = inputs;
  }

  get interactive(): boolean {
    return this.#inner.interactive;
  }

  /** Everything that was answered since the last try began. */
  get given(): readonly GivenAnswer[] {
    return [...this.#given.values()];
  }

  /** The site did not object to the answers of this try: the next one has those that last. */
  keep(): void {
    this.#kept = new Map(
      this.given.filter(({ kind }) => isLasting(kind)).map((
        { label, value },
      ) => [label, value]),
    );
    this.#given.clear();
  }

  out(text: string): void {
    this.#inner.out(text);
  }

  err(text: string): void {
    this.#inner.err(text);
  }

  confirm(question: string): Promise<boolean> {
    return this.#inner.confirm(question);
  }

  promptText(label: string): Promise<string> {
    return this.#answer(label, () => this.#inner.promptText(label));
  }

  promptSecret(label: string): Promise<string> {
    return this.#answer(label, () => this.#inner.promptSecret(label));
  }

  /** A kept answer is given once: a prompt that comes again means that it was refused. */
  async #answer(framed: string, ask: () => Promise<string>): Promise<string> {
    const label = unframedLabel(framed);
    const kept = this.#kept.get(label);
    this.#kept.delete(label);
    const value = kept ?? await ask();
    const known = this.#inputs.find((input) => input.label === label);
    this.#given.set(label, { label, value, kind: known?.kind ?? "one-time-code" });
    return value;
  }
}
