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
import { isBodyField, type Leaf } from "./leaves.ts";
import type { Message } from "./recording.ts";
import { isPersonAddress } from "./person_name.ts";
import { typedAs, type TypedValue } from "./typed_value.ts";

/** Words of fields that may name who logs in, where nothing clearer does. */
const IDENTIFYING = /\b(name|id|key|number|nick|handle)\b/;

/** Who logs in at a step that asks for nothing else yet: user name first, password on the next page. */
export function identifierOnly(message: Message): TypedValue[] {
  if (message.method === "GET" || !isLoginPath(message.url.pathname)) return [];
  return message.leaves.filter((leaf) => isBodyField(leaf) || leaf.place.kind === "text")
    .filter(isIdentifierLeaf).map(byName);
}

/**
 * Fields that by name or look can only say who somebody is, in a request of whatever address. Where no other
 * request of the login names anybody, a name that may say so is enough.
 */
export function personFields(message: Message, isNamed = true): TypedValue[] {
  const mayName = (leaf: Leaf) => !isNamed && isBodyField(leaf) && isIdentifierName(leaf.name);
  return message.fields.filter((leaf) =>
    isIdentifierLeaf(leaf) &&
    (isPersonAddress(leaf.value) || mayName(leaf) ||
      /^(user ?name|e ?mail|login ?(id|name)?)$/.test(words(leaf.name)))
  ).map(byName);
}

export function byName(leaf: Leaf): TypedValue {
  const why = isIdentifierName(leaf.name)
    ? `the field is called "${leaf.name}"`
    : "it is somebody's address";
  return typedAs("identifier", why)(leaf);
}

/**
 * Of `uid=ada` or `org.example.user:ada` beside `name: "ada"` the person typed the latter; the client
 * put the rest before it.
 */
export function bareIdentifier(
  leaf: Leaf,
  others: readonly Leaf[],
  judged: (leaf: Leaf) => TypedValue,
): TypedValue {
  const bare = others.find((other) =>
    other.value.length >= 2 && other.value.length < leaf.value.length &&
    leaf.value.endsWith(other.value) && /[:=/\\]$/.test(leaf.value.slice(0, -other.value.length)) &&
    IDENTIFYING.test(words(other.name))
  );
  return bare === undefined
    ? judged(leaf)
    : typedAs("identifier", `"${leaf.name}" ends with it`)(bare);
}

/**
 * Who logs in where no field says so: `name` beside the password, else the field before it, since every
 * login asks in that order.
 */
export function unnamedIdentifier(
  leaves: readonly Leaf[],
  password: Leaf,
  others: readonly Leaf[],
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
  return found === undefined ? [] : [bareIdentifier(found, others, typedAs("identifier", why))];
}

/** Banks, shops and utilities number the people that log in. */
function isCustomerNumber(name: string, value: string): boolean {
  return /^\d{4,12}$/.test(value) && !isTimestampName(name);
}

/** In the same element of XML or JSON object, in the list of arguments that the object ends, or in the same form. */
function isBeside(leaf: Leaf, other: Leaf): boolean {
  if (leaf.place.kind !== other.place.kind) return false;
  if (leaf.place.kind === "xml" && other.place.kind === "xml") {
    return parentOf(leaf.place.path) === parentOf(other.place.path);
  }
  if (leaf.place.kind !== "json" || other.place.kind !== "json") return true;
  const [path, beside] = [leaf.place.path, other.place.path];
  const isPositional = typeof path.at(-1) === "number" && path.length === beside.length - 1;
  return (path.length === beside.length || isPositional) &&
    path.slice(0, -1).every((key, index) => key === beside[index]);
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

export function isIdentifierLeaf(leaf: Leaf): boolean {
  if (leaf.value === "" || /^(true|false|null|\d{1,2}|https?:.*)$/.test(leaf.value)) return false;
  if (isUuid(leaf.value) || isPasswordName(leaf.name)) return false;
  return isIdentifierName(leaf.name) || isPersonAddress(leaf.value);
}

/** A person may be called `1` or `true`, where the field says so and holds text. @rule off: false */
export function isNumberedName(leaf: Leaf): boolean {
  return /^(\d{1,2}|true|false|null)$/.test(leaf.value) && leaf.isLiteral !== true &&
    isIdentifierName(leaf.name);
}
