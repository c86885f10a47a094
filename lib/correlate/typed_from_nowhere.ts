/**
 * A login under names nobody knows, whose answer hands out what later requests carry: what was typed is
 * what no answer gave and no habit explains. It stands in fields, in JSON inside a field or a text, or
 * as a pair in one field.
 */
import { isMask, isOpaque, isSwitch, isUuid } from "../http/opaque.ts";
import {
  isAntiForgeryName,
  isApiKeyName,
  isClientsName,
  isCredentialName,
  isIdentifierName,
  isLoginEndpoint,
  isLoginPath,
  isMadeOnceName,
  ownerOf,
} from "../http/vocabulary.ts";
import { holdsComputed } from "./computed_secret.ts";
import { isBodyField, type Leaf } from "./leaves.ts";
import type { LoginRequest } from "./login_run.ts";
import type { Occurrences } from "./occurrences.ts";
import { isPersonAddress } from "./person_name.ts";
import type { Message } from "./recording.ts";
import type { TypedJudge } from "./typed_judge.ts";
import { called } from "./typed_names.ts";
import { inPlainPair, opened } from "./opened_leaf.ts";
import { bothOf, type Candidate, firstTyped, type TypedValue } from "./typed_value.ts";

/** A name that says of a secret what it is, in some words of others. */
const SECRET_NAME = /secret|pass|pwd|credential|phrase|key\b|^word$/i;

/** Who and the secret; a secret that looks computed is one too, though nobody typed it as it is. */
export function typedFromNowhere(
  message: Message,
  provenance: Occurrences,
  judge: TypedJudge,
): TypedValue[] {
  const isOpen = ({ value }: Leaf) => provenance.find(value, message.index) === null;
  if (message.method === "GET" && !isLoginEndpoint(message.url.pathname)) return [];
  const body = candidates(message);
  const named = body.filter(({ name, value }) => isIdentifierName(name) && !isOpaque(value));
  const rest = body.filter((leaf) => !named.includes(leaf) && isOpen(leaf));
  const alone = named.length > 0 && rest.length === 1 && isSecretLike(rest[0]!, message)
    ? rest
    : [];
  const [secret] = firstTyped("password", [
    [rest.filter(({ name, value }) => SECRET_NAME.test(name) && value.length >= 3), called],
    [rest.filter(isComputed), () => "no answer gave it"],
    [alone, () => "no answer gave it, and it is all there is beside the name"],
  ]);
  const leaf = body.find(({ place }) => place === secret?.place);
  if (secret !== undefined && leaf !== undefined) {
    const others = body.filter((other) =>
      other !== leaf && (named.includes(other) || isPersonAddress(other.value) || isOpen(other))
    );
    return [...judge.who(message, body, leaf, others), secret];
  }
  const two = inTwo(rest, message);
  if (two.length > 0) return two;
  const pair = rest.length === 1 && isCredentialName(rest[0]!.name) ? inPlainPair(rest[0]!) : [];
  return pair.length > 0 ? pair : message.leaves.filter(isOpen).flatMap(bareSecret).slice(0, 1);
}

/** What no answer gave, and neither its name nor its look says to be the client's. */
export function mayBeTyped(leaf: Candidate, { index }: Message, provenance: Occurrences): boolean {
  const { name, value, isLiteral } = leaf;
  if (value === "" || isLiteral === true && /^(true|false)$/.test(value)) return false;
  return !isMask(value) && !isUuid(value) && !isClientsName(name) &&
    provenance.find(value, index) === null;
}

/** Single characters are settings. */
const MIN_OPEN = 2;

/** A request that may be a login: what of it may have been typed is left open. `null` where nothing can have been. */
export function perhapsLogin(message: Message, provenance: Occurrences): LoginRequest | null {
  const computed = message.leaves.filter((leaf) =>
    !/^(cookie|path)$/.test(leaf.place.kind) && leaf.value.length >= MIN_OPEN &&
    mayBeTyped(leaf, message, provenance)
  ).map(({ place }) => place);
  return computed.length === 0 ? null : { index: message.index, typed: [], computed };
}

/** Shorter texts are codes of countries and currencies. In characters. */
const MIN_TYPED = 4;

/**
 * True where a request says two things or more that no answer gave and that the client does not make up, or
 * one to a login that is not a plain word: who sends it may have typed them, so what it is answered with is not
 * for anybody.
 */
export function saysSomething(message: Message, provenance: Occurrences): boolean {
  const open = candidates(message).filter((leaf) =>
    leaf.value.length >= MIN_TYPED && !isApiKeyName(leaf.name) &&
    mayBeTyped(leaf, message, provenance)
  );
  const isTelling = ({ value }: Leaf) =>
    /^\d{4,9}$/.test(value) || !/^[a-z]+$/i.test(value) && !isOpaque(value);
  const isText = ({ place, value }: Leaf) => place.kind === "text" && value !== "";
  const isPersons = ({ name, value }: Leaf) =>
    value !== "" && ["secret", "person"].includes(ownerOf(name)) &&
    provenance.find(value, message.index) === null;
  if (message.ownHeaders.some(isPersons) || message.leaves.some(callsLogin)) return true;
  if (open.some(({ name, value }) => name !== "" && isUnlikeSetting(value))) return true;
  return open.length >= 2 || isLoginPath(message.url.pathname) &&
      (open.some(isTelling) || message.leaves.some(isText));
}

/** Signs that passwords have, and neither words nor versions, lists or addresses. */
function isUnlikeSetting(value: string): boolean {
  return /[!#$&<>^~"\\`]/.test(value) && /[A-Za-z\d]/.test(value) && !/[\s/{}[\]]/.test(value);
}

/** A query or a mutation that logs in, its arguments written into it. */
function callsLogin({ place, value }: Leaf): boolean {
  return place.kind === "json" && /\b\w{0,40}(log|sign)_?in\w{0,40}\s{0,4}\(/i.test(value);
}

/** What may have been typed: no setting of the client, no flag, no guard against forgery. */
function candidates(message: Message): Candidate[] {
  const fields = message.leaves.filter((leaf) =>
    !isMadeOnceName(leaf.name) &&
    (isBodyField(leaf) || leaf.place.kind === "text" ||
      leaf.place.kind === "query" && !isSwitch(leaf.value) && !isCallName(leaf, message))
  );
  return fields.flatMap((leaf): Candidate[] => {
    const inner = opened(leaf);
    return inner.length > 0 || leaf.place.kind === "text" ? inner : [leaf];
  }).filter((leaf) =>
    leaf.value !== "" && !/^(true|false|null|https?:.*)$/.test(leaf.value) &&
    (!isClientsName(leaf.name) || isComputed(leaf) && !isAntiForgeryName(leaf.name))
  );
}

/** The function around the answer (`http/jsonp.ts`) is not a secret. */
function isCallName({ value }: Leaf, { responseText }: Message): boolean {
  return responseText.trimStart().startsWith(`${value}(`);
}

/** A hash that names a query in place of its text is a setting (GraphQL persisted queries). */
function isComputed({ place, value }: Leaf): boolean {
  return holdsComputed(value) &&
    (place.kind !== "json" || !place.path.includes("persistedQuery"));
}

/**
 * A plain word beside a name is a choice ("guest", "express"), unless the request goes to a login.
 * @rule off: true
 */
function isSecretLike({ value }: Leaf, message: Message): boolean {
  return !/^[a-z]+$/i.test(value) || isLoginPath(message.url.pathname);
}

/** How user name and password are abbreviated. */
export const SHORT_NAME = /^(u|un|usr|l|n|e)$/i;
export const SHORT_SECRET = /^(p|pw|ps|s|k)$/i;

/**
 * Two values from nowhere in a request that says of itself that it logs in: every login asks who it is before
 * the secret, whatever it calls them (`{"u": …, "p": …}`, the arguments of a server's function).
 * @rule off: []
 */
function inTwo(rest: readonly Candidate[], message: Message): TypedValue[] {
  const isAction = (leaf: Leaf) => isLoginPath(leaf.value) && leaf.value.length < 40;
  const [who, secret, ...more] = rest.filter((leaf) => !isAction(leaf));
  const saysSo = isLoginPath(message.url.pathname) || message.leaves.some(isAction) ||
    SHORT_NAME.test(who?.name ?? "") && SHORT_SECRET.test(secret?.name ?? "");
  if (!saysSo || who === undefined || secret === undefined || more.length > 0) return [];
  return bothOf(
    who,
    secret,
    (which) => `it is the ${which} of two values that a login sends from nowhere`,
  );
}

/**
 * A body that is one word from nowhere, exchanged for a credential, can be nothing but a secret.
 * @rule off: []
 */
function bareSecret(leaf: Leaf): TypedValue[] {
  if (leaf.place.kind !== "text" || !/^[^\s<>{}[\]"=&]{4,200}$/.test(leaf.value)) return [];
  return bothOf(
    undefined,
    leaf,
    () => "it is all that the request says, and the answer hands out a credential for it",
  );
}
