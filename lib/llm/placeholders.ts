/**
 * The names under which a model knows values: `‹secret#1 typed by the user›`, `‹jwt#3 exp=+3600›`. The
 * same value has the same name wherever it occurs, so that a model sees how data flows and no data.
 *
 * A value that is a constant of the client is named `‹constant#2 …›`; that name may stand in a script
 * and is filled in before the script is checked. Every other name in a script is refused: what it stands
 * for has to be asked for, extracted or made.
 */

export type PlaceholderKind =
  | "constant"
  | "secret"
  | "code"
  | "user"
  | "email"
  | "phone"
  | "jwt"
  | "uuid"
  | "base64"
  | "hex"
  | "time"
  | "number"
  | "text";

export interface Placeholder {
  readonly kind: PlaceholderKind;
  /** From 1 within its kind. */
  readonly number: number;
  /** What may be said of the value: `exp=+3600`, `32 hex`. No part of the value; may be empty. */
  readonly note: string;
  readonly value: string;
}

/** `‹kind#number note›`; models drop the note or the marks around it, so neither decides. */
const WRITTEN = /‹\s{0,4}([a-z0-9]{1,40})#(\d{1,9})(?!\d)[^‹›]*›/g;
const NAMED = /^[‹<\s]*([a-z0-9]{1,40})#(\d{1,9})(?![^\s›>])[^‹›]*(?:›[›>\s]*)?$/;

export class Placeholders {
  readonly #all: Placeholder[] = [];
  readonly #byValue = new Map<string, Placeholder>();
  readonly #byName = new Map<string, Placeholder>();
  readonly #counts = new Map<PlaceholderKind, number>();

  /** The placeholder of a value; `describe` says what it is when it is first seen. */
  of(
    value: string,
    describe: () => { readonly kind: PlaceholderKind; readonly note: string },
  ): Placeholder {
    const known = this.#byValue.get(value);
    if (known !== undefined) return known;
    const { kind, note } = describe();
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    const placeholder = { kind, number, note, value };
    this.#all.push(placeholder);
    this.#byValue.set(value, placeholder);
    this.#byName.set(`${kind}#${number}`, placeholder);
    return placeholder;
  }

  known(value: string): Placeholder | undefined {
    return this.#byValue.get(value);
  }

  /** By its text as a model writes it: `‹jwt#3 exp=+3600›`, `jwt#3`. */
  named(text: string): Placeholder | undefined {
    const [, kind, number] = NAMED.exec(text.trim()) ?? [];
    return this.#byName.get(`${kind}#${number}`);
  }

  /** Every placeholder so far, in the order they were made, but for the first `skipped`. */
  all(skipped = 0): readonly Placeholder[] {
    return this.#all.slice(skipped);
  }

  /** The script with its constants filled in, and what may not stand in it. */
  fill(source: string): FilledScript {
    const refused = new Set<string>();
    const filled = source.replaceAll(WRITTEN, (written, kind: string, number: string) => {
      const placeholder = this.#byName.get(`${kind}#${number}`);
      if (placeholder?.kind === "constant") return literalText(placeholder.value);
      refused.add(`${kind}#${number}`);
      return written;
    });
    return { source: filled, refused: [...refused] };
  }
}

export interface FilledScript {
  readonly source: string;
  /** Names of placeholders that stand for no constant, or for nothing. */
  readonly refused: readonly string[];
}

export function written({ kind, number, note }: Placeholder): string {
  return `‹${kind}#${number}${note === "" ? "" : ` ${note}`}›`;
}

/** Safe inside string and template literals: what could end or open one is written as an escape. */
function literalText(value: string): string {
  return value.replace(
    /["'`\\$\p{Cc}\u2028\u2029]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
