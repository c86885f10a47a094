import { isIdentifierName, isLoginPath, isPasswordName } from "../http/vocabulary.ts";
import type { Leaf } from "./leaves.ts";
import type { Message } from "./recording.ts";
import { base64Text } from "../http/opaque.ts";
import { typedAs, type TypedValue } from "./typed_value.ts";

/**
 * Credentials that are no fields of their own: arguments written into a GraphQL document, elements of
 * an XML body, positional parameters of a remote call whose method is a login.
 */
export function inlineTyped(message: Message, leaves: readonly Leaf[]): TypedValue[] {
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
