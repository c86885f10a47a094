/**
 * Finding the login in a recording: the requests in which a person's credentials travel, and of those
 * the first run that the server accepted.
 */
import { isRecord, type JsonValue } from "../base/json.ts";
import { basicPair, splitScheme } from "../http/auth_scheme.ts";
import { headerValue } from "../http/headers.ts";
import {
  isIdentifierName,
  isLoginPath,
  isPasswordName,
  isRegistrationPath,
  words,
} from "../http/vocabulary.ts";
import type { Leaf } from "./leaves.ts";
import type { Provenance } from "./provenance.ts";
import type { Message, Recording } from "./recording.ts";
import { isOpaque } from "../http/opaque.ts";
import { isPersonAddress, shownFields, typedValues } from "./typed_fields.ts";
import { typedAs, type TypedValue } from "./typed_value.ts";

/** A request that hands credentials over. */
export interface CredentialSubmission {
  readonly index: number;
  /** Equal for attempts at the same step of a login. */
  readonly signature: string;
  readonly typed: readonly TypedValue[];
  /** The server said no. */
  readonly refused: boolean;
}

/** Every request that carries a password or a one-time code, in time order. */
export function findSubmissions(recording: Recording): CredentialSubmission[] {
  const shown = shownFields(recording);
  const submissions: CredentialSubmission[] = [];
  for (const message of recording.messages) {
    if (message.trace.response === null || message.method === "OPTIONS") continue;
    if (isRegistrationPath(message.url.pathname)) continue;
    const found = namedInPath(typedValues(message, shown), message, recording);
    const typed = rememberedPins(found, message, recording);
    if (!typed.some(({ kind }) => kind === "password" || kind === "one-time-code")) continue;
    submissions.push({
      index: message.index,
      signature: signatureOf(message, typed),
      typed,
      refused: answerRefuses(message),
    });
  }
  return submissions;
}

/**
 * A PIN beside somebody whom no earlier request named is a password: no code can have been sent yet,
 * and what an authenticator shows is called otherwise.
 * @rule off: typed
 */
function rememberedPins(
  typed: TypedValue[],
  message: Message,
  recording: Recording,
): TypedValue[] {
  const who = typed.find(({ kind }) => kind === "identifier");
  if (who === undefined || typed.some(({ kind }) => kind === "password")) return typed;
  const isNamedBefore = recording.messages.slice(0, message.index).some((earlier) =>
    earlier.method !== "GET" && signatureOf(earlier, []) !== signatureOf(message, []) &&
    earlier.leaves.some(({ value }) => value === who.value)
  );
  if (isNamedBefore) return typed;
  return typed.map((one) =>
    one.kind === "one-time-code" && /\b(pin|pass ?code)$/.test(words(one.name))
      ? { ...one, kind: "password" }
      : one
  );
}

/**
 * Who logs in stands in the address where no field names anybody (`PUT /login/ada`): the segment that
 * the answer gives back as somebody's name.
 * @rule off: typed
 */
function namedInPath(typed: TypedValue[], message: Message, recording: Recording): TypedValue[] {
  const isPasswordAlone = typed.length > 0 && typed.every(({ kind }) => kind === "password");
  if (!isPasswordAlone || !isLoginPath(message.url.pathname)) return typed;
  const named = namesIn(message);
  const later = recording.messages.slice(message.index + 1, message.index + 1 + MAX_NAMING_ANSWERS);
  const isNamed = ({ value }: Leaf) =>
    isPersonAddress(value) || named.has(value) || later.some((next) => namesIn(next).has(value));
  const leaf = message.leaves.findLast((candidate) =>
    candidate.place.kind === "path" && candidate.value.length >= 2 &&
    !isLoginPath(candidate.value) && isNamed(candidate)
  );
  return leaf === undefined
    ? typed
    : [{ ...typedAs("identifier")(leaf), name: "username" }, ...typed];
}

/** An answer that says who is logged in comes soon after the login. */
const MAX_NAMING_ANSWERS = 20;

/** Values that a JSON answer gives for somebody's name. */
function namesIn(message: Message): Set<string> {
  const names = new Set<string>();
  if (!message.succeeded || message.responseBody.kind !== "json") return names;
  collectNames(message.responseBody.value, "", names);
  return names;
}

/** Names in an answer beyond this many are a list of people, and tell nothing of the caller. */
const MAX_NAMES = 200;

function collectNames(value: JsonValue, key: string, into: Set<string>): void {
  if (into.size >= MAX_NAMES) return;
  if (typeof value === "string") {
    if (isIdentifierName(key) || words(key) === "name") into.add(value);
  } else if (Array.isArray(value)) {
    for (const item of value) collectNames(item, key, into);
  } else if (isRecord(value)) {
    for (const [name, item] of Object.entries(value)) collectNames(item as JsonValue, name, into);
  }
}

/**
 * The first login that the server accepted: consecutive steps (password, then code), a repeated step
 * replacing an earlier attempt that led nowhere.
 */
export function firstAcceptedRun(
  submissions: readonly CredentialSubmission[],
  recording: Recording,
  provenance: Provenance,
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
  return run;
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
  provenance: Provenance,
): boolean {
  for (const message of recording.messages.slice(submission.index + 1, before)) {
    for (const leaf of message.leaves) {
      if (leaf.place.kind === "cookie") {
        if (
          recording.cookieSetters(leaf.name, leaf.value, message.index)?.last === submission.index
        ) {
          return true;
        }
      } else if (leaf.place.kind === "header" && isOpaque(leaf.value)) {
        const value = splitScheme(leaf.value).credentials;
        if (provenance.in(value, submission.index) !== null) return true;
      }
    }
  }
  return false;
}

function signatureOf(message: Message, typed: readonly TypedValue[]): string {
  const path = message.url.pathname.split("/").map((part) => isOpaque(part) ? "*" : part).join(
    "/",
  );
  const kinds = typed.map(({ kind, name }) => `${kind}:${name}`).sort();
  return [message.method, message.url.origin, path, ...kinds].join(" ");
}

/**
 * True when the answer is a no: an error status, an error in the body, the same form again.
 * @rule off: false
 */
export function answerRefuses(message: Message): boolean {
  if (message.status >= 400 || message.status === 0) return true;
  const body = message.responseBody;
  if (body.kind === "json") return jsonRefuses(body.value);
  if (message.page !== null && message.method === "POST") {
    return message.page.forms.some((form) =>
      form.inputs.some((input) => input.type === "password") &&
      message.leaves.some((leaf) =>
        leaf.place.kind === "form" && isPasswordName(leaf.name) &&
        form.inputs.some((input) => input.name === leaf.name)
      )
    );
  }
  return false;
}

/** JSON-RPC `error`, GraphQL `errors`, and the `success: false` that many APIs answer with 200. */
function jsonRefuses(value: JsonValue): boolean {
  if (!isRecord(value)) return false;
  if (value["error"] !== undefined && value["error"] !== null && value["error"] !== false) {
    return value["error"] !== "" && value["error"] !== 0;
  }
  if (Array.isArray(value["errors"]) && value["errors"].length > 0) return true;
  return value["success"] === false || value["ok"] === false;
}

/** User name and password of an `Authorization: Basic` header (RFC 7617); `null` when it is none. */
export function basicCredentials(message: Message): { user: string; password: string } | null {
  return basicPair(headerValue(message.trace.request.headers, "authorization") ?? "");
}

/** True where Basic names the OAuth client, not the user (RFC 6749 section 2.3.1). */
export function isClientAuthentication(message: Message): boolean {
  return message.leaves.some(({ place }) => place.kind === "form" && place.name === "grant_type");
}
