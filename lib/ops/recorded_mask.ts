/**
 * Names and addresses of a recording for an explanation: what was recorded as a value is not shown,
 * also where it is part of a name (a user name in a path, a session id in a cookie's name).
 */
import { Redactor } from "../base/redact.ts";
import {
  isCredentialName,
  isIdentifierName,
  isLoginPath,
  isPasswordName,
} from "../http/vocabulary.ts";
import type { LoginFlow } from "../correlate/flow.ts";
import { isOpaque } from "../http/opaque.ts";

/** Stands for what is not shown. */
export const HIDDEN = "…";

/** Shorter values occur in names by chance. In UTF-16 units. */
const MIN_LENGTH = 3;

export class RecordedMask {
  readonly #opaque = new Redactor();
  readonly #words: string[] = [];

  constructor(flow: LoginFlow) {
    for (const value of recordedValues(flow)) {
      if (isOpaque(value)) this.#opaque.add(value);
    }
    for (const { recorded } of flow.inputs) {
      if (recorded.length >= MIN_LENGTH && !isFieldWord(recorded)) this.#words.push(recorded);
    }
    this.#words.sort((a, b) => b.length - a.length);
  }

  /** The name without recorded values. What was typed counts where it stands as a word of its own. */
  name(text: string): string {
    let masked = this.#opaque.redact(text).replaceAll("‹secret›", HIDDEN);
    for (const word of this.#words) masked = withoutWord(masked, word);
    return masked;
  }

  /** The path; segments that look like tokens are hidden, whatever they are. */
  path(pathname: string): string {
    return pathname.split("/")
      .map((segment) => isOpaque(segment) ? HIDDEN : this.name(segment))
      .join("/");
  }
}

function recordedValues(flow: LoginFlow): string[] {
  const steps = [...flow.steps, ...flow.refresh?.steps ?? []];
  return [
    ...flow.inputs.map(({ recorded }) => recorded),
    ...flow.generated.map(({ recorded }) => recorded),
    ...steps.flatMap(({ extractions }) => extractions.map(({ recorded }) => recorded)),
    ...steps.flatMap(({ cookies }) => cookies.map(({ recorded }) => recorded)),
  ];
}

/** `user` and `password` as recorded values are words that fields have for names, too. */
function isFieldWord(value: string): boolean {
  return isIdentifierName(value) || isPasswordName(value) || isCredentialName(value) ||
    isLoginPath(value);
}

function withoutWord(text: string, word: string): string {
  const pieces = text.split(word);
  return pieces.reduce((before, after) =>
    /[A-Za-z0-9]$/.test(before) || /^[A-Za-z0-9]/.test(after)
      ? `${before}${word}${after}`
      : `${before}${HIDDEN}${after}`
  );
}
