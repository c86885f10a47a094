/** Who logs in: which field of a request names a person, by its name, its look and what stands beside it. */
import { isOpaque, isUuid } from "../http/opaque.ts";
import {
  isIdentifierName,
  isLoginPath,
  isPasswordName,
  isTimestampName,
  ownerOf,
  words,
} from "../http/vocabulary.ts";
import { isBodyField, type Leaf, type Place } from "./leaves.ts";
import type { Message } from "./recording.ts";
import { isPersonAddress } from "./person_name.ts";
import {
  bothOf,
  type Candidate,
  firstTyped,
  typedAs,
  type TypedValue,
  typedWhere,
} from "./typed_value.ts";

/** Words of fields that may name who logs in, where nothing clearer does. */
const IDENTIFYING = /\b(name|id|key|number|nick|handle)\b/;

/** Who logs in at a step that asks for nothing else yet: user name first, password on the next page. */
export function identifierOnly(message: Message): TypedValue[] {
  if (message.method === "GET" || !isLoginPath(message.url.pathname)) return [];
  const leaves = message.leaves.filter((leaf) => isBodyField(leaf) || leaf.place.kind === "text");
  return firstTyped("identifier", [[leaves, whyNamed], [leaves, whyNumbered]]);
}

/**
 * Fields that by name or look can only say who somebody is, in a request of whatever address. Where no other
 * request of the login names anybody, a name that may say so is enough.
 */
export function personFields(message: Message, isNamed = true): TypedValue[] {
  const mayName = (leaf: Leaf) => !isNamed && isBodyField(leaf) && isIdentifierName(leaf.name);
  const fields = message.fields.filter((leaf) =>
    isPersonAddress(leaf.value) || mayName(leaf) ||
    /^(user ?name|e ?mail|login ?(id|name)?)$/.test(words(leaf.name))
  );
  return typedWhere("identifier", fields, whyNamed);
}

/** By a step that asks for nothing else, else by a field that can say nothing else. */
export function whoIn(message: Message): TypedValue[] {
  const only = identifierOnly(message);
  return only.length > 0 ? only : personFields(message);
}

/** By the name of the field, or by its look. */
export function whyNamed(leaf: Candidate): string | null {
  if (!isIdentifierLeaf(leaf)) return null;
  return isIdentifierName(leaf.name) ? called(leaf) : "it is somebody's address";
}

/** A person may be called `1` or `true`, where the field says so and holds text. @rule off: null */
export function whyNumbered(leaf: Candidate): string | null {
  return /^(\d{1,2}|true|false|null)$/.test(leaf.value) && leaf.isLiteral !== true &&
      isIdentifierName(leaf.name)
    ? called(leaf)
    : null;
}

export function called({ name }: Candidate): string {
  return `the field is called "${name}"`;
}

/**
 * Of `uid=ada` or `org.example.user:ada` beside `name: "ada"` the person typed the latter; the client
 * put the rest before it.
 */
export function bareIdentifier(typed: TypedValue, others: readonly Candidate[]): TypedValue {
  const bare = others.find(({ name, value }) =>
    value.length >= 2 && value.length < typed.value.length && typed.value.endsWith(value) &&
    /[:=/\\]$/.test(typed.value.slice(0, -value.length)) && IDENTIFYING.test(words(name))
  );
  return bare === undefined ? typed : typedAs("identifier", `"${typed.name}" ends with it`)(bare);
}

/**
 * Who logs in where no field says so: `name` beside the password, else the field before it, since every
 * login asks in that order.
 */
export function unnamedIdentifier(
  leaves: readonly Candidate[],
  password: Candidate,
  others: readonly Candidate[],
): TypedValue[] {
  const open = others.filter(({ name, value }) =>
    ownerOf(name) !== "client" && value.length >= 2 && value.length <= 100 &&
    (!isOpaque(value) || isCustomerNumber(name, value)) &&
    !/^(true|false|null|https?:|\/)/.test(value)
  );
  const beside = open.filter((leaf) => isBeside(leaf, password));
  const named = beside.find(({ name }) => IDENTIFYING.test(words(name)));
  const before = beside.findLast((leaf) => leaves.indexOf(leaf) < leaves.indexOf(password));
  const found = named ?? before;
  const why = `it stands ${named === undefined ? "right before" : "beside"} the password`;
  return found === undefined ? [] : [bareIdentifier(typedAs("identifier", why)(found), others)];
}

/** Banks, shops and utilities number the people that log in. */
function isCustomerNumber(name: string, value: string): boolean {
  return /^\d{4,12}$/.test(value) && !isTimestampName(name);
}

/** In the same element of XML or JSON object, in the list of arguments that the object ends, or in the same form. */
function isBeside(leaf: Candidate, other: Candidate): boolean {
  if (leaf.place.kind !== other.place.kind) return false;
  const [own, beside] = [parentOf(leaf.place), parentOf(other.place)];
  return own === beside || isArgument(leaf) && own === beside.replace(/\0[^\0]*$/, "");
}

function parentOf(place: Place): string {
  if (place.kind === "json") return place.path.slice(0, -1).map((key) => `\0${key}`).join("");
  return place.kind === "xml" ? place.path.slice(0, place.path.lastIndexOf("/")) : "";
}

/** `login=login` beside another name is what a button sends. @rule off: named */
export function withoutButtons(named: readonly TypedValue[]): readonly TypedValue[] {
  const telling = named.filter(({ name, value }) => name !== value);
  return telling.length > 0 ? telling : named;
}

function isIdentifierLeaf(leaf: Leaf): boolean {
  if (leaf.value === "" || /^(true|false|null|\d{1,2}|https?:.*)$/.test(leaf.value)) return false;
  if (isUuid(leaf.value) || isPasswordName(leaf.name)) return false;
  return isIdentifierName(leaf.name) || isPersonAddress(leaf.value);
}

/** A remote method that logs in. */
const LOGIN_METHOD = /log_?-? ?in|authenticate|sign ?in/i;

/** One for each argument, of text or without a type, which is a string (XML-RPC specification, "Scalar <value>s"). */
const XML_ARGUMENT = /^methodCall\/params\/param(\[\d+\])?\/value(\/string)?$/;

/** A text in a list of arguments. */
function isArgument({ place, value, isLiteral }: Candidate): boolean {
  return place.kind === "json" && typeof place.path.at(-1) === "number" && isLiteral !== true ||
    place.kind === "xml" && XML_ARGUMENT.test(place.path) && value !== "";
}

/**
 * The last two arguments of a remote call that logs in and names none of them: who it is comes before the secret, in
 * JSON-RPC and what resembles it (`"params": ["ann", "…"]`) and in XML-RPC.
 * @rule off: []
 */
export function positionalTyped(leaves: readonly Candidate[]): TypedValue[] {
  const isLogin = leaves.some(({ name, place, value }) =>
    name === (place.kind === "xml" ? "methodName" : "method") &&
    isBodyField({ place, name, value }) &&
    LOGIN_METHOD.test(value)
  );
  const [password, identifier] = isLogin ? leaves.filter(isArgument).reverse() : [];
  return bothOf(
    identifier,
    password,
    (which) => `the ${which === "first" ? which : "last"} argument of a remote method that logs in`,
  );
}
