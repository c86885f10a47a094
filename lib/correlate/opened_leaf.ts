/**
 * What stands inside a leaf, found by taking its text apart as its format says: strings of JSON, fields of a form
 * that was sent as text, arguments of a GraphQL document, elements and attributes of XML (SOAP, WS-Security
 * UsernameToken, XML-RPC), parameters of a path, `user:password` (RFC 7617), each also in base64. What was typed is the text between
 * the delimiters, unescaped; how often it occurs elsewhere says nothing.
 */
import type { TransformOp } from "../codec/transforms.ts";
import { splitScheme } from "../http/auth_scheme.ts";
import { hexText } from "../http/hex_text.ts";
import { base64Kind, base64Text } from "../http/opaque.ts";
import { percentDecode, segmentParameters } from "../http/url.ts";
import { isXml, xmlLeaves, xmlName } from "../http/xml.ts";
import { OPENSSL_SALTED } from "./computed_secret.ts";
import { cutAt, written } from "./embedded_input.ts";
import { applied, concat } from "./expr.ts";
import type { Expr, Input } from "./flow.ts";
import type { Leaf } from "./leaves.ts";
import { bothOf, type Candidate, type TypedPart, type TypedValue } from "./typed_value.ts";

type Opening = Omit<TypedPart, "start" | "end" | "escape">;

/** A text beside its name, and where it is written. */
type Stretch = Pick<Candidate, "name" | "value"> & Pick<TypedPart, "start" | "end">;

/** Shorter texts hold no document. In characters. */
const MIN_DOCUMENT = 9;

/** Longer JSON is data; a login may bring what its page knows of the device. In characters. */
const MAX_JSON = 65_536;

/** A string of JSON. Groups: the text, the colon behind a key. */
const STRING = /"((?:[^"\\]|\\.)*)"(\s{0,8}:)?/dg;

/** An argument of a call. Groups: name, value. */
const ARGUMENT = /\b([A-Za-z_][\w-]{0,80})"?\s{0,8}:\s{0,8}"((?:[^"\\]|\\.){1,4096})"/dg;

/** `user=…&pwd=…`, and a field of it. Groups: name, value. */
const FORM = /^[\w.[\]-]{1,80}=[^&\n]{1,4096}(&[\w.[\]-]{1,80}=[^&\n]{0,4096}){1,40}$/;
const FIELD = /(?:^|&)([\w.[\]-]{1,80})=([^&\n]{0,4096})/dg;

/** The values of the document in a leaf, in the order of the text; empty for a text that is none. @rule off: [] */
export function opened(leaf: Leaf): Candidate[] {
  if (leaf.value.length < MIN_DOCUMENT) return [];
  const { text, part } = openLeaf(leaf.value);
  const [escape, stretches] = stretchesIn(text, leaf);
  return stretches.map(({ name, value, start, end }) => {
    return { place: { ...leaf.place }, name, value, part: { ...part, start, end, escape } };
  });
}

function stretchesIn(text: string, { place }: Leaf): [TransformOp | null, Stretch[]] {
  const start = text.trimStart();
  if (place.kind === "path") return [null, segmentParameters(text)];
  if (start.length < MIN_DOCUMENT) return [null, []];
  if (place.kind === "text" && FORM.test(start)) {
    const isEscaped = /[%+]/.test(start);
    return [isEscaped ? "url-encode" : null, fieldsIn(text, isEscaped)];
  }
  if (isXml(start)) return ["xml-escape", elementsIn(text)];
  if (/^[[{]/.test(start)) return ["json-escape", text.length > MAX_JSON ? [] : stringsIn(text)];
  const isCall = /^(mutation|query)?\b[^"]*[{(]/.test(start);
  return ["json-escape", isCall ? argumentsIn(text) : []];
}

function elementsIn(text: string): Stretch[] {
  return xmlLeaves(text).filter(({ value }) => value !== "")
    .map(({ path, ...stretch }) => ({ ...stretch, name: xmlName(path) }));
}

function fieldsIn(text: string, isEscaped: boolean): Stretch[] {
  return [...text.matchAll(FIELD)].map((match) => {
    const [start, end] = match.indices![2]!;
    const value = isEscaped ? percentDecode(match[2]!.replaceAll("+", " ")) : match[2]!;
    return { name: match[1]!, value, start, end };
  });
}

/** Every string that is a value, under the key before it. */
function stringsIn(text: string): Stretch[] {
  if (parsed(text) === undefined) return [];
  let name = "";
  return [...text.matchAll(STRING)].flatMap((match) => {
    const value = parsed(`"${match[1]!}"`) as string;
    const [start, end] = match.indices![1]!;
    if (match[2] === undefined) return [{ name, value, start, end }];
    name = value;
    return [];
  });
}

function argumentsIn(text: string): Stretch[] {
  return [...text.matchAll(ARGUMENT)].flatMap((match) => {
    const value = parsed(`"${match[2]!}"`);
    const [start, end] = match.indices![2]!;
    return typeof value === "string" ? [{ name: match[1]!, value, start, end }] : [];
  });
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** Name and secret in one text: as Basic writes them, which encodes them, or parted by another mark. */
const ENCODED_PAIR = /^([^:\s{}"<>]+):(.{3,})$/s;
const PLAIN_PAIR = /^([^\s|:;,]{2,})[|:;\t]([^\s|]\S{3,})$/;

/** `user:password` in base64; the first colon parts them. @rule off: [] */
export function inPair(leaf: Leaf): TypedValue[] {
  const opened = openLeaf(leaf.value);
  if (opened.part.encoding === null) return [];
  return halvesOf(leaf, opened, ENCODED_PAIR, "a user:password pair (RFC 7617)");
}

/** A pair of both in a plain text. @rule off: [] */
export function inPlainPair(leaf: Leaf): TypedValue[] {
  const part = { prefix: "", encoding: null };
  return halvesOf(leaf, { text: leaf.value, part }, PLAIN_PAIR, "a pair in one field");
}

function halvesOf(
  { place }: Leaf,
  { text, part }: ReturnType<typeof openLeaf>,
  shape: RegExp,
  pair: string,
): TypedValue[] {
  const [, user, password] = shape.exec(text) ?? [];
  if (user === undefined || password === undefined) return [];
  const half = (value: string, start: number): Candidate => {
    const end = start + value.length;
    return { place, name: "", value, part: { ...part, start, end, escape: null } };
  };
  const [who, secret] = [half(user, 0), half(password, user.length + 1)];
  return bothOf(who, secret, (which) => `it is the ${which} part of ${pair}`);
}

/** What was typed, where a field holds it in base64 or hex: the script must encode what it asks for. */
export function decoded(typed: TypedValue): TypedValue {
  if (typed.part !== undefined) return typed;
  const { text, part } = openLeaf(typed.value, true);
  if (part.encoding === null || part.prefix !== "") return typed;
  if (part.encoding !== "hex" && !isEncodedText(typed.value, text)) return typed;
  const why = `${typed.why}, in ${part.encoding === "hex" ? "hex" : "base64"}`;
  return {
    ...typed,
    value: text,
    part: { ...part, start: 0, end: text.length, escape: null },
    why,
  };
}

/** Eight letters and digits may be base64 of six by chance; what ends in padding or is longer is not. */
function isEncodedText(value: string, text: string): boolean {
  if (value.startsWith(OPENSSL_SALTED)) return false;
  return value.endsWith("=") || value.length >= 12 || /^[A-Za-z0-9]+$/.test(text);
}

/** The text of a leaf, out of its base64 where that encodes to exactly what was sent, and on demand out of hex. */
export function openLeaf(
  value: string,
  isHex = false,
): { readonly text: string; readonly part: Opening } {
  const text = isHex ? lowerHexText(value) : undefined;
  if (text !== undefined) return { text, part: { prefix: "", encoding: "hex" } };
  const { prefix, credentials } = splitScheme(value);
  const encoding = base64Kind(credentials);
  return encoding === null
    ? { text: value, part: { prefix: "", encoding } }
    : { text: base64Text(credentials)!, part: { prefix, encoding } };
}

/** Text in hex, in lower case as clients write it. */
function lowerHexText(value: string): string | undefined {
  return /[A-F]/.test(value) ? undefined : hexText(value);
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
