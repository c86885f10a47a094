/**
 * Finding the login in a recording: the requests in which a person's credentials travel, and of those
 * the first run that the server accepted.
 */
import { isRecord, type JsonValue } from "../base/json.ts";
import { base64Decode } from "../http/base64.ts";
import { headerValue } from "../http/headers.ts";
import type { FormInput } from "../http/html.ts";
import {
  isIdentifierName,
  isLoginPath,
  isOneTimeCode,
  isPasswordChangeName,
  isPasswordName,
  isRegistrationPath,
  words,
} from "./field_names.ts";
import type { Input } from "./flow.ts";
import { isField, type Leaf, type Place } from "./leaves.ts";
import type { Provenance } from "./provenance.ts";
import type { Message, Recording } from "./recording.ts";
import { fieldName } from "./shown_forms.ts";
import { base64Text, isTelling, isUuid } from "./strength.ts";

/** A value a person typed. `place` is the leaf it is, or the leaf it is inside. */
export interface TypedValue {
  readonly kind: Input["kind"];
  readonly name: string;
  readonly value: string;
  readonly place: Place;
}

/** A request that hands credentials over. */
export interface Anchor {
  readonly index: number;
  /** Equal for attempts at the same step of a login. */
  readonly signature: string;
  readonly typed: readonly TypedValue[];
  /** The server said no. */
  readonly refused: boolean;
}

/** Words of fields that may name who logs in, where nothing clearer does. */
const IDENTIFYING = /\b(name|id|key|number|nick|handle)\b/;

/** Every request that carries a password or a one-time code, in time order. */
export function findAnchors(recording: Recording): Anchor[] {
  const shown = shownFields(recording);
  const anchors: Anchor[] = [];
  for (const message of recording.messages) {
    if (message.trace.response === null || message.method === "OPTIONS") continue;
    if (isRegistrationPath(message.url.pathname)) continue;
    const found = namedInPath(typedValues(message, shown), message, recording);
    const typed = rememberedPins(found, message, recording);
    if (!typed.some(({ kind }) => kind === "password" || kind === "one-time-code")) continue;
    anchors.push({
      index: message.index,
      signature: signatureOf(message, typed),
      typed,
      refused: answerRefuses(message),
    });
  }
  return anchors;
}

/**
 * A PIN beside somebody whom no earlier request named is a password: no code can have been sent yet,
 * and what an authenticator shows is called otherwise.
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

/** Who logs in at a step that asks for nothing else yet: user name first, password on the next page. */
export function identifierOnly(message: Message): TypedValue[] {
  if (message.method === "GET" || !isLoginPath(message.url.pathname)) return [];
  return message.leaves.filter(isBodyLeaf).filter(isIdentifierLeaf).map(typedAs("identifier"));
}

/** Fields that by name or look can only say who somebody is, in a request of whatever address. */
export function personFields(message: Message): TypedValue[] {
  return message.leaves.filter((leaf) =>
    isField(leaf) && isIdentifierLeaf(leaf) &&
    (isPersonAddress(leaf.value) ||
      /^(user ?name|e ?mail|login ?(id|name)?)$/.test(words(leaf.name)))
  ).map(typedAs("identifier"));
}

/**
 * The first login that the server accepted: consecutive steps (password, then code), a repeated step
 * replacing an earlier attempt that led nowhere.
 */
export function firstAcceptedRun(
  anchors: readonly Anchor[],
  recording: Recording,
  provenance: Provenance,
): Anchor[] {
  const run: Anchor[] = [];
  for (const anchor of anchors) {
    if (anchor.refused) continue;
    const before = run.findIndex(({ signature }) => signature === anchor.signature);
    if (before >= 0) {
      if (isUsedLater(run[before]!, anchor.index, recording, provenance)) break;
      run.splice(before);
    } else if (run.length > 0 && isWorkBetween(run.at(-1)!.index, anchor.index, recording)) {
      break;
    }
    run.push(anchor);
  }
  return run;
}

/** Successful data requests between two steps beyond which they are no longer one login. */
const MAX_REQUESTS_BETWEEN = 25;

function isWorkBetween(from: number, to: number, recording: Recording): boolean {
  const between = recording.messages.slice(from + 1, to);
  return between.filter((message) => message.succeeded && message.answersData).length >
    MAX_REQUESTS_BETWEEN;
}

/** True when something this answer handed out is carried by a later request. */
export function isUsedLater(
  anchor: Anchor,
  before: number,
  recording: Recording,
  provenance: Provenance,
): boolean {
  for (const message of recording.messages.slice(anchor.index + 1, before)) {
    for (const leaf of message.leaves) {
      if (leaf.place.kind === "cookie") {
        if (recording.cookieSetters(leaf.name, leaf.value, message.index)?.last === anchor.index) {
          return true;
        }
      } else if (leaf.place.kind === "header" && isTelling(leaf.value)) {
        const value = leaf.value.replace(/^[A-Za-z]+ /, "");
        if (provenance.in(value, anchor.index) !== null) return true;
      }
    }
  }
  return false;
}

/** Names of fields, by what the pages of this recording show them as. */
interface ShownFields {
  /** Password boxes, in whatever language they are named. */
  readonly passwords: ReadonlySet<string>;
  /** Boxes right before a password box: browsers' password managers take them for the user name. */
  readonly identifiers: ReadonlySet<string>;
  /** Buttons, which send what the page wrote on them (HTML standard section 4.10.21.4). */
  readonly buttons: ReadonlySet<string>;
  /** Hidden fields with the value the page gave them: nobody typed it (HTML standard section 4.10.5.1.1). */
  readonly given: ReadonlySet<string>;
}

function shownFields(recording: Recording): ShownFields {
  const shown = {
    passwords: new Set<string>(),
    identifiers: new Set<string>(),
    buttons: new Set<string>(),
    given: new Set<string>(),
  };
  for (const message of recording.messages) {
    if (!message.mayBePage || !/type\s*=\s*["']?password/i.test(message.responseText)) continue;
    const page = message.page;
    if (page === null) continue;
    for (const inputs of [page.looseInputs, ...page.forms.map((form) => form.inputs)]) {
      const passwords = inputs.filter((input) => input.type === "password");
      if (passwords.length === 1) {
        shown.passwords.add(passwords[0]!.name);
        const before = inputs.slice(0, inputs.indexOf(passwords[0]!)).findLast(isTextBox);
        if (before !== undefined) shown.identifiers.add(before.name);
      }
      for (const { name, type, value } of inputs) {
        if (type === "submit" || type === "button") shown.buttons.add(name);
        if (type === "hidden" && passwords.length > 0) shown.given.add(givenKey(name, value));
      }
    }
  }
  return shown;
}

function isTextBox({ type }: FormInput): boolean {
  return ["text", "email", "tel", "number"].includes(type);
}

function givenKey(name: string, value: string): string {
  return `${name}\0${value}`;
}

function typedValues(message: Message, shown: ShownFields): TypedValue[] {
  const leaves = message.leaves.filter((leaf) =>
    (isBodyLeaf(leaf) || leaf.place.kind === "query") && !isButton(leaf, shown)
  );
  if (leaves.some((leaf) => isPasswordChangeName(leaf.name))) return [];
  const passwords = leaves.filter((leaf) => isPasswordLeaf(leaf, shown));
  const codes = leaves.filter((leaf) =>
    isOneTimeCode(leaf.name, leaf.value) && !passwords.includes(leaf) && isCodeRequest(message)
  );
  const inline = passwords.length > 0 ? [] : inlineTyped(message, leaves);
  if (passwords.length === 0 && codes.length === 0) return inline;
  const others = leaves.filter((leaf) => !passwords.includes(leaf) && !codes.includes(leaf));
  const identifiers = typedIdentifiers(leaves, passwords[0], others, shown);
  return [
    ...identifiers.map((leaf) => bareIdentifier(leaf, others)).map(typedAs("identifier")),
    ...passwords.map(typedAs("password")),
    ...codes.map(typedAs("one-time-code")),
  ];
}

/**
 * Who logs in: by the name of the field, else by its place on the page, else by its place in the request.
 * A hidden field counts only by its name, and only where there is nothing else: a second page may hold
 * what was typed on the first.
 */
function typedIdentifiers(
  leaves: readonly Leaf[],
  password: Leaf | undefined,
  others: readonly Leaf[],
  shown: ShownFields,
): Leaf[] {
  const named = others.filter(isIdentifierLeaf);
  const open = others.filter((leaf) => !isGiven(leaf, shown));
  const typed = named.filter((leaf) => open.includes(leaf));
  if (typed.length > 0 || password === undefined) return typed.length > 0 ? typed : named;
  const onPage = open.filter((leaf) =>
    isFormLeaf(leaf) && leaf.value !== "" && shown.identifiers.has(fieldName(leaf))
  );
  if (onPage.length > 0) return onPage;
  return named.length > 0 ? named : unnamedIdentifier(leaves, password, open);
}

/**
 * Of `uid=ada` or `org.example.user:ada` beside `name: "ada"` the person typed the latter; the client
 * put the rest before it.
 */
function bareIdentifier(leaf: Leaf, others: readonly Leaf[]): Leaf {
  return others.find((other) =>
    other.value.length >= 2 && other.value.length < leaf.value.length &&
    leaf.value.endsWith(other.value) && /[:=/\\]$/.test(leaf.value.slice(0, -other.value.length)) &&
    IDENTIFYING.test(words(other.name))
  ) ?? leaf;
}

/**
 * Who logs in where no field says so: `name` beside the password, else the field before it, since every
 * login asks in that order.
 */
function unnamedIdentifier(
  leaves: readonly Leaf[],
  password: Leaf,
  others: readonly Leaf[],
): Leaf[] {
  const open = others.filter(({ value }) =>
    value.length >= 2 && value.length <= 100 && !isTelling(value) &&
    !/^(true|false|null|https?:|\/)/.test(value)
  );
  const beside = open.filter((leaf) => isBeside(leaf, password));
  const named = beside.find(({ name }) => IDENTIFYING.test(words(name)));
  const before = beside.findLast((leaf) => leaves.indexOf(leaf) < leaves.indexOf(password));
  const found = named ?? before;
  return found === undefined ? [] : [found];
}

/** In the same JSON object, or in the same form. */
function isBeside(leaf: Leaf, other: Leaf): boolean {
  if (leaf.place.kind !== other.place.kind) return false;
  if (leaf.place.kind !== "json" || other.place.kind !== "json") return true;
  return leaf.place.path.length === other.place.path.length &&
    leaf.place.path.slice(0, -1).every((key, index) =>
      other.place.kind === "json" && key === other.place.path[index]
    );
}

function isCodeRequest(message: Message): boolean {
  return message.method !== "GET";
}

function isBodyLeaf(leaf: Leaf): boolean {
  return ["form", "json", "multipart", "text"].includes(leaf.place.kind);
}

function isPasswordLeaf(leaf: Leaf, shown: ShownFields): boolean {
  if (leaf.value === "" || leaf.value === "true" || leaf.value === "false") return false;
  return leaf.value !== "password" && isPasswordName(leaf.name) ||
    shown.passwords.has(fieldName(leaf));
}

function isButton(leaf: Leaf, shown: ShownFields): boolean {
  return isFormLeaf(leaf) && shown.buttons.has(fieldName(leaf));
}

function isGiven(leaf: Leaf, shown: ShownFields): boolean {
  return isFormLeaf(leaf) && shown.given.has(givenKey(fieldName(leaf), leaf.value));
}

function isFormLeaf({ place }: Leaf): boolean {
  return place.kind === "form" || place.kind === "multipart";
}

function isIdentifierLeaf(leaf: Leaf): boolean {
  if (leaf.value === "" || /^(true|false|null|\d{1,2}|https?:.*)$/.test(leaf.value)) return false;
  if (isUuid(leaf.value)) return false;
  if (isPasswordName(leaf.name)) return false;
  return isIdentifierName(leaf.name) || isPersonAddress(leaf.value);
}

/** An e-mail address, or a telephone number as ITU-T E.164 writes it. */
function isPersonAddress(value: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/i.test(value) || /^\+\d{7,15}$/.test(value);
}

export function typedAs(kind: Input["kind"]): (leaf: Leaf) => TypedValue {
  return (leaf) => ({ kind, name: leaf.name, value: leaf.value, place: leaf.place });
}

/**
 * Credentials that are no fields of their own: arguments written into a GraphQL document, elements of
 * an XML body, positional parameters of a remote call whose method is a login.
 */
function inlineTyped(message: Message, leaves: readonly Leaf[]): TypedValue[] {
  const found: TypedValue[] = [];
  for (const leaf of leaves) {
    const isDocument = /^\s*(mutation|query)?\b[^"]*[{(]|^\s*</.test(leaf.value);
    if (!isDocument || leaf.value.length < 20) continue;
    const pairs = [
      ...leaf.value.matchAll(/\b(\w+)\s*:\s*"((?:[^"\\]|\\.)+)"/g),
      ...leaf.value.matchAll(/<(?:\w+:)?(\w+)(?:\s[^<>]*)?>([^<>]+)<\//g),
    ];
    for (const [, name = "", value = ""] of pairs) {
      if (isPasswordName(name)) found.push({ kind: "password", name, value, place: leaf.place });
      else if (isIdentifierName(name)) {
        found.push({ kind: "identifier", name, value, place: leaf.place });
      }
    }
  }
  if (found.some(({ kind }) => kind === "password")) return found;
  const pair = pairTyped(message, leaves);
  if (pair.length > 0) return pair;
  const positional = positionalTyped(message, leaves);
  return positional.length > 0 ? positional : xmlPositionalTyped(message, leaves);
}

/** `user:password` in base64 as one field of a login. */
function pairTyped(message: Message, leaves: readonly Leaf[]): TypedValue[] {
  if (message.method === "GET" || !isLoginPath(message.url.pathname)) return [];
  for (const { value, place } of leaves) {
    const [, user, password] = /^([^:\s{}"<>]{2,}):(.{4,})$/.exec(base64Text(value) ?? "") ?? [];
    if (user === undefined || password === undefined) continue;
    return [
      { kind: "identifier", name: "username", value: user, place },
      { kind: "password", name: "password", value: password, place },
    ];
  }
  return [];
}

/** A remote method that logs in. */
const LOGIN_METHOD = /log_?-? ?in|authenticate|sign ?in/i;

function positionalTyped(message: Message, leaves: readonly Leaf[]): TypedValue[] {
  const method = leaves.find((leaf) => leaf.name === "method" && leaf.place.kind === "json");
  if (method === undefined || !LOGIN_METHOD.test(method.value)) return [];
  const texts = leaves.filter((leaf) =>
    leaf.place.kind === "json" && typeof leaf.place.path.at(-1) === "number" &&
    /[A-Za-z]/.test(leaf.value)
  );
  const password = texts.at(-1);
  if (message.method !== "POST" || password === undefined) return [];
  const identifier = texts.at(-2);
  return [
    ...(identifier === undefined
      ? []
      : [{ ...typedAs("identifier")(identifier), name: "username" }]),
    { ...typedAs("password")(password), name: "password" },
  ];
}

/** XML-RPC (its specification, "Request example"): a value without a type is a string. */
function xmlPositionalTyped(message: Message, leaves: readonly Leaf[]): TypedValue[] {
  const body = leaves.find(({ place }) => place.kind === "text");
  const method = /<methodName>([^<]+)<\/methodName>/.exec(body?.value ?? "")?.[1] ?? "";
  if (message.method !== "POST" || body === undefined || !LOGIN_METHOD.test(method)) return [];
  const texts = [...body.value.matchAll(/<value>\s*(?:<string>)?([^<>]*[A-Za-z][^<>]*)</g)]
    .map(([, text = ""]) => text);
  const password = texts.at(-1);
  if (password === undefined) return [];
  const identifier = texts.at(-2);
  const { place } = body;
  return [
    ...identifier === undefined
      ? []
      : [{ kind: "identifier", name: "username", value: identifier, place } as const],
    { kind: "password", name: "password", value: password, place },
  ];
}

function signatureOf(message: Message, typed: readonly TypedValue[]): string {
  const path = message.url.pathname.split("/").map((part) => isTelling(part) ? "*" : part).join(
    "/",
  );
  const kinds = typed.map(({ kind, name }) => `${kind}:${name}`).sort();
  return [message.method, message.url.origin, path, ...kinds].join(" ");
}

/** True when the answer is a no: an error status, an error in the body, the same form again. */
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
  const header = headerValue(message.trace.request.headers, "authorization") ?? "";
  const encoded = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(header)?.[1];
  const pair = encoded === undefined ? undefined : base64Decode(encoded);
  const colon = pair?.indexOf(":") ?? -1;
  if (pair === undefined || colon < 0) return null;
  return { user: pair.slice(0, colon), password: pair.slice(colon + 1) };
}

/** True where Basic names the OAuth client, not the user (RFC 6749 section 2.3.1). */
export function isClientAuthentication(message: Message): boolean {
  return message.leaves.some(({ place }) => place.kind === "form" && place.name === "grant_type");
}
