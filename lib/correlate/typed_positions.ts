/**
 * Arguments of a remote call that logs in and names none of them: who it is comes before the secret, in
 * JSON-RPC and what resembles it (`"params": ["ann", "…"]`) and in XML-RPC.
 */
import type { Leaf } from "./leaves.ts";
import type { Message } from "./recording.ts";
import { typedAs, type TypedValue } from "./typed_value.ts";

/** A remote method that logs in. */
const LOGIN_METHOD = /log_?-? ?in|authenticate|sign ?in/i;

export function positionalTyped(message: Message, leaves: readonly Leaf[]): TypedValue[] {
  if (message.method !== "POST") return [];
  const typed = [...jsonArguments(leaves), ...xmlArguments(leaves)];
  const password = typed.at(-1);
  const identifier = typed.at(-2);
  if (password === undefined) return [];
  const why = (place: string) => `the ${place} argument of a remote method that logs in`;
  return [
    ...identifier === undefined
      ? []
      : [{ ...typedAs("identifier", why("first"))(identifier), name: "username" }],
    { ...typedAs("password", why("last"))(password), name: "password" },
  ];
}

/** Texts in a list of arguments. @rule off: [] */
function jsonArguments(leaves: readonly Leaf[]): readonly Leaf[] {
  return argumentsOf(
    leaves,
    "json",
    "method",
    ({ place, isLiteral }) =>
      place.kind === "json" && typeof place.path.at(-1) === "number" && isLiteral !== true,
  );
}

/** One for each argument, of text or without a type, which is a string (XML-RPC specification, "Scalar <value>s"). */
const XML_ARGUMENT = /^methodCall\/params\/param(\[\d+\])?\/value(\/string)?$/;

/**
 * Texts among the parameters of XML-RPC.
 * @rule off: []
 */
function xmlArguments(leaves: readonly Leaf[]): readonly Leaf[] {
  return argumentsOf(
    leaves,
    "xml",
    "methodName",
    ({ place, value }) => place.kind === "xml" && XML_ARGUMENT.test(place.path) && value !== "",
  );
}

/** Those of a call whose method logs in. */
function argumentsOf(
  leaves: readonly Leaf[],
  kind: Leaf["place"]["kind"],
  member: string,
  isArgument: (leaf: Leaf) => boolean,
): readonly Leaf[] {
  const isLogin = leaves.some(({ name, place, value }) =>
    name === member && place.kind === kind && LOGIN_METHOD.test(value)
  );
  return isLogin ? leaves.filter(isArgument) : [];
}
