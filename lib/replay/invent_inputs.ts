/** Another user: credentials of the recorded kinds, chosen so that encoding mistakes show. */
import type { Input } from "../correlate/flow.ts";
import type { RandomSource } from "./random_source.ts";
import { DIGITS, LOWER, mintLike } from "./mint.ts";

/** Every one of these is written differently by some encoding; `é` also differs between charsets. */
const TELLING_CHARACTERS = "+&%é";

/**
 * Two people of different shapes: what fits the one by chance (a length, an alphabet, a part in common)
 * does not fit the other.
 */
export type InventedPerson = "plain" | "telling";

/** A PIN is typed on a keypad: other characters would be no answer to its prompt. */
const PIN = /^\d{3,8}$/;

/**
 * An invented answer to the prompt, unlike the recorded one.
 *
 * @param mintLink replaces the values a pasted link holds
 */
export function inventInput(
  input: Input,
  random: RandomSource,
  mintLink: (recorded: string) => string,
  person: InventedPerson,
): string {
  switch (input.kind) {
    case "identifier":
      return inventIdentifier(input.recorded, random, person);
    case "password":
      return PIN.test(input.recorded)
        ? mintLike(input.recorded, random)
        : inventPassword(random, person);
    case "link":
      return mintLink(input.recorded);
    case "one-time-code":
      return mintLike(input.recorded || "000000", random);
    default:
      return mintLike(input.recorded, random);
  }
}

/** Without a colon: HTTP Basic has no place for it (RFC 7617 section 2). */
function inventIdentifier(recorded: string, random: RandomSource, person: InventedPerson): string {
  const name = person === "plain"
    ? `${random.text(LOWER, 5)}.${random.text(LOWER, 6)}`
    : `${random.text(LOWER, 3)}-${random.text(LOWER, 9)}_${random.text(DIGITS, 3)}`;
  if (/^[^\s@]+@[^\s@]+$/.test(recorded)) return `${name}+${random.text(DIGITS, 2)}@mail.example`;
  return /^\+?[\d ()-]+$/.test(recorded) ? mintLike(recorded, random) : name;
}

/** In base64 the last six have `+` and `/`, wherever they stand (RFC 4648 section 4). */
function inventPassword(random: RandomSource, person: InventedPerson): string {
  if (person === "telling") {
    return `${random.text(DIGITS, 2)}:${random.text(LOWER, 34)}@ß ${
      random.text(LOWER, 4)
    }/\\K<>>>???`;
  }
  const characters = [...TELLING_CHARACTERS].map((char) => random.text(LOWER, 3) + char);
  return `Q${characters.join("")}${random.text(DIGITS, 3)}"z`;
}
