/** What a command may spend on a model, and what it has spent. */
import { AppError } from "../base/error.ts";

export interface TokenUse {
  readonly input: number;
  readonly output: number;
}

/** Endpoints that do not count are counted for: about four characters are one token. */
const CHARACTERS_PER_TOKEN = 4;

export class TokenBudget {
  #input = 0;
  #output = 0;
  #requests = 0;

  constructor(readonly maxTokens: number) {}

  get use(): TokenUse {
    return { input: this.#input, output: this.#output };
  }

  get requests(): number {
    return this.#requests;
  }

  get left(): number {
    return this.maxTokens - this.#input - this.#output;
  }

  spend({ input, output }: TokenUse): void {
    this.#input += input;
    this.#output += output;
    this.#requests++;
  }

  /** @throws {AppError} `UNSUPPORTED` when a prompt of this length would go beyond the budget. */
  require(promptCharacters: number): void {
    if (this.left >= estimateTokens(promptCharacters)) return;
    const spent = this.#input + this.#output;
    throw new AppError(
      "UNSUPPORTED",
      `The model has used ${spent} of the ${this.maxTokens} tokens it may use`,
      {
        hint: "Allow more with model.maxTokens in the configuration",
        details: { maxTokens: this.maxTokens, spent },
      },
    );
  }

  /** `4 requests, 12034 tokens in, 830 out`. */
  describe(): string {
    const requests = `${this.#requests} request${this.#requests === 1 ? "" : "s"}`;
    return `${requests}, ${this.#input} tokens in, ${this.#output} out`;
  }
}

export function estimateTokens(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}
