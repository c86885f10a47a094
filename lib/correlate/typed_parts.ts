/**
 * Credentials that are no fields of their own, found by taking the text apart as its format says:
 * arguments written into a GraphQL document or JSON inside a string, elements and attributes of XML (SOAP,
 * WS-Security UsernameToken), members of an XML-RPC struct, `user:password` in base64 (RFC 7617). What
 * was typed is the text between the delimiters, unescaped; how often it occurs elsewhere says nothing.
 */
import type { TransformOp } from "../codec/transforms.ts";
import { splitScheme } from "../http/auth_scheme.ts";
import { base64Encode, base64UrlEncode } from "../http/base64.ts";
import { hexText } from "../http/hex_text.ts";
import { base64Text } from "../http/opaque.ts";
import { isIdentifierName, isPasswordName } from "../http/vocabulary.ts";
import { percentDecode } from "../http/url.ts";
import { isXml, xmlLeaves, xmlName } from "../http/xml.ts";
import { looksComputed } from "./computed_secret.ts";
import { cutAt, written } from "./embedded_input.ts";
import { applied, concat } from "./expr.ts";
import type { Expr, Input } from "./flow.ts";
import type { Leaf } from "./leaves.ts";
import type { TypedPart, TypedValue } from "./typed_value.ts";

/** An argument of a call, or a member of JSON. Groups: name, value. */
const ARGUMENT = /\b([A-Za-z_][\w-]{0,80})"?\s{0,8}:\s{0,8}"((?:[^"\\]|\\.){1,4096})"/dg;

/** `user=…&pwd=…`, and a field of it. Groups: name, value. */
const FORM = /^[\w.[\]-]{1,80}=[^&\n]{1,4096}(&[\w.[\]-]{1,80}=[^&\n]{0,4096}){1,40}$/;
const FIELD = /(?:^|&)([\w.[\]-]{1,80})=([^&\n]{0,4096})/dg;

/** A value beside its name, and where it is written. */
interface NamedText {
  readonly name: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** Shorter texts hold no document. In characters. */
const MIN_DOCUMENT = 12;

/** What is typed inside these leaves; empty where none of them holds a password. */
export function typedParts(leaves: readonly Leaf[], isLogin: boolean): TypedValue[] {
  for (const leaf of leaves) {
    const found = inDocument(leaf);
    if (found.some(({ kind }) => kind === "password")) return found;
  }
  return isLogin ? leaves.map(inPair).find((pair) => pair.length > 0) ?? [] : [];
}

/** @rule off: [] */
function inDocument(leaf: Leaf): TypedValue[] {
  if (leaf.value.length < MIN_DOCUMENT) return [];
  const opened = openLeaf(leaf.value);
  const text = opened.text.trimStart();
  if (text.length < MIN_DOCUMENT) return [];
  if (leaf.place.kind === "text" && FORM.test(text)) {
    const escape = text.includes("%") || text.includes("+") ? "url-encode" : null;
    return namedIn(leaf, opened, fieldsIn(opened.text, escape !== null), escape, "a field");
  }
  if (isXml(text)) return namedIn(leaf, opened, inXml(opened.text), "xml-escape", "an element");
  const isDocument = /^(mutation|query)?\b[^"]*[{(]/.test(text) ||
    opened.part.encoding !== null && /^\{\s*"/.test(text);
  return isDocument
    ? namedIn(leaf, opened, argumentsIn(opened.text), "json-escape", "an argument")
    : [];
}

function inXml(text: string): NamedText[] {
  return xmlLeaves(text).filter(({ value }) => value !== "")
    .map(({ path, value, start, end }) => ({ name: xmlName(path), value, start, end }));
}

/** A form's fields, sent as text of another type, with or without the escapes of a form. */
function fieldsIn(text: string, isEscaped: boolean): NamedText[] {
  return [...text.matchAll(FIELD)].map((match) => {
    const [start, end] = match.indices![2]!;
    const value = isEscaped ? percentDecode(match[2]!.replaceAll("+", " ")) : match[2]!;
    return { name: match[1]!, value, start, end };
  });
}

function argumentsIn(text: string): NamedText[] {
  return [...text.matchAll(ARGUMENT)].flatMap((match) => {
    const value = unquoted(match[2]!);
    const [start, end] = match.indices![2]!;
    return value === undefined ? [] : [{ name: match[1]!, value, start, end }];
  });
}

function namedIn(
  leaf: Leaf,
  opened: OpenedLeaf,
  texts: readonly NamedText[],
  escape: TransformOp | null,
  format: string,
): TypedValue[] {
  return texts.flatMap(({ name, value, start, end }) => {
    const kind = isPasswordName(name) ? "password" : isIdentifierName(name) ? "identifier" : null;
    if (kind === null || looksComputed(value)) return [];
    const why = `${format} of the request is called "${name}"`;
    const part = { ...opened.part, start, end, escape };
    return [{ kind, name, value, place: leaf.place, part, why }];
  });
}

function unquoted(raw: string): string | undefined {
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return undefined;
  }
}

/**
 * `user:password` in base64 as one field of a login, or behind `Basic`; the first colon parts them.
 * @rule off: []
 */
export function inPair(leaf: Leaf): TypedValue[] {
  const { text, part } = openLeaf(leaf.value);
  if (part.encoding === null) return [];
  const [, user, password] = /^([^:\s{}"<>]+):(.{3,})$/s.exec(text) ?? [];
  return user === undefined || password === undefined ? [] : pairOf(leaf, user, password, part);
}

/** The two halves of a pair in the text that a leaf's base64 holds. */
export function pairOf(
  { place }: Leaf,
  user: string,
  password: string,
  part: Omit<TypedPart, "start" | "end" | "escape">,
  pair = "a user:password pair (RFC 7617)",
): TypedValue[] {
  const colon = user.length;
  const end = colon + 1 + password.length;
  const whole = { ...part, escape: null };
  return [{
    kind: "identifier",
    name: "username",
    value: user,
    place,
    part: { ...whole, start: 0, end: colon },
    why: `it is the first part of ${pair}`,
  }, {
    kind: "password",
    name: "password",
    value: password,
    place,
    part: { ...whole, start: colon + 1, end },
    why: `it is the second part of ${pair}`,
  }];
}

interface OpenedLeaf {
  readonly text: string;
  readonly part: Omit<TypedPart, "start" | "end" | "escape">;
}

/** The text of a leaf, out of its base64 where that encodes to exactly what was sent. */
export function openLeaf(value: string, isHex = false): OpenedLeaf {
  const text = isHex ? lowerHexText(value) : undefined;
  if (text !== undefined) return { text, part: { prefix: "", encoding: "hex" } };
  const { prefix, credentials: encoded } = splitScheme(value);
  const encoding = base64Kind(encoded);
  return encoding === null
    ? { text: value, part: { prefix: "", encoding: null } }
    : { text: base64Text(encoded)!, part: { prefix, encoding } };
}

/** Text in hex, in lower case as clients write it. */
export function lowerHexText(value: string): string | undefined {
  return /[A-F]/.test(value) ? undefined : hexText(value);
}

/** The alphabet in which printable text was encoded to exactly this; `null` for anything else. */
export function base64Kind(value: string): "base64" | "base64url" | null {
  const text = base64Text(value);
  if (text === undefined || text === "") return null;
  if (base64Encode(text) === value) return "base64";
  return base64UrlEncode(text) === value ? "base64url" : null;
}

/** The leaf as an expression around what was typed in it; `explain` says how a text between comes to be. */
export function composedOf(
  value: string,
  typed: readonly TypedValue[],
  inputOf: (typed: TypedValue) => Input,
): { readonly pieces: readonly (string | Expr)[]; readonly around: (inner: Expr) => Expr } {
  const { text, part } = openLeaf(value, typed.some((one) => one.part?.encoding === "hex"));
  const spans = typed.map((one) => {
    const { start, end, escape } = one.part!;
    return { start, end, expr: written(inputOf(one), escape) };
  });
  const { prefix, encoding } = part;
  return {
    pieces: cutAt(text, spans),
    around: (inner) => encoding === null ? inner : concat([prefix, applied(encoding, inner)]),
  };
}
