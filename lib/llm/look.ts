/** What a value is by its look. */

export const EMAIL = /^[^\s@"'<>:;,|&=]{1,64}@[^\s@"'<>:;,|&=]{1,190}\.[^\s@"'<>:;,|&=]{1,63}$/;
export const PHONE = /^\+\d[\d ()-]{6,}$/;

/** A value that was made by somebody asks for no more than this of its look. */
const LOOKS: readonly (readonly [RegExp, string])[] = [
  [/^\d+$/, "digits"],
  [/^[0-9a-f]+$/i, "hex"],
  [/^[A-Za-z]+$/, "letters"],
  [/^[A-Za-z0-9]+$/, "letters and digits"],
  [/^[A-Za-z0-9+/_-]+={0,2}$/, "base64"],
];

/** What may be said of the look of a value that nobody typed: `32 hex`. */
export function lookOf(value: string): string {
  const alphabet = LOOKS.find(([shape]) => shape.test(value))?.[1] ?? "characters";
  return `${value.length} ${alphabet}`;
}
