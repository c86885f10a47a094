/** Opaque values a server mints for one session from words, paths, dates and other fixed text. */
import { isCamelCase } from "../http/opaque.ts";
import { formPairs, percentDecode } from "../http/url.ts";

const MIN_LENGTH = 8;
const MAX_LENGTH = 16_384;

/** Text with a meaning of its own, the same in every session. */
const FIXED_TEXT: readonly RegExp[] = [
  /^[a-z][a-z0-9+.-]*:\/\//i, // URL
  /^[.~#]|^\/[^+=]*$/, // path, fragment
  // Words, identifiers, media types, host names: `oauth2`, `wsignin1.0`
  /^[A-Za-z]+([-_.:/ ][A-Za-z]+)*[-_.]?\d{0,3}(\.\d{1,2})?$/,
  /^\d{4}-\d\d-\d\d([T ]|$)/, // ISO date
  /^v?\d+(\.\d+)+([-+][a-z0-9.]+)?$/i, // version
  /^[\d.,:;%+-]+(px|em|rem|s|ms)?$/, // numbers, sizes, addresses
  /^#?[0-9a-f]{3,8}$/i, // colours, short hashes
  /^[\w.-]+\.(js|css|png|svg|jpe?g|gif|ico|woff2?|json|html?|php)$/i, // file names
];

/** `id=passive&ru=%2f`: as telling as what stands in it. */
const PARAMETERS = /^[\w.-]+=[^&=]*(&[\w.-]+=[^&=]*)+$/;

/** `/api/notes?page=1` (RFC 3986, section 4.2), which base64 cannot be: as telling as its parts. */
const PATH_AND_QUERY = /^(\/[^?#]*)\?([^#]*)/;

const KEY_OF_MINTED =
  /(token|csrf|xsrf|nonce|secret|session|sess|sid|state|ticket|signature|salt|challenge|jti|uuid|guid|code|viewstate)$|(^|[_.-])(id|key|sub)$|Id$/i;

/** True for a value that was probably made for one session or one user. */
export function isTokenLike(value: string): boolean {
  if (value.length < MIN_LENGTH || value.length > MAX_LENGTH) return false;
  if (/[^\x21-\x7e]/.test(value) || /[<>"'\\{}]/.test(value)) return false;
  if (FIXED_TEXT.some((pattern) => pattern.test(value))) return false;
  if (PARAMETERS.test(value)) return formPairs(value).some(([, part]) => isTokenLike(part));
  const address = PATH_AND_QUERY.exec(value);
  if (address !== null) {
    const [, path = "", query = ""] = address;
    return path.split("/").some(isTokenLike) ||
      formPairs(query).some(([name, part]) => isMintedUnder(name, part));
  }
  return /\d/.test(value) ? /[A-Za-z]/.test(value) : isMixed(value);
}

/**
 * As `isTokenLike`, with the benefit of the doubt that the name of its place gives.
 * @rule off: false
 */
export function isMintedUnder(name: string, text: string): boolean {
  const value = percentDecode(text);
  if (isTokenLike(value)) return true;
  if (!KEY_OF_MINTED.test(name)) return false;
  return /^\d{6,}$/.test(value) || /^[0-9a-f]{6,}$/i.test(value) && /\d/.test(value) ||
    value.length >= MIN_LENGTH && /^[\x21-\x7e]+$/.test(value) && hasRandomMix(value) &&
      !FIXED_TEXT.slice(0, 2).some((pattern) => pattern.test(value));
}

/** No digit among 20 characters and more: random text in base64 changes case all the time. */
function isMixed(value: string): boolean {
  const changes = value.match(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/g)?.length ?? 0;
  return value.length >= 20 && changes >= value.length / 4;
}

/**
 * A digit, or letters that change case other than between the words of a name (`FileStation`).
 * @rule off: false
 */
function hasRandomMix(value: string): boolean {
  return /\d/.test(value) || /[a-z][A-Z]/.test(value) && !isCamelCase(value);
}
