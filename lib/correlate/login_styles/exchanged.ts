/**
 * Logins that only their answer tells: it hands out what later requests carry, for something that the request
 * says under names nobody knows. What may be taken for that differs, and with it the order (`../without_login.ts`).
 */
import { isMask, isOpaque } from "../../http/opaque.ts";
import {
  isAntiForgeryName,
  isApiKeyName,
  isIdentifierName,
  isPasswordName,
} from "../../http/vocabulary.ts";
import { holdsComputed } from "../computed_secret.ts";
import { isBodyField, type Leaf } from "../leaves.ts";
import { inPair } from "../opened_leaf.ts";
import type { Message } from "../recording.ts";
import { isRegistration } from "../registration.ts";
import { ShownFields } from "../shown_fields.ts";
import { mayBeTyped, SHORT_NAME, SHORT_SECRET, typedFromNowhere } from "../typed_from_nowhere.ts";
import { TypedJudge } from "../typed_judge.ts";
import { whoIn } from "../typed_names.ts";
import {
  bothOf,
  holdsSecret,
  typedAs,
  type TypedValue,
  typedWhere,
  whyTold,
} from "../typed_value.ts";
import { firstExchange } from "./exchange.ts";
import type { Evidence, FoundLogin } from "./style.ts";

/** Of what was told: shorter texts are equal to too much else. In characters. */
const MIN_TOLD = 3;

/**
 * The secret that was told, wherever it stands: a header, a segment of the address, a pair in base64.
 * @rule off: null
 */
export function toldRequest(evidence: Evidence): FoundLogin | null {
  const hints = evidence.hints.filter(({ value }) => value.length >= MIN_TOLD);
  return hints.length === 0 ? null : firstExchange(evidence, (message) => {
    const typed = message.leaves.filter(({ place }) => place.kind !== "cookie")
      .flatMap((leaf) => toldIn(leaf, hints));
    return holdsSecret(typed) && !isRegistration(message) ? { typed } : null;
  });
}

function toldIn(leaf: Leaf, hints: readonly TypedValue[]): TypedValue[] {
  const told = hintOf(leaf, hints);
  if (told !== undefined) return [typedAs(told.kind, whyTold(told))(leaf)];
  const pair = inPair(leaf);
  return pair.some(({ value }) => hints.some((hint) => hint.value === value)) ? pair : [];
}

/**
 * Values from nowhere in the query or the body. A site gives a stranger a new session, too, with the form that it
 * shows again.
 * @rule off: null
 */
export function unnamedLogin(evidence: Evidence): FoundLogin | null {
  const refused = new Set(evidence.submissions.map(({ index }) => index));
  const judge = new TypedJudge(evidence.recording, evidence.hints);
  return firstExchange(evidence, (message) => {
    if (refused.has(message.index) || isRegistration(message)) return null;
    const typed = typedFromNowhere(message, evidence.provenance, judge);
    return typed.length === 0 ? null : { typed };
  });
}

/**
 * Who it is, and something that nothing explains (a signature in a header, a checksum in a hidden field): the
 * secret never travels. What the page computes is a gap, which somebody may find out.
 * @rule off: null
 */
export function computedProof(evidence: Evidence): FoundLogin | null {
  const isUnsent = isToldButUnsent(evidence);
  return firstExchange(evidence, (message) => {
    const typed = message.method === "GET" ? [] : people(message, evidence);
    const rest = message.leaves.filter(({ place, name, value }) =>
      typed.every((one) => one.value !== value) && !isMask(value) && !isAntiForgeryName(name) &&
      !/^(cookie|path)$/.test(place.kind)
    );
    const computed = rest.filter((leaf) => isFilledByScript(leaf, message, evidence));
    const isProven = computed.length > 0 || isUnsent ||
      rest.some((leaf) => isComputed(leaf, message, evidence));
    return typed.length > 0 && isProven ? { typed, computed } : null;
  });
}

/**
 * The password that was told travels nowhere: what is made of it may look like anything.
 * @rule off: false
 */
export function isToldButUnsent({ hints, provenance }: Evidence): boolean {
  return hints.some(({ kind, value }) =>
    kind === "password" && provenance.firstSent(value) === undefined
  );
}

/** By what was told, by name or address, by the box before a page's password box. */
function people(message: Message, { recording, hints }: Evidence): TypedValue[] {
  const own = message.leaves.filter(({ place }) => !/^(cookie|text)$/.test(place.kind));
  const told = toldAmong(own, hints);
  if (told.length > 0) return told;
  const named = whoIn(message);
  if (named.length > 0) return named.slice(0, 1);
  const shown = ShownFields.of(recording);
  return message.leaves.filter((leaf) =>
    isBodyField(leaf) && leaf.value !== "" && shown.pageOf(leaf, "identifier") !== undefined
  ).map(typedAs("identifier", "its box stands before a password box"));
}

/** A hidden field that holds another value than the page gave it, in a form whose password was not sent. */
function isFilledByScript(
  leaf: Leaf,
  message: Message,
  { recording, provenance }: Evidence,
): boolean {
  const shown = ShownFields.of(recording).before(leaf, message);
  return shown?.type === "hidden" && shown.value !== leaf.value && /\S{4}/.test(leaf.value) &&
    provenance.find(leaf.value, message.index) === null;
}

/**
 * In its address or its headers who it is and the secret, or what the page computed of it.
 * @rule off: null
 */
export function readLogin(evidence: Evidence): FoundLogin | null {
  if (evidence.submissions.length > 0) return null;
  return firstExchange(evidence, (message) => {
    const open = message.leaves.filter((leaf) => isRead(leaf, message, evidence));
    const typed = typedIn(open, evidence);
    const rest = open.filter(({ place }) => typed.every((one) => one.place !== place));
    // A page is opened with all kinds of ids in its address.
    const computed = message.page === null
      ? rest.filter((leaf) => isComputed(leaf, message, evidence, typed.length > 0))
      : [];
    const isSecret = computed.length > 0 || typed.some(({ kind }) => kind === "password");
    return isSecret ? { typed, computed } : null;
  });
}

/** No answer gave it, no name says that it is the client's. */
function isRead(leaf: Leaf, message: Message, { provenance }: Evidence): boolean {
  return /^(query|path|header)$/.test(leaf.place.kind) &&
    !isApiKeyName(leaf.name) && !/^(code|ticket)$/i.test(leaf.name) &&
    mayBeTyped(leaf, message, provenance);
}

/** What was told, a pair of both in base64, or a name and a secret by what they are called. */
function typedIn(open: readonly Leaf[], { recording, hints }: Evidence): TypedValue[] {
  const told = toldAmong(open, hints);
  if (told.length > 0) return told;
  const pair = open.map(inPair).find((parts) => parts.length > 0);
  if (pair !== undefined) return pair;
  const plain = open.filter(({ value, name }) =>
    name !== "" && !isOpaque(value) && !holdsComputed(value)
  );
  const shown = ShownFields.of(recording);
  const who = plain.find(({ name }) => isIdentifierName(name)) ??
    plain.find((leaf) =>
      shown.pageOf(leaf, "identifier") !== undefined || SHORT_NAME.test(leaf.name)
    );
  if (who === undefined) return [];
  const others = plain.filter((leaf) => leaf !== who);
  const secret = others.find(({ name }) => isPasswordName(name)) ??
    others.find(({ name }) => SHORT_SECRET.test(name));
  return bothOf(
    who,
    secret,
    (_, { name }) => `the request calls it "${name}", and its answer hands out a credential`,
  );
}

/** Whoever was told of, or seen being typed. */
function toldAmong(leaves: readonly Leaf[], hints: readonly TypedValue[]): TypedValue[] {
  return typedWhere("identifier", leaves, (leaf) => {
    const told = hintOf(leaf, hints);
    return told === undefined ? null : whyTold(told);
  });
}

function hintOf({ value }: Leaf, hints: readonly TypedValue[]): TypedValue | undefined {
  return hints.find((hint) => value !== "" && hint.value === value);
}

/**
 * A part that no answer gave: beside somebody's name it is enough that it looks random, alone it must have the size of
 * what is computed.
 */
function isComputed(
  { value }: Leaf,
  { index }: Message,
  { provenance }: Evidence,
  hasName = true,
): boolean {
  return value.split(/[\s:;,|]+/).some((part) =>
    (holdsComputed(part) || hasName && isOpaque(part)) && provenance.find(part, index) === null
  );
}
