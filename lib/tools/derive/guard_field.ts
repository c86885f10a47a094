/** Fields that guard a request against forgery: who calls a tool could not know what to put there. */
import { isOpaque } from "../../http/opaque.ts";
import { isAntiForgeryName, isGuardName, words } from "../../http/vocabulary.ts";
import { segmentKind } from "./segment_kind.ts";

/** Shorter values are chosen by people. In UTF-16 units. */
const MIN_LENGTH = 8;

/** Tokens that say who sends a request. */
const SESSION = /\b(access|id|auth|authentication|bearer|session|refresh|api|device|push) ?token$/;

/** By its name; by name and values where the name has other readings, as `token` and `security` have. */
export function isGuardField(name: string, values: readonly unknown[]): boolean {
  if (isAntiForgeryName(name)) return true;
  const texts = values.filter((value) => value !== "" && value !== null);
  return mayGuard(name) && texts.length > 0 && texts.every(isMade);
}

/** A place among those of the login's credentials whose name says that it guards a request. */
export function mayGuard(name: string): boolean {
  return isAntiForgeryName(name) || isGuardName(name) && !SESSION.test(words(name));
}

/** As `isGuardName`, for what may be the session, too, by the names of it: `token`, `ticket`. */
export function isGuardAlone(name: string): boolean {
  return isAntiForgeryName(name) || isGuardName(name) && !/\b(token|ticket)$/.test(words(name));
}

/** What a server made: random text, a digest. */
export function isMade(value: unknown): boolean {
  if (typeof value !== "string" || value.length < MIN_LENGTH) return false;
  const kind = segmentKind(value);
  return kind === "hash" || kind === "token" || kind === "uuid" || isOpaque(value);
}

/** Names of things, which a caller may choose among. */
export function namesThing(name: string): boolean {
  return /\b(id|uuid|guid|key|ref|slug)$/.test(words(name));
}
