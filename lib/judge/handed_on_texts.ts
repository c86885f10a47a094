/**
 * What of a recording stands in texts that are to be handed on: what was typed, what an answer issued or a
 * request carried as a credential, and what answers say about the person who was logged in. It is looked for
 * as it is and inside of base64, JSON, tokens and addresses.
 */
import { EncodedText } from "../codec/encoded_text.ts";
import { bodyText } from "../http/body.ts";
import { isIdentifierName, words } from "../http/vocabulary.ts";
import { answerValues } from "./answer_values.ts";
import type { Evidence } from "./evidence.ts";
import { openText } from "./open_text.ts";
import { isCredentialPlace, isKeyPlace } from "./place_kinds.ts";
import { requestValues } from "./request_values.ts";
import { isMintedUnder, isTokenLike } from "./token_like.ts";
import { typedCredentials } from "./typed_credentials.ts";

export interface TextToHandOn {
  /** For people: `tool list_orders`. */
  readonly where: string;
  readonly text: string;
}

/** Holds no value. */
export interface RecordedText {
  readonly where: string;
  /** `the user name`, `a value that the answer of t_0004 issued`. */
  readonly what: string;
}

/** Shorter texts are part of too much else. In UTF-16 units. */
const MIN_LENGTH = 4;

const MAIL_ADDRESS = /^[^\s@]{1,64}@[^\s@]{1,190}\.[a-z]{2,24}$/i;

/** Members that hold what a person is called, or how one reaches them. */
const PERSONAL_NAME =
  /\b((first|last|full|given|family|middle|display|nick|real) ?name|surname|phone|mobile|tel|street|address|city|zip|postal code|birth ?(day|date)?|dob|iban|ssn|avatar)\b/;

/** @param typed what else is known to have been typed, by name */
export function recordedTexts(
  texts: readonly TextToHandOn[],
  evidences: readonly Evidence[],
  typed: readonly { readonly name: string; readonly value: string }[],
): RecordedText[] {
  const known = new Map<string, string>();
  for (const evidence of evidences) gather(evidence, typed, known);
  const sought = [...known].map(([value, what]) => ({ text: new EncodedText(value), what }));
  return texts.flatMap(({ where, text }) => {
    const opened = [...new Set(piecesOf(text))].join("\n");
    return sought.filter(({ text }) => standsIn(text, opened)).map(({ what }) => ({ where, what }));
  });
}

/** What answers say of the person who was logged in, and of others: whole values, each once. */
export function personalTexts({ traces }: Evidence): string[] {
  const values = traces.flatMap(({ response }) => response === null ? [] : answerValues(response))
    .filter(({ name, value }) => isPersonal(name, value)).map(({ value }) => value);
  return [...new Set(values)].filter((value) => value.length >= MIN_LENGTH && !isCommon(value));
}

function gather(
  evidence: Evidence,
  told: readonly { readonly name: string; readonly value: string }[],
  known: Map<string, string>,
): void {
  const typed = typedCredentials(evidence);
  const first = Math.min(evidence.traces.length, ...typed.map(({ index }) => index));
  const before = anonymousText(evidence, first);
  const keep = (value: string, what: string) => {
    if (value.length < MIN_LENGTH || known.has(value) || isCommon(value)) return;
    if (!standsIn(new EncodedText(value), before)) known.set(value, what);
  };
  for (const { role, value } of typed) keep(value, TYPED[role]);
  for (const { name, value } of told) keep(value, `what was typed for "${name}"`);
  for (const [value, { trace }] of evidence.issued) {
    if (evidence.isIssued(value)) known.set(value, `a value that the answer of ${trace} issued`);
  }
  for (const { id, request, response } of evidence.traces) {
    for (const place of requestValues(request)) {
      const isSecret = isCredentialPlace(place) && !isKeyPlace(place);
      for (const value of isSecret ? openText(place.value) : []) {
        if (isTokenLike(value)) keep(value, `a credential that ${id} carried`);
      }
    }
    for (const { name, value } of response === null ? [] : answerValues(response)) {
      if (isPersonal(name, value)) keep(value, `what the answer of ${id} says about a person`);
    }
  }
}

const TYPED = {
  user: "the user name",
  password: "the password",
  code: "the one-time code",
  text: "what was typed",
  told: "what was typed",
} as const;

/** What everybody is shown: it is nobody's. */
function anonymousText({ traces }: Evidence, firstTyped: number): string {
  return traces.slice(0, firstTyped).flatMap(({ request, response }) => [
    request.url,
    response?.body ? bodyText(response.headers, response.body) : "",
  ]).join("\n");
}

function isPersonal(name: string, value: string): boolean {
  if (MAIL_ADDRESS.test(value)) return true;
  const text = words(name);
  return (isIdentifierName(name) || PERSONAL_NAME.test(text)) && /\p{L}|\d{5}/u.test(value) &&
      value.length <= 200 && !/^https?:|^\//.test(value) ||
    text === "name" && /^\p{Lu}\S* \p{Lu}\S*/u.test(value);
}

/** A word of one case, a small number, a truth value: they stand in many texts for many reasons. */
function isCommon(value: string): boolean {
  return /^(?:[a-z]{1,7}|[A-Z]{1,7}|[A-Z][a-z]{1,6}|\d{1,5}|undefined|null)$/.test(value) &&
    !isMintedUnder("", value);
}

/** As a word of its own, in any encoding. */
function standsIn(sought: EncodedText, text: string): boolean {
  return sought.spansIn(text).some(({ start, end }) => {
    const isInWord = isWord(text.charAt(start - 1)) && isWord(text.charAt(start)) ||
      isWord(text.charAt(end)) && isWord(text.charAt(end - 1));
    return sought.value.length >= 16 || !isInWord;
  });
}

export function isWord(char: string): boolean {
  return /[\p{L}\p{N}]/u.test(char);
}

/** The text, and what its parts between quotes, spaces and separators open to. */
function piecesOf(text: string): string[] {
  const parts = text.split(/["'`\s;,<>]+/).filter((part) => part.length >= 8);
  return [text, ...parts.flatMap((part) => openText(part))];
}
