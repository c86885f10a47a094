/**
 * Finding the login in a recording: the requests in which a person's credentials travel, and of those
 * the first run that the server accepted.
 */
import { basicPair, splitScheme } from "../http/auth_scheme.ts";
import { headerValue } from "../http/headers.ts";
import { isSignUp } from "../http/sign_up.ts";
import type { Occurrences } from "./occurrences.ts";
import type { Message, Recording } from "./recording.ts";
import { isOpaque } from "../http/opaque.ts";
import { isRefused } from "./refused_attempt.ts";
import type { Place } from "./leaves.ts";
import { TypedJudge } from "./typed_judge.ts";
import { holdsSecret, type TypedValue } from "./typed_value.ts";

/** A request of a login. */
export interface LoginRequest {
  readonly index: number;
  readonly typed: readonly TypedValue[];
  /** What the page computed in place of the secret. */
  readonly computed?: readonly Place[];
}

/** A request that hands credentials over. */
export interface CredentialSubmission extends LoginRequest {
  /** Equal for attempts at the same step of a login. */
  readonly signature: string;
  /** The server said no. */
  readonly refused: boolean;
}

/** Every request that carries a password or a one-time code, in time order. */
export function findSubmissions(
  recording: Recording,
  hints: readonly TypedValue[] = [],
): CredentialSubmission[] {
  const judge = new TypedJudge(recording, hints);
  const submissions: CredentialSubmission[] = [];
  for (const message of recording.messages) {
    if (message.trace.response === null || message.method === "OPTIONS") continue;
    const typed = judge.submission(message);
    if (!holdsSecret(typed)) continue;
    if (isSignUp(message.trace.request)) continue;
    submissions.push({
      index: message.index,
      signature: signatureOf(message, typed),
      typed,
      refused: isRefused(message, recording),
    });
  }
  return submissions;
}

/** `t_0003, t_0005`. */
export function tracesOf(run: readonly LoginRequest[], recording: Recording): string {
  return run.map(({ index }) => recording.at(index).trace.id).join(", ");
}

/**
 * The first login that the server accepted: consecutive steps (password, then code), a repeated step
 * replacing an earlier attempt that led nowhere.
 */
export function firstAcceptedRun(
  submissions: readonly CredentialSubmission[],
  recording: Recording,
  provenance: Occurrences,
): CredentialSubmission[] {
  const run: CredentialSubmission[] = [];
  for (const submission of submissions) {
    if (submission.refused) continue;
    const before = run.findIndex(({ signature }) => signature === submission.signature);
    if (before >= 0) {
      if (isUsedLater(run[before]!, submission.index, recording, provenance)) break;
      run.splice(before);
    } else if (run.length > 0 && isWorkBetween(run.at(-1)!.index, submission.index, recording)) {
      break;
    }
    run.push(submission);
  }
  return run.filter((one, at) =>
    !run.slice(at + 1).some((later) => isSaidAgain(one, later, recording, provenance))
  );
}

/**
 * A later request says a part of it again and lets in by itself: nothing that its answer handed out goes with that one or
 * with what follows. Who says more of a person than a login asks for makes an account.
 * @rule off: false
 */
function isSaidAgain(
  { index, typed }: CredentialSubmission,
  later: CredentialSubmission,
  recording: Recording,
  provenance: Occurrences,
): boolean {
  const said = new Set(typed.map(({ value }) => value));
  const again = new Set(later.typed.map(({ value }) => value));
  const fieldsAt = (at: number) =>
    recording.at(at).fields.filter(({ value }) => value !== "").length;
  return again.size >= 2 && again.isSubsetOf(said) && fieldsAt(later.index) < fieldsAt(index) &&
    !isCarried(index, recording.messages.slice(later.index), recording, provenance);
}

/** Successful data requests between two steps beyond which they are no longer one login. */
const MAX_REQUESTS_BETWEEN = 25;

/** @rule off: false */
function isWorkBetween(from: number, to: number, recording: Recording): boolean {
  const between = recording.messages.slice(from + 1, to);
  return between.filter((message) => message.succeeded && message.answersData).length >
    MAX_REQUESTS_BETWEEN;
}

/** True when something this answer handed out is carried by a later request. */
export function isUsedLater(
  submission: CredentialSubmission,
  before: number,
  recording: Recording,
  provenance: Occurrences,
): boolean {
  const between = recording.messages.slice(submission.index + 1, before);
  return isCarried(submission.index, between, recording, provenance);
}

function isCarried(
  issuer: number,
  messages: readonly Message[],
  recording: Recording,
  provenance: Occurrences,
): boolean {
  return messages.some(({ index, leaves }) =>
    leaves.some(({ name, value, place }) => {
      if (place.kind === "cookie") {
        return recording.cookieSetters(name, value, index)?.last === issuer;
      }
      return isOpaque(value) &&
        provenance.in(splitScheme(value).credentials, issuer) !== null;
    })
  );
}

function signatureOf(message: Message, typed: readonly TypedValue[]): string {
  const path = message.url.pathname.split("/").map((part) => isOpaque(part) ? "*" : part).join(
    "/",
  );
  const kinds = typed.map(({ kind, name }) => `${kind}:${name}`).sort();
  return [message.method, message.url.origin, path, ...kinds].join(" ");
}

/** User name and password of an `Authorization: Basic` header (RFC 7617); `null` when it is none. */
export function basicCredentials(message: Message): { user: string; password: string } | null {
  return basicPair(headerValue(message.trace.request.headers, "authorization") ?? "");
}

/** True where Basic names the OAuth client, not the user (RFC 6749 section 2.3.1). */
export function isClientAuthentication(message: Message): boolean {
  return message.fields.some(({ place }) => place.kind === "form" && place.name === "grant_type");
}
