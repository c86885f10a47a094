/** Another user: credentials of the recorded kinds, chosen so that encoding mistakes show. */
import type { Input } from "../correlate/flow.ts";
import type { Dice } from "./dice.ts";
import { DIGITS, LOWER, mintLike } from "./mint.ts";

/** Every one of these is written differently by some encoding; `é` also differs between charsets. */
const TELLING_CHARACTERS = "+&%é";

/** A PIN is typed on a keypad: other characters would be no answer to its prompt. */
const PIN = /^\d{3,8}$/;

/**
 * An invented answer to the prompt, unlike the recorded one.
 *
 * @param mintLink replaces the values a pasted link holds
 */
export function inventInput(
  input: Input,
  dice: Dice,
  mintLink: (recorded: string) => string,
): string {
  switch (input.kind) {
    case "identifier":
      return inventIdentifier(input.recorded, dice);
    case "password":
      return PIN.test(input.recorded) ? mintLike(input.recorded, dice) : inventPassword(dice);
    case "link":
      return mintLink(input.recorded);
    default:
      return mintLike(input.recorded, dice);
  }
}

function inventIdentifier(recorded: string, dice: Dice): string {
  const name = `${dice.text(LOWER, 5)}.${dice.text(LOWER, 6)}`;
  if (/^[^\s@]+@[^\s@]+$/.test(recorded)) return `${name}+${dice.text(DIGITS, 2)}@mail.example`;
  return /^\+?[\d ()-]+$/.test(recorded) ? mintLike(recorded, dice) : name;
}

function inventPassword(dice: Dice): string {
  const characters = [...TELLING_CHARACTERS].map((char) => dice.text(LOWER, 3) + char);
  return `Q${characters.join("")}${dice.text(DIGITS, 3)}"z`;
}
