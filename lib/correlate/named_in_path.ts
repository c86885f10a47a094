/** Who logs in where no field names anybody: a segment of the address (`PUT /login/ada`). */
import { isIdentifierName, isLoginPath, words } from "../http/vocabulary.ts";
import { pathSegments } from "../http/url.ts";
import type { Leaf } from "./leaves.ts";
import { isNamedBy, isPersonAddress } from "./person_name.ts";
import type { Message, Recording } from "./recording.ts";
import { bothOf, type TypedValue } from "./typed_value.ts";

/** An answer that says who is logged in comes soon after the login. */
const MAX_NAMING_ANSWERS = 20;

/** Names in an answer beyond this many are a list of people, and tell nothing of the caller. */
const MAX_NAMES = 200;

/**
 * What was typed, and before a password alone the segment that names somebody: by the segment before it, by
 * being an address, or because an answer gives it back as somebody's name.
 * @rule off: typed
 */
export function nameInPath(
  typed: TypedValue[],
  message: Message,
  recording: Recording,
): TypedValue[] {
  const isPasswordAlone = typed.every(({ kind }) => kind === "password");
  if (!isPasswordAlone || !isLoginPath(message.url.pathname)) return typed;
  const named = message.leaves.flatMap((leaf) => {
    const isName = leaf.place.kind === "path" && leaf.value.length >= 2 && !isLoginPath(leaf.value);
    const why = isName ? whyNamed(leaf, message, recording) : null;
    return why === null ? [] : bothOf(leaf, undefined, () => why);
  });
  return [...named.slice(-1), ...typed];
}

function whyNamed(leaf: Leaf, message: Message, recording: Recording): string | null {
  const index = leaf.place.kind === "path" ? leaf.place.index : 0;
  const before = pathSegments(message.url)[index - 1] ?? "";
  if (isNamedBy(before, leaf.value)) return `it stands behind "${before}" in the address`;
  if (isPersonAddress(leaf.value)) return "it is somebody's address";
  const later = recording.messages.slice(message.index, message.index + 1 + MAX_NAMING_ANSWERS);
  const naming = later.find((next) => isNamedIn(next, leaf.value));
  return naming === undefined
    ? null
    : `the answer of ${naming.trace.id} gives it for somebody's name`;
}

/** True where a JSON answer gives the value for somebody's name. */
function isNamedIn(message: Message, value: string): boolean {
  return message.succeeded &&
    message.named("json").filter(({ name }) => isIdentifierName(name) || words(name) === "name")
      .take(MAX_NAMES).some(({ text }) => text === value);
}
