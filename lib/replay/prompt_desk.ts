/** Answers a script's prompts with the invented credentials, and keeps an eye on when it asks. */
import type { Input } from "../correlate/flow.ts";
import { type Objection, objectionTo } from "../judge/finding.ts";

export interface AskedPrompt {
  readonly label: string;
  readonly secret: boolean;
}

const WORDS_OF_KIND: readonly (readonly [Input["kind"], RegExp])[] = [
  ["one-time-code", /\b(code|otp|totp|2fa|mfa|one time|verification|pin|sms)\b/],
  ["link", /\b(link|url)\b/],
  ["api-key", /\b(api key|key|token)\b/],
  ["password", /\b(password|passphrase|pass|secret)\b/],
  ["identifier", /\b(user|username|user name|login|e ?mail|account|phone|name|id)\b/],
];

export class PromptDesk {
  readonly objections: Objection[] = [];
  readonly #asked = new Set<string>();

  /**
   * @param answers the invented ones, by `Input.name`
   * @param tooEarly the step that must have been answered before the input may be asked for; `null` when none
   */
  constructor(
    private readonly inputs: readonly Input[],
    private readonly answers: ReadonlyMap<string, string>,
    private readonly tooEarly: (input: Input) => string | null = () => null,
  ) {}

  /** The answer to a prompt. What nobody should ask for is answered with nothing, and noted. */
  answer(label: string, isSecret: boolean): string {
    const where = `prompt "${label.slice(0, 80)}"`;
    const input = this.#inputFor(label, isSecret);
    if (input === undefined) {
      this.objections.push(objectionTo(where, "asks for something the login does not need"));
      return "";
    }
    if (this.#asked.has(input.name)) {
      this.objections.push(objectionTo(where, `asks for ${input.name} again`));
    }
    const step = this.tooEarly(input);
    if (step !== null) {
      this.objections.push(objectionTo(where, `comes before step ${step} was answered`));
    }
    this.#asked.add(input.name);
    return this.answers.get(input.name) ?? "";
  }

  /** The answers that were given, by `Input.name`. */
  given(): Map<string, string> {
    return new Map([...this.answers].filter(([name]) => this.#asked.has(name)));
  }

  unasked(): Input[] {
    return this.inputs.filter((input) => !this.#asked.has(input.name) && input.isOptional !== true);
  }

  /** By label; else the likeliest of those not asked yet: by the words of the label, then by kind. */
  #inputFor(label: string, isSecret: boolean): Input | undefined {
    const { inputs } = this;
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

export function kindOfLabel(label: string): Input["kind"] | undefined {
  const words = plainWords(label);
  return WORDS_OF_KIND.find(([, pattern]) => pattern.test(words))?.[0];
}

/** Lower case, without punctuation. */
export function plainWords(label: string): string {
  return label.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}
