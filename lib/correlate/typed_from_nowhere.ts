/**
 * A login under names nobody knows, whose answer hands out what later requests carry: what was typed is
 * what no answer gave and no habit explains.
 */
import { isOpaque } from "../http/opaque.ts";
import {
  isAntiForgeryName,
  isIdentifierName,
  isLoginPath,
  ownerOf,
  words,
} from "../http/vocabulary.ts";
import { looksComputed } from "./computed_secret.ts";
import { isBodyField, type Leaf } from "./leaves.ts";
import type { Occurrences } from "./occurrences.ts";
import type { Message } from "./recording.ts";
import { typedAs, type TypedValue } from "./typed_value.ts";

/** Who and the secret; a secret that looks computed is one too, though nobody typed it as it is. */
export function typedFromNowhere(message: Message, provenance: Occurrences): TypedValue[] {
  const body = message.leaves.filter((leaf) =>
    isBodyField(leaf) && leaf.value !== "" && ownerOf(leaf.name) !== "client" &&
    !isAntiForgeryName(leaf.name) &&
    !/^(true|false|null|https?:.*)$/.test(leaf.value)
  );
  const named = body.filter(({ name, value }) => isIdentifierName(name) && !isOpaque(value));
  const rest = body.filter((leaf) =>
    !named.includes(leaf) && provenance.find(leaf.value, message.index) === null
  );
  const secret = secretOf(rest, named.length > 0, message);
  if (secret === null) return bareSecret(message, provenance);
  const identifiers = named.length > 0
    ? named.map((leaf) => typedAs("identifier", `the field is called "${leaf.name}"`)(leaf))
    : unnamedIdentifier(body, rest, secret);
  return [...identifiers, secret];
}

/** By a word that may name somebody, else by its place: every login asks who it is before the secret. */
function unnamedIdentifier(
  body: readonly Leaf[],
  rest: readonly Leaf[],
  secret: TypedValue,
): TypedValue[] {
  const open = (leaf: Leaf) => leaf.place !== secret.place && !isOpaque(leaf.value);
  const named = body.find((leaf) =>
    open(leaf) && /\b(name|id|number|nick|handle)\b/.test(words(leaf.name))
  );
  if (named !== undefined) {
    return [typedAs("identifier", "no other field names somebody")(named)];
  }
  const at = rest.findIndex(({ place }) => place === secret.place);
  const before = rest.slice(0, Math.max(0, at)).findLast((leaf) =>
    open(leaf) && leaf.value.length >= 2
  );
  return before === undefined
    ? []
    : [typedAs("identifier", "it stands right before the secret, and no answer gave it")(before)];
}

function secretOf(rest: readonly Leaf[], hasName: boolean, message: Message): TypedValue | null {
  const named = rest.find(({ name, value }) =>
    value.length >= 3 && /secret|pass|pwd|credential|phrase|key\b/i.test(name)
  );
  if (named !== undefined) return typedAs("password", `the field is called "${named.name}"`)(named);
  const computed = rest.find(({ value }) => looksComputed(value));
  if (computed !== undefined) return typedAs("password", "no answer gave it")(computed);
  return hasName && rest.length === 1 && isSecretLike(rest[0]!, message)
    ? typedAs("password", "no answer gave it, and it is all there is beside the name")(rest[0]!)
    : null;
}

/**
 * A plain word beside a name is a choice ("guest", "express"), unless the request goes to a login.
 * @rule off: true
 */
function isSecretLike({ value }: Leaf, message: Message): boolean {
  return !/^[a-z]+$/i.test(value) || isLoginPath(message.url.pathname);
}

/**
 * A body that is one word from nowhere, exchanged for a credential, can be nothing but a secret.
 * @rule off: []
 */
function bareSecret(message: Message, provenance: Occurrences): TypedValue[] {
  const leaf = message.leaves.find(({ place }) => place.kind === "text");
  if (leaf === undefined || !/^[^\s<>{}[\]"=&]{4,200}$/.test(leaf.value)) return [];
  if (provenance.find(leaf.value, message.index) !== null) return [];
  const why = "it is all that the request says, and the answer hands out a credential for it";
  return [{ ...typedAs("password", why)(leaf), name: "password" }];
}
