/** Another user: credentials of the recorded kinds, chosen so that encoding mistakes show. */
import type { Input, LoginFlow } from "../correlate/flow.ts";
import { parseUrl, pathSegments, queryPairs } from "../http/url.ts";
import { isTokenLike } from "../judge/token_like.ts";
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

/** The invented credentials, by `Input.name`. */
export function inventInputs(
  { inputs }: Pick<LoginFlow, "inputs">,
  random: RandomSource,
  person: InventedPerson = "plain",
): Map<string, string> {
  return new Map(inputs.map((input) => [input.name, inventInput(input, random, person)]));
}

/** Unlike the recorded one. */
function inventInput(
  { kind, recorded }: Input,
  random: RandomSource,
  person: InventedPerson,
): string {
  switch (kind) {
    case "identifier":
      return inventIdentifier(recorded, random, person);
    case "password":
      return PIN.test(recorded) ? mintLike(recorded, random) : inventPassword(random, person);
    case "link":
      return mintLink(recorded, random);
    case "one-time-code":
      return mintLike(recorded || "000000", random);
    default:
      return mintLike(recorded, random);
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

/** A link of the same shape whose tokens are others. */
function mintLink(recorded: string, random: RandomSource): string {
  const parts = linkParts(recorded);
  const tokens = parts.filter(isTokenLike);
  const chosen = tokens.length > 0 ? tokens : parts;
  let link = recorded;
  for (const part of chosen) {
    const minted = mintLike(part, random);
    link = link.replaceAll(part, minted)
      .replaceAll(encodeURIComponent(part), encodeURIComponent(minted));
  }
  return link;
}

/** What may differ from one pasted link to the next: query values and path segments. */
export function linkParts(link: string): string[] {
  const url = parseUrl(link);
  if (url === null) return [link];
  return [...queryPairs(url).map(([, value]) => value), ...pathSegments(url)]
    .filter((part) => part.length >= 4);
}
