/** What a value or a place says of whose name it is. */
import { isLoginPath } from "../http/vocabulary.ts";

/** An e-mail address, or a telephone number as ITU-T E.164 writes it. */
export function isPersonAddress(value: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/i.test(value) || /^\+\d{7,15}$/.test(value);
}

/** Letters and digits in less are a version (`v2`, `oauth2`). In characters. */
const MIN_TELLING = 7;

/**
 * True for a name that no application gives to a part of itself by chance: an address, words parted by a
 * dot or a low line (`ann.bell`), letters and digits together.
 * @rule off: false
 */
export function isTelling(name: string): boolean {
  if (isPersonAddress(name)) return true;
  if (name.length < MIN_TELLING || isLoginPath(name)) return false;
  return /[\p{L}\p{N}][._@][\p{L}\p{N}]/u.test(name) || /\p{L}/u.test(name) && /\p{N}/u.test(name);
}

/** Collections whose items are people, by the custom of REST: `/users/ann`. */
const PEOPLE =
  /^(users|people|persons|members|customers|employees|accounts|profiles|u|by-name|~)$/i;

/** Singular words that stand before a name or before something else: `/user/ann`, `/user/settings`. */
const PERSON = /^(user|person|member|account|profile|home)$/i;

/** What stands behind such a word and is nobody's name, whoever is called so. */
const NO_NAME = /^(\d+|me|self|current|new|all|search)$/i;

/** The same, where nothing else says that it is one. */
const PART_OF_API = /^(v\d+|api)$/i;

/** What stands before somebody's name in one segment: a home on a server (`/~ann`), a handle (`/@ann`). */
export const NAME_MARK = /^[~@]$/;

/** True for a path segment that names somebody, by the segment before it. */
export function isNamedBy(before: string, segment: string): boolean {
  return mayBeItem(before, segment) && !PART_OF_API.test(segment);
}

function mayBeItem(before: string, segment: string): boolean {
  return PEOPLE.test(before) && !isLoginPath(segment) && !NO_NAME.test(segment);
}

/** As `isNamedBy`, for a segment that is known to be somebody's name as well. */
export function mayBeNamedBy(before: string, segment: string): boolean {
  return mayBeItem(before, segment) || PERSON.test(before) && !isLoginPath(segment);
}
