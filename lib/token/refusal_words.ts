/**
 * What a site's sentence about a login means: the account is locked, the credentials are wrong, the request
 * itself is not understood, or the site is down. English, and the commonest words of German, French and
 * Spanish. Pure.
 */

export type Meaning = "locked" | "refused" | "request" | "down";

const LOCKED =
  /\b(locked|lockout|lock(ed)? out|suspended|disabled|blocked|deactivated|banned|frozen|gesperrt|bloqué|bloquée|bloquead[oa]|verrouillé)(?!\p{L})/u;
const ACCOUNT =
  /\b(accounts?|users?|logins?|access|profile|you|ip|address|member|customer|sign ?in|konto|zugang|compte|cuenta|usuario)\b/;
const TOO_OFTEN =
  /\b(too many|rate limit|attempts? exceeded|exceeded .{0,80}attempts|try again (later|in)|zu viele|trop de|demasiados)\b/;
/** What a page says of the browser, whoever looks at it. */
const ABOUT_BROWSER = /\b(java ?script|cookies?|browsers?|pop ?ups?|ad ?blockers?)\b/;

const CREDENTIAL =
  /\b(user ?names?|users?|e ?mails?|accounts?|pass ?words?|pass ?phrase|credentials?|logins?|log ?in|sign ?in|authentication|auth|codes?|pins?|otp|passcode|phone|grant|refresh token|kennwort|passwort|anmeldung|benutzer\p{L}*|zugangsdaten|mot de passe|identifiants?|contraseña|usuario|correo)(?!\p{L})/u;
const WRONG =
  /\b(invalid|incorrect|wrong|bad|unknown|mismatch|denied|unauthori[sz]ed|fail(ed|ure|s)?|rejected|expired|revoked|no such|cannot find|could not find|(is|was|are|does|do|did|could|can)? ?(not|n t) (been )?(found|valid|exist|match|correct|recogni[sz]ed|accepted|registered|log you in)|no (account|user)|falsch\p{L}*|ungültig\p{L}*|incorrecte?s?|incorrect[oa]s?|invalides?|inválid[oa]s?|erroné\p{L}*)(?!\p{L})/u;

/** RFC 6749 section 5.2 and what web frameworks say of requests they cannot use. */
const REQUEST =
  /\b(invalid (client|request|scope|json|body|format)|unauthorized client|unsupported|missing|required|blank|must|unexpected|unrecogni[sz]ed|not allowed|not permitted|additional propert\p{L}*|unknown (field|property|parameter|argument|key)|malformed|unparsable|parse error|cannot parse|csrf|xsrf|forgery|antiforgery|page expired|no route|cannot (post|get|put)|method not)(?!\p{L})/u;

const DOWN =
  /\b(maintenance|service unavailable|temporarily unavailable|be right back|overloaded|wartung\p{L}*|en mantenimiento)(?!\p{L})/u;

/** The client itself is not known (RFC 6749 section 5.2), or the page the request came from is not. */
const MISFIT =
  /\b(invalid client|unauthorized client|csrf|xsrf|forgery|antiforgery|page expired)\b/;

/** Says that the request holds what it may not hold: its own field is the wrong one. */
const UNWANTED =
  /\b(unexpected|unrecogni[sz]ed|not allowed|not permitted|additional propert|unknown (field|property|parameter|argument|key)|should not exist)/;

/** `null` for a sentence that says nothing about a login. */
export function meaningOf(text: string): Meaning | null {
  const words = plain(text);
  if (ABOUT_BROWSER.test(words)) return null;
  if (isLock(words)) return "locked";
  if (DOWN.test(words)) return "down";
  if (MISFIT.test(words) || UNWANTED.test(words)) return "request";
  if (WRONG.test(words) && CREDENTIAL.test(words)) return "refused";
  return REQUEST.test(words) ? "request" : null;
}

/** True for a complaint that has nothing to do with what was typed. */
export function saysMisfit(text: string): boolean {
  return MISFIT.test(plain(text));
}

/** True for a complaint about something that was sent and is not wanted. */
export function saysUnwanted(text: string): boolean {
  return UNWANTED.test(plain(text));
}

function isLock(words: string): boolean {
  if (TOO_OFTEN.test(words)) return true;
  // A code of one word, as in `{"error": "locked"}`.
  return LOCKED.test(words) && (ACCOUNT.test(words) || words.split(" ").length === 1);
}

/** `ACCOUNT_LOCKED`, `accountLocked` and `account-locked` as words. */
function plain(text: string): string {
  return text.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2").toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}
