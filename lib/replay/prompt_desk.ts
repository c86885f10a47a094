/** Answers a script's prompts with the invented credentials, and keeps an eye on when it asks. */
import type { Input } from "../correlate/flow.ts";
import type { Finding } from "./proof.ts";

/** What a script asks for. */
export interface AskedPrompt {
  readonly label: string;
  readonly secret: boolean;
}

export interface DeskOptions {
  readonly inputs: readonly Input[];
  /** The invented answer, by `Input.name`. */
  readonly answers: ReadonlyMap<string, string>;
  /** The step that must have been answered before the input may be asked for; `null` when none. */
  readonly tooEarly: (input: Input) => string | null;
}

const WORDS_OF_KIND: readonly (readonly [Input["kind"], RegExp])[] = [
  ["one-time-code", /\b(code|otp|totp|2fa|mfa|one time|verification|pin|sms)\b/],
  ["link", /\b(link|url)\b/],
  ["api-key", /\b(api key|key|token)\b/],
  ["password", /\b(password|passphrase|pass|secret)\b/],
  ["identifier", /\b(user|username|user name|login|e ?mail|account|phone|name|id)\b/],
];

export class PromptDesk {
  readonly findings: Finding[] = [];
  readonly #asked = new Set<string>();

  constructor(private readonly options: DeskOptions) {}

  /** The answer to a prompt. What nobody should ask for is answered with nothing, and noted. */
  answer(label: string, isSecret: boolean): string {
    const where = `prompt "${label.slice(0, 80)}"`;
    const input = this.#inputFor(label, isSecret);
    if (input === undefined) {
      this.findings.push({ where, problem: "asks for something the login does not need" });
      return "";
    }
    if (this.#asked.has(input.name)) {
      this.findings.push({ where, problem: `asks for ${input.name} again` });
    }
    const step = this.options.tooEarly(input);
    if (step !== null) {
      this.findings.push({ where, problem: `comes before step ${step} was answered` });
    }
    this.#asked.add(input.name);
    return this.options.answers.get(input.name) ?? "";
  }

  /** The answers that were given, by `Input.name`. */
  given(): Map<string, string> {
    return new Map([...this.options.answers].filter(([name]) => this.#asked.has(name)));
  }

  /** Inputs that were never asked for. */
  unasked(): Input[] {
    return this.options.inputs.filter((input) =>
      !this.#asked.has(input.name) && input.isOptional !== true
    );
  }

  /** By label; else the likeliest of those not asked yet: by the words of the label, then by kind. */
  #inputFor(label: string, isSecret: boolean): Input | undefined {
    const { inputs } = this.options;
    const isKind = isOfKind(label);
    const score = (input: Input) => (isKind(input) ? 2 : 0) + (input.secret === isSecret ? 1 : 0);
    const open = inputs.filter((input) => !this.#asked.has(input.name));
    return inputs.find(isOfLabel(label)) ?? open.toSorted((a, b) => score(b) - score(a))[0] ??
      inputs.find(isKind);
  }
}

export function isOfLabel(label: string): (input: Pick<Input, "label">) => boolean {
  const wanted = plainWords(label);
  return (input) => plainWords(input.label) === wanted;
}

export function isOfKind(label: string): (input: Pick<Input, "kind">) => boolean {
  const wanted = kindOfLabel(label);
  return ({ kind }) => kind === wanted;
}

/** The kind of input that a label speaks of. */
export function kindOfLabel(label: string): Input["kind"] | undefined {
  const words = plainWords(label);
  return WORDS_OF_KIND.find(([, pattern]) => pattern.test(words))?.[0];
}

/** Lower case, without punctuation. */
export function plainWords(label: string): string {
  return label.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}
