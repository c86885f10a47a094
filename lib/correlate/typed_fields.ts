/** Which fields of a request a person typed, by their names, their look, and the pages that showed them. */
import type { FormInput } from "../http/html.ts";
import {
  isIdentifierName,
  isLoginPath,
  isOneTimeCode,
  isPasswordChangeName,
  isPasswordName,
  words,
} from "../http/vocabulary.ts";
import { isField, type Leaf } from "./leaves.ts";
import type { Message, Recording } from "./recording.ts";
import { fieldName } from "./shown_forms.ts";
import { isOpaque, isUuid } from "../http/opaque.ts";
import { positionalTyped } from "./typed_positions.ts";
import { typedParts } from "./typed_parts.ts";
import { typedAs, type TypedValue } from "./typed_value.ts";

/** Words of fields that may name who logs in, where nothing clearer does. */
const IDENTIFYING = /\b(name|id|key|number|nick|handle)\b/;

/**
 * Who logs in at a step that asks for nothing else yet: user name first, password on the next page.
 * @rule off: []
 */
export function identifierOnly(message: Message): TypedValue[] {
  if (message.method === "GET" || !isLoginPath(message.url.pathname)) return [];
  return message.leaves.filter(isBodyLeaf).filter(isIdentifierLeaf).map(typedAs("identifier"));
}

/**
 * Fields that by name or look can only say who somebody is, in a request of whatever address.
 * @rule off: []
 */
export function personFields(message: Message): TypedValue[] {
  return message.leaves.filter((leaf) =>
    isField(leaf) && isIdentifierLeaf(leaf) &&
    (isPersonAddress(leaf.value) ||
      /^(user ?name|e ?mail|login ?(id|name)?)$/.test(words(leaf.name)))
  ).map(typedAs("identifier"));
}

/** Names of fields, by what the pages of this recording show them as. */
export interface ShownFields {
  /** Password boxes, in whatever language they are named. */
  readonly passwords: ReadonlySet<string>;
  /** Boxes right before a password box: browsers' password managers take them for the user name. */
  readonly identifiers: ReadonlySet<string>;
  /** Buttons, which send what the page wrote on them (HTML standard section 4.10.21.4). */
  readonly buttons: ReadonlySet<string>;
  /** Hidden fields with the value the page gave them: nobody typed it (HTML standard section 4.10.5.1.1). */
  readonly given: ReadonlySet<string>;
}

export function shownFields(recording: Recording): ShownFields {
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

export function typedValues(message: Message, shown: ShownFields): TypedValue[] {
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
 * @rule off: leaf
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
 * @rule off: []
 */
function unnamedIdentifier(
  leaves: readonly Leaf[],
  password: Leaf,
  others: readonly Leaf[],
): Leaf[] {
  const open = others.filter(({ value }) =>
    value.length >= 2 && value.length <= 100 && !isOpaque(value) &&
    !/^(true|false|null|https?:|\/)/.test(value)
  );
  const beside = open.filter((leaf) => isBeside(leaf, password));
  const named = beside.find(({ name }) => IDENTIFYING.test(words(name)));
  const before = beside.findLast((leaf) => leaves.indexOf(leaf) < leaves.indexOf(password));
  const found = named ?? before;
  return found === undefined ? [] : [found];
}

/**
 * In the same JSON object, or in the same form.
 * @rule off: true
 */
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

/** @rule off: false */
function isButton(leaf: Leaf, shown: ShownFields): boolean {
  return isFormLeaf(leaf) && shown.buttons.has(fieldName(leaf));
}

/** @rule off: false */
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

/**
 * An e-mail address, or a telephone number as ITU-T E.164 writes it.
 * @rule off: false
 */
export function isPersonAddress(value: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/i.test(value) || /^\+\d{7,15}$/.test(value);
}

/**
 * What is typed where no field of its own holds it.
 * @rule off: []
 */
function inlineTyped(message: Message, leaves: readonly Leaf[]): TypedValue[] {
  const isLogin = message.method !== "GET" && isLoginPath(message.url.pathname);
  const parts = typedParts(leaves, isLogin);
  return parts.length > 0 ? parts : positionalTyped(message, leaves);
}
