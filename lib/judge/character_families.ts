/**
 * Which characters a computed value may consist of, as far as one recorded value tells: an encoding has an
 * alphabet, and a short value of a wide one holds by chance nothing but characters of a narrower one.
 */

interface Family {
  /** A value of it. */
  readonly holds: RegExp;
  /** Tells what is not of it. */
  readonly others: RegExp;
  /** How many characters it has. */
  readonly size: number;
}

/** Narrowest first. Base32 and base36 are parts of base64. */
const FAMILIES: readonly Family[] = [
  { holds: /^[0-9]*$/, others: /[^0-9]/, size: 10 },
  { holds: /^[0-9a-f]*$/, others: /[^0-9a-f]/, size: 16 },
  { holds: /^[0-9A-F]*$/, others: /[^0-9A-F]/, size: 16 },
  { holds: /^(?=.*[+/])[0-9A-Za-z+/=]*$/, others: /[^0-9A-Za-z+/=]/, size: 64 },
  // A hyphen may part the pieces of a text whose base64 has the other alphabet (RFC 4648 section 5).
  { holds: /^[0-9A-Za-z=_-]*$/, others: /[^0-9A-Za-z+/=_-]/, size: 64 },
  { holds: /^[\x20-\x7e]*$/, others: /[^\x20-\x7e]/, size: 95 },
];

/** A value that would look as it does by such a chance and less is not a member of the wider family. */
const CHANCE = 1e-7;

/** What parts the pieces of a structured value, and begins an escape (RFC 3986 section 2.1). */
const STRUCTURE = /[^0-9A-Za-z+/=_-]/g;

/** More kinds of marks than a structure has are characters of the encoding itself: Ascii85. */
const MAX_MARKS = 6;

/**
 * True where one computation may have yielded both texts, each for another input.
 * @rule off: true
 */
export function mayBeOfOneKind(recorded: string, sent: string): boolean {
  const marks = new Set(recorded.match(STRUCTURE));
  if (!isPrintable(recorded)) return true;
  if (marks.size > MAX_MARKS) return isPrintable(sent);
  const plain = recorded.replace(STRUCTURE, "");
  // Percent signs come with the first character that has to be escaped.
  const rest = sent.replace(STRUCTURE, (mark) => marks.has(mark) || mark === "%" ? "" : mark);
  return plausible(plain).some(({ others }) => !others.test(rest));
}

function isPrintable(text: string): boolean {
  return !/[^\x20-\x7e]/.test(text);
}

/** The families that hold the value, but for those of which it would be an improbable member. */
function plausible(value: string): Family[] {
  const holding = FAMILIES.filter(({ holds }) => holds.test(value));
  const narrowest = holding[0]!.size;
  return holding.filter(({ size }) => (narrowest / size) ** value.length >= CHANCE);
}
