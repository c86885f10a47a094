/**
 * What a site's sentence about a login means: the account is locked, the credentials are wrong, the request
 * itself is not understood, or the site is down. English here, the commonest words of other languages in
 * `refusal_vocabulary.ts`. Pure.
 */
import { foreignIndex, type RefusalTopic } from "./refusal_vocabulary.ts";

export type Meaning = "locked" | "refused" | "request" | "down";

const LOCKED =
  /\b(lock(ed)? ?out|locked|suspended|disabled|blocked|deactivated|banned|frozen|prohibited|inactive|not (yet )?(been )?(activated|active|enabled|approved))(?!\p{L})/u;
/** Sentences go on: `5 failed attempts for this account. It is temporarily blocked.` */
const FOR_NOW = /\btemporarily (locked|blocked|suspended|disabled|banned)\b/;
const ACCOUNT =
  /\b(accounts?|acct|users?|logins?|access|profile|you|ip|address|member|customer|sign ?in)\b/;
const TOO_OFTEN = /\b(too many|rate limit|more than \d{1,4} failed)\b/;
const TOO_MANY_REQUESTS = /\b(too many (requests|calls)|rate limit|throttled)/;
const LATER = /\b(try again|wait)( in| after| for)? (\d+|a few|some) [smh]/;
/** What comes if the user goes on so, or whatever the page says to everybody. */
const CONDITION =
  /\b(before|until|if|when|unless|will|would|may|might|could|avoid|prevent|otherwise|or)\b/;
/** What a page says of the browser, whoever looks at it. */
const ABOUT_BROWSER = /\b(java ?script|cookies?|browsers?|pop ?ups?|ad ?blockers?)\b/;

const CREDENTIAL =
  /\b(user ?names?|users?|e ?mails?|accounts?|pass ?words?|pass ?phrase|credentials?|logins?|log ?in|sign ?in|authentication|auth|codes?|pins?|otp|passcode|phone|grant|refresh token)(?!\p{L})/u;
const WRONG =
  /\b(invalid|incorrect|wrong|bad|unknown|mismatch|denied|unauthori[sz]ed|unrecogni[sz]ed|fail(ed|ure|s)?|unsuccessful|unable|rejected|expired|revoked|no such|cannot find|could not find|(is|was|are|does|do|did|could|can)? ?(not|n t) (been )?(found|valid|exist|match|correct|right|recogni[sz]ed|accepted|registered|log you in)|no (account|user))(?!\p{L})/u;

/** RFC 6749 section 5.2 and what web frameworks say of requests they cannot use. */
const REQUEST =
  /\b(invalid (client|request|scope|json|body|format)|unauthorized client|unsupported|missing|required|blank|must|unexpected|unrecogni[sz]ed|not allowed|not permitted|additional propert\p{L}*|unknown (field|property|parameter|argument|key)|malformed|unparsable|parse error|cannot parse|validation|csrf|xsrf|forgery|antiforgery|page expired|no route|cannot (post|get|put)|method not)(?!\p{L})/u;

const DOWN =
  /\b(maintenance|service unavailable|temporarily unavailable|be right back|overloaded|wartung\p{L}*|en mantenimiento|manutenzione|manutenção|onderhoud)(?!\p{L})/u;

/**
 * The client itself is not known (RFC 6749 section 5.2), or the page or the session that the request came
 * from: each login begins with new ones.
 */
const MISFIT =
  /\b((invalid|unauthorized|unknown) (client|application)|client (id( \w{1,40}){0,3}|[a-z]{0,20}\d\w{0,40}) (does not exist|not found|is not (known|registered|allowed))|(client|secret) (secret|hash)|csrf|xsrf|forgery|antiforgery|page (has )?expired|direct reference|inactivity|(session|attempt|login|log ?on|sign ?in)( has| is| was)? (timed out|time ?out)|session( id)?( has| is| was)?( already)? (expired|invalid|not found)|(expired|invalid|unknown) session|cookies? (is |are |was |were |has been |have been )?(not (found|supported|enabled|accepted|set)|missing|blocked|disabled))\b/;

/** What a client computes or sends of itself: nobody types it. */
const CLIENT_MADE =
  /\b(signatures?|sign|signed|check ?sum|digest|hmac|hash|nonce|time ?stamps?|clock|replay(ed)?|integrity|tamper(ed|ing)|fingerprint|decrypt(ed|ion)?|cipher ?text|padding)\b/;
const WENT_WRONG =
  /\b(missing|required|skew|too (old|late)|out of range|detected|tamper(ed|ing)|replay(ed)?|do not|does not)\b/;
const TYPED = /\b(pass ?words?|credentials?|pins?|otp|passcode|user ?names?)\b/;
/** The form of the request that the site takes by now. */
const INTERFACE =
  /\b(versions?|clients?|apps?|applications?|api|sdk|end ?points?|protocol|build|release)\b/;
const OUTDATED =
  /\b(too old|outdated|out ?of ?date|obsolete|deprecated|unsupported|not supported|no longer|retired|discontinued|sunset|mismatch|minimum|(must|please|need to) (update|upgrade)|(update|upgrade) (is )?(required|needed|your))\b/;

/** Says that the request holds what it may not hold: its own field is the wrong one. */
const UNWANTED =
  /\b(unexpected|not allowed|not permitted|additional propert|(unknown|unrecogni[sz]ed) (field|property|parameter|argument|key|member|attribute)|should not exist)/;

/** Of the names of statuses (RFC 9110 section 15.5), and of what is said whatever went wrong. */
const SAY_NOTHING = new Set(
  ("a an the bad request forbidden unprocessable entity content unknown unexpected internal server " +
    "error occurred has went something wrong oops sorry please try again later failed failure invalid " +
    "false null").split(" "),
);

/** `null` for a sentence that says nothing about a login. */
export function meaningOf(text: string): Meaning | null {
  const words = plain(text);
  if (ABOUT_BROWSER.test(words)) return saysMisfit(text) ? "request" : null;
  if (sentencesOf(text).some(isLock)) return "locked";
  if (DOWN.test(words)) return "down";
  if (saysMisfit(text) || UNWANTED.test(words)) return "request";
  if (says(words, "wrong", WRONG) && says(words, "credential", CREDENTIAL)) return "refused";
  return says(words, "request", REQUEST) ? "request" : null;
}

/** True for a complaint that has nothing to do with what was typed. */
export function saysMisfit(text: string): boolean {
  return sentencesOf(text).some((words) =>
    MISFIT.test(words) || isAboutClientMade(words) ||
    says(words, "interface", INTERFACE) && says(words, "outdated", OUTDATED)
  );
}

function isAboutClientMade(words: string): boolean {
  return says(words, "client made", CLIENT_MADE) && !TYPED.test(words) &&
    (says(words, "wrong", WRONG) || says(words, "request", WENT_WRONG));
}

/** True for what is said of whatever is refused: `Access denied`, `Unauthorized`. */
export function isPlainNo(text: string): boolean {
  return plain(text).split(" ").every((word) => SAY_NOTHING.has(word) || PLAIN_NO.has(word));
}

const PLAIN_NO = new Set(
  "access permission denied not unauthorized authorized is are you your to this".split(" "),
);

/** True for a complaint about something that was sent and is not wanted. */
export function saysUnwanted(text: string): boolean {
  return UNWANTED.test(plain(text));
}

/** True for words of a person's language that no list here knows: a code, an id, the name of a status are none. */
export function isSentence(text: string): boolean {
  const words = plain(text);
  if (words.split(" ").every((word) => SAY_NOTHING.has(word)) || /[\\/{}<>=_]/.test(text)) {
    return false;
  }
  return /\p{L} \p{L}/u.test(words) || /[^\p{Script=Latin}\P{L}]{4,}/u.test(words);
}

/** True for a plain word of a lock, and not for a headline that only speaks of locks. */
export function isPlainLock(text: string): boolean {
  return sentencesOf(text).some((words) =>
    isLock(words) && (/\b(is|are|was|has|have|been|got|too many)\b/.test(words) ||
      !LOCKED.test(words) || words.split(" ").length < 3 && !/s$/.test(words))
  );
}

/** True for words of a lock, not for those that only ask not to be asked so often. */
export function saysLocked(text: string): boolean {
  return sentencesOf(text).some((words) =>
    isLock(words) && (LOCKED.test(words) || foreignIndex(words, "locked") >= 0)
  );
}

/** True for a site that is asked too often, whoever asks (RFC 6585 section 4). */
export function saysTooManyRequests(text: string): boolean {
  return TOO_MANY_REQUESTS.test(plain(text)) && !saysLocked(text);
}

function sentencesOf(text: string): string[] {
  return text.split(/[.!?;:]\s+|[。！？]/u).map(plain).filter((words) => words !== "");
}

function isLock(words: string): boolean {
  if (says(words, "too often", TOO_OFTEN) || LATER.test(words)) return true;
  if (/\bexceeded\b/.test(words) && /\battempts?\b/.test(words)) return true;
  const foreign = foreignIndex(words, "locked");
  if (foreign >= 0) {
    const later = foreignIndex(words, "later");
    return (later < 0 || later > foreign) && says(words, "credential", ACCOUNT);
  }
  const locked = LOCKED.exec(words);
  if (locked === null || CONDITION.test(words.slice(0, locked.index))) return false;
  // A code of one word, as in `{"error": "locked"}`, or a flag: `{"isLocked": true}`.
  const isAlone = words.replace(/^is | true$/g, "") === locked[0];
  return isAlone || ACCOUNT.test(words) || FOR_NOW.test(words);
}

function says(words: string, topic: RefusalTopic, english: RegExp): boolean {
  return english.test(words) || foreignIndex(words, topic) >= 0;
}

/** `ACCOUNT_LOCKED`, `accountLocked` and `account-locked` as words. */
function plain(text: string): string {
  return text.normalize("NFC").replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2").toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, " ").trim();
}
