/** What a command may spend on a model, and what it has spent. */
import type { TokenPrices } from "../base/config.ts";
import { AppError } from "../base/error.ts";

export interface TokenUse {
  readonly input: number;
  readonly output: number;
  /** Of the input, what the endpoint had kept from before. */
  readonly cached: number;
}

/** Endpoints that do not count are counted for: about four characters are one token. */
const CHARACTERS_PER_TOKEN = 4;
const PRICED_TOKENS = 1_000_000;

export class TokenBudget {
  #input = 0;
  #output = 0;
  #cached = 0;
  #requests = 0;
  #isEstimated = false;
  #unfinished = 0;
  #unfinishedInput = 0;

  constructor(readonly maxTokens: number, readonly prices: TokenPrices | null = null) {}

  get use(): TokenUse {
    return { input: this.#input, output: this.#output, cached: this.#cached };
  }

  get requests(): number {
    return this.#requests;
  }

  get left(): number {
    return this.maxTokens - this.#input - this.#output - this.#unfinishedInput;
  }

  /** In the currency of the prices; `null` where none are configured. */
  get cost(): number | null {
    if (this.prices === null) return null;
    const { in: input, out, cached } = this.prices;
    const fresh = (this.#input - this.#cached) * input;
    return (fresh + this.#cached * (cached ?? input) + this.#output * out) / PRICED_TOKENS;
  }

  spend({ input, output, cached }: TokenUse): void {
    this.#input += input;
    this.#output += output;
    this.#cached += Math.min(cached, input);
    this.#requests++;
  }

  /** For an endpoint that does not count. */
  spendAbout(promptCharacters: number, answerCharacters: number): void {
    const [input, output] = [estimateTokens(promptCharacters), estimateTokens(answerCharacters)];
    this.spend({ input, output, cached: 0 });
    this.#isEstimated = true;
  }

  /** A request that was sent and whose answer was not waited for: it may be charged for all the same. */
  abandon(promptCharacters: number): void {
    this.#unfinished++;
    this.#unfinishedInput += estimateTokens(promptCharacters);
  }

  /** @throws {AppError} `UNSUPPORTED` when a prompt of this length would go beyond the budget. */
  require(promptCharacters: number): void {
    if (this.left >= estimateTokens(promptCharacters)) return;
    const spent = this.maxTokens - this.left;
    throw new AppError(
      "UNSUPPORTED",
      `The model has used ${spent} of the ${this.maxTokens} tokens it may use`,
      {
        hint: "Allow more with model.maxTokens in the configuration",
        details: { maxTokens: this.maxTokens, spent },
      },
    );
  }

  /** `4 requests, 12034 tokens in (8000 of them cached), 830 out, cost 0.0123`. */
  describe(): string {
    const about = this.#isEstimated ? "about " : "";
    const cached = this.#cached === 0 ? "" : ` (${this.#cached} of them cached)`;
    const { cost } = this;
    return [
      counted(this.#requests, "request"),
      `${about}${this.#input} tokens in${cached}`,
      `${this.#output} out`,
      ...cost === null ? [] : [`cost ${amount(cost)}`],
      ...this.#unfinished === 0 ? [] : [
        `and ${counted(this.#unfinished, "unfinished request")} of about ` +
        `${this.#unfinishedInput} tokens in`,
      ],
    ].join(", ");
  }
}

export function estimateTokens(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** A model's answer costs fractions of a cent: at least two digits that count. */
function amount(cost: number): string {
  return cost >= 1 ? cost.toFixed(2) : String(Number(cost.toPrecision(3)));
}
