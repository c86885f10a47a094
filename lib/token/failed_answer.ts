/**
 * What the site's last answer to a login that failed says: that the credentials are wrong, the account is
 * locked, the site is asked too often, the script no longer fits the site, or the site is down. By the
 * status, by the kind of answer against the recorded one, and by what a person would read. Pure.
 */
import { isRecord } from "../base/json.ts";
import { parseBody, type ParsedBody } from "../http/body.ts";
import { parseHtml } from "../http/html.ts";
import { headerValue } from "../http/headers.ts";
import { isLoginPath } from "../http/vocabulary.ts";
import { maskUrl } from "../http/mask_url.ts";
import { parseUrl, queryPairs } from "../http/url.ts";
import { saysNo } from "./plain_no.ts";
import type { GuestExchange } from "../sandbox/guest_run.ts";
import type { WatchedAnswer } from "../sandbox/protocol.ts";
import { type Statement, statementsIn } from "./answer_words.ts";
import { isLedBack } from "./led_back.ts";
import { isRequestOf, lineHash, type RecordedStep } from "./recorded_step.ts";
import {
  isPlainLock,
  isPlainNo,
  isSentence,
  type Meaning,
  meaningOf,
  saysLocked,
  saysMisfit,
  saysTooManyRequests,
  saysUnwanted,
} from "./refusal_words.ts";

/** `limited`: the site wants to be left alone for a while, whoever logs in. */
export type FailureKind = "refused" | "locked" | "limited" | "broken" | "down";

export interface FailedAnswer {
  readonly kind: FailureKind;
  /** The site's own sentence; `null` where none tells. */
  readonly said: string | null;
  /** Where a redirect led, in our words. */
  readonly ledTo?: string;
  /** True for a refusal that does not say whether it is about what was typed or about the request. */
  readonly isUnclear?: boolean;
}

/** Not there, not allowed there, not in this form (RFC 9110 sections 15.5 and 15.6, RFC 6585). */
const UNFIT: ReadonlySet<number> = new Set([
  404,
  405,
  406,
  410,
  411,
  413,
  414,
  415,
  419,
  426,
  428,
  501,
]);
/** RFC 4918 section 11.3. */
const LOCKED = 423;
/** RFC 6585 section 4: of whoever asks, not of an account. */
const TOO_MANY_REQUESTS = 429;

/**
 * The answer to `step`, which handed credentials over. `null` where it tells nothing beyond what the
 * script made of it. `pages`: every step of the flow, for what its pages show whoever logs in. `asked`: what
 * the run had asked before.
 */
export function judgeFailedAnswer(
  answer: WatchedAnswer,
  step: RecordedStep,
  pages: readonly RecordedStep[],
  asked: readonly GuestExchange[],
): FailedAnswer | null {
  const content = parseBody(answer.headers, new TextEncoder().encode(answer.body));
  const statements = newStatements(content, answer.url, pages)
    .map((statement) => ({ ...statement, meaning: meaningOfStatement(statement) }));
  const first = (meaning: Meaning) => statements.find((one) => one.meaning === meaning);
  const found = (kind: FailureKind, statement?: Statement): FailedAnswer => (
    { kind, said: statement === undefined ? null : wordsOf(statement) }
  );
  const { status } = answer;
  const refused = first("refused");
  const locked = lockIn(statements, refused !== undefined);
  if (status === LOCKED) return found("locked", locked);
  if (isLimit(answer, { refused, locked }) && !statements.some(({ text }) => saysLocked(text))) {
    return found("limited", locked);
  }
  // Some servers answer 500 for whatever their login throws; a gateway's answer is not theirs.
  const isDown = status > 500 || status === 500 && refused === undefined && locked === undefined;
  if (isDown && !UNFIT.has(status)) return found("down", first("down"));
  if (locked !== undefined) return found("locked", locked);
  const led = meaningOfRedirect(answer, step) ??
    (isLedBack(answer, asked, step, pages) ? "refused" : null);
  if (led === "locked") return found("locked");
  const away = led === null ? ledAway(answer, step, pages) : null;
  if (away !== null) return away;
  const unsent = statements.find((statement) => isAboutUnsent(statement, step.fields));
  if (unsent !== undefined) return found("broken", unsent);
  if (refused !== undefined) return found("refused", refused);
  if (led === "refused") return { ...found("refused"), ledTo: "it leads back to the login" };
  return judgeUnsaid(status, content, step, {
    request: first("request"),
    down: first("down"),
    other: statements.find(({ text, meaning }) => meaning === null && isSentence(text)),
  });
}

type Understood = Statement & { readonly meaning: Meaning | null };

/**
 * Told by the status, by how long to wait (RFC 9110 section 10.2.3) where nothing speaks of the credentials, or by
 * the words.
 */
function isLimit(
  { status, headers }: WatchedAnswer,
  { refused, locked }: Readonly<Record<"refused" | "locked", Statement | undefined>>,
): boolean {
  if (status === TOO_MANY_REQUESTS) return true;
  if (refused !== undefined) return false;
  const isPutOff = status >= 400 && status < 500 && status !== 401 &&
    headerValue(headers, "retry-after") !== undefined;
  return isPutOff || locked !== undefined && saysTooManyRequests(locked.text);
}

/** Beside a word about the credentials a lock has to be said plainly: pages have headings and hints. */
function lockIn(statements: readonly Understood[], isRefused: boolean): Statement | undefined {
  return statements.find(({ text, meaning }) =>
    meaning === "locked" && (!isRefused || isPlainLock(text))
  );
}

/** Frameworks lead back with a name alone: `/login?error` of Spring Security, `?failed=1`. */
const FAILED_PARAMETER = /^(login_?|auth_?|sign_?in_?)?(err(or)?|fail(ed|ure)?|invalid|denied)$/i;

function meaningOfRedirect(answer: WatchedAnswer, step: RecordedStep): Meaning | null {
  const location = headerValue(answer.headers, "location");
  if (location === undefined) return null;
  const said = meaningOf(location);
  if (said !== null) return said;
  const to = parseUrl(location, answer.url);
  if (to === null || step.status < 300 || step.status >= 400) return null;
  return queryPairs(to).some(([name, value]) =>
      FAILED_PARAMETER.test(name) && !/^(0|false|no|none)$/i.test(value)
    )
    ? "refused"
    : null;
}

/**
 * To another address to log in at than the recorded ones: the login has moved, or a page of the site's
 * outside the flow has the form. 307 and 308 have the request itself repeated there (RFC 9110 section 15.4).
 */
function ledAway(
  answer: WatchedAnswer,
  step: RecordedStep,
  pages: readonly RecordedStep[],
): FailedAnswer | null {
  const location = headerValue(answer.headers, "location");
  const to = location === undefined ? null : parseUrl(location, answer.url);
  if (to === null || answer.status < 300 || answer.status >= 400) return null;
  const isKnown = pages.some((page) =>
    isRequestOf(page, page.request.split(" ")[0]!, `${to.origin}${to.pathname}`)
  );
  if (isKnown) return null;
  const isMoved = answer.status === 307 || answer.status === 308 ||
    step.status < 300 || to.origin !== new URL(answer.url).origin;
  if (!isMoved && !isLoginPath(to.pathname)) return null;
  const ledTo = `it leads to ${
    maskUrl(`${to.origin}${to.pathname}`)
  }, where the recorded login never was`;
  return isMoved ? { kind: "broken", said: null, ledTo } : { ...unclear(null), ledTo };
}

interface Told {
  readonly request: Statement | undefined;
  readonly down: Statement | undefined;
  /** A sentence that no list knows. */
  readonly other: Statement | undefined;
}

/** Where no sentence speaks of the credentials. */
function judgeUnsaid(
  status: number,
  content: ParsedBody,
  step: RecordedStep,
  { request, down, other }: Told,
): FailedAnswer | null {
  const said = (statement: Statement | undefined) =>
    statement === undefined ? null : wordsOf(statement);
  // A field that is sent and short, or empty, was typed so.
  const isTyped = request?.field != null && isSent(request.field, step.fields);
  if (UNFIT.has(status)) return { kind: "broken", said: said(request) };
  const isMisfit = request !== undefined && saysMisfit(request.text);
  if (status === 401) {
    if (isMisfit) return { kind: "broken", said: said(request) };
    const isAbout = request ?? other;
    return isAbout === undefined || isTyped || isPlainNo(isAbout.text)
      ? { kind: "refused", said: said(request) }
      : unclear(said(isAbout));
  }
  if (status === 400 || status === 403 || status === 422) {
    if (request !== undefined) return { kind: isTyped ? "refused" : "broken", said: said(request) };
    // What stands in front of a site (a filter, a gateway) answers with a page of its own.
    const isForeign = content.kind === "html" && step.kind !== "html" && !asksForPassword(content);
    if (isForeign) return { kind: "broken", said: said(other) };
    // A request of the recorded form: words of the site's own may be about what was typed, and about a rule that
    // the request broke. What is forbidden without a word may be forbidden to this client, too.
    return status === 403 || other !== undefined
      ? unclear(said(other))
      : { kind: "broken", said: null };
  }
  if (status >= 400) return { kind: "broken", said: said(request) };
  if (asksForPassword(content)) {
    // An API that answers with a page to log in at may have refused the credentials, or not known the request.
    if (!isMisfit && step.kind === "json") return unclear(said(request));
    return { kind: isMisfit ? "broken" : "refused", said: said(request) };
  }
  if (content.kind !== step.kind && content.kind === "html") {
    return { kind: down === undefined ? "broken" : "down", said: said(down) };
  }
  if (!saysNo(content)) return null;
  if (isMisfit) return { kind: "broken", said: said(request) };
  // A site that tells every failure under 200 was asked as the recording has it.
  if (request !== undefined) return null;
  return other === undefined && !isCodeAlone(content)
    ? { kind: "refused", said: null }
    : unclear(said(other));
}

/** `{"ok":false,"code":17}`: a number or a name that no list knows, of which only the site knows what it means. */
function isCodeAlone(content: ParsedBody): boolean {
  return content.kind === "json" && isRecord(content.value) &&
    Object.entries(content.value).some(([name, value]) =>
      CODE_NAME.test(name) &&
      (typeof value === "number" && value !== 0 || typeof value === "string")
    );
}

const CODE_NAME =
  /^(?:err(?:or)?_?|result_?|status_?|return_?|ret_?)?(?:code|no|num|number|reason)$|^err(?:or)?$/i;

function unclear(said: string | null): FailedAnswer {
  return { kind: "refused", said, isUnclear: true };
}

function asksForPassword(content: ParsedBody): boolean {
  if (content.kind !== "html") return false;
  const { forms, looseInputs } = parseHtml(content.text);
  return [...forms.flatMap(({ inputs }) => inputs), ...looseInputs]
    .some(({ type }) => type === "password");
}

/** What the recorded pages show as well was not said about this login. */
function newStatements(
  content: ParsedBody,
  url: string,
  pages: readonly RecordedStep[],
): Statement[] {
  const known = new Set(pages.flatMap(({ lines }) => lines));
  return statementsIn(content, new URL(url).pathname).filter(({ text }) =>
    !known.has(lineHash(text))
  );
}

function meaningOfStatement({ text, field }: Statement): Meaning | null {
  return meaningOf(text) ?? (field === null ? null : meaningOf(`${field} ${text}`));
}

/**
 * A complaint about a field that the script does not send, or about one that it sends and should not. One
 * that calls the user name or the password wrong is about what was typed, whatever the field is called.
 */
function isAboutUnsent({ text, field, meaning }: Understood, sent: readonly string[]): boolean {
  if (field === null || meaning === "refused") return false;
  if (isSent(field, sent)) return saysUnwanted(text);
  return meaning === "request";
}

/** `user_name` is another field than `username`, and `email` is that of `user[email]` and `LoginEmail`. */
function isSent(field: string, sent: readonly string[]): boolean {
  const bare = (name: string) => name.toLowerCase().replace(/\]$/, "");
  return sent.some((name) => bare(name).endsWith(bare(field)));
}

function wordsOf({ text, field }: Statement): string {
  return field === null || text.includes(field) ? text : `${field}: ${text}`;
}
