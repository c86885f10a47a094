/**
 * Values as parameters write them: every style of OpenAPI 3.x and the collection formats of Swagger 2.0
 * (OpenAPI 3.2 section 4.12.2.4, RFC 6570). Names and values are percent-encoded; the delimiters a
 * style puts between them are not, except those that no URL may hold.
 */
import { isScalar } from "../base/exact_json.ts";
import { type JsonObject, type JsonValue, scalarText } from "../base/json.ts";
import type { ParameterStyle, Serialization } from "./operation.ts";

/** How a place encodes text. */
type Encode = (text: string) => string;

interface Rules extends Serialization {
  readonly name: string;
}

/** Delimiters between the items of an unexploded array, by style. */
const DELIMITERS: Readonly<Partial<Record<ParameterStyle, string>>> = {
  spaceDelimited: "%20",
  pipeDelimited: "%7C",
  tabDelimited: "%09",
};

/** Everything but the unreserved characters of RFC 3986 section 2.3 is encoded. */
export function encodeText(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * As `encodeText`, but reserved characters stay, and so do percent-encoded triples; what would end the
 * value or the query is encoded all the same.
 */
function encodeReserved(text: string): string {
  return text.toWellFormed().split(/(%[0-9A-Fa-f]{2}|[:/?@!$'()*+,;=])/)
    .map((part, index) => index % 2 === 1 ? part : encodeText(part)).join("");
}

/** Of reserved characters, those that may stand in a segment (RFC 3986 section 3.3: `pchar`). */
function encodeSegment(text: string): string {
  return encodeReserved(text).replace(/[/?]/g, encodeURIComponent);
}

/** A value that is several segments: its slashes divide them (RFC 6570 section 3.2.3). */
export function encodeWide(text: string): string {
  return encodeReserved(text).replaceAll("?", "%3F");
}

/** A path parameter as it stands in the path: all of it one segment or part of one, unless `encode` leaves slashes. */
export function pathText(
  rules: Rules,
  value: JsonValue,
  encode: Encode = rules.allowReserved ? encodeSegment : encodeText,
): string {
  const { style, explode } = rules;
  // RFC 6570 section 3.2.1: an empty list or object is undefined, and leaves nothing, no sign either.
  if (isEmpty(value)) return "";
  if (style === "matrix") return matrixText(rules, value, encode);
  if (style === "label") return `.${joined(value, explode ? "." : ",", explode, encode)}`;
  return joined(value, DELIMITERS[style] ?? ",", explode, encode);
}

function matrixText({ name, explode }: Rules, value: JsonValue, encode: Encode): string {
  const key = encodeText(name);
  if (explode && Array.isArray(value)) {
    return value.map((item) => matrixPair(key, encode(scalarText(item)))).join("");
  }
  if (explode && !isScalar(value)) {
    return Object.entries(value as JsonObject)
      .map(([inner, item]) => matrixPair(encodeText(inner), encode(scalarText(item)))).join("");
  }
  return matrixPair(key, joined(value, ",", false, encode));
}

/** A list or an object with nothing in it. */
export function isEmpty(value: JsonValue): boolean {
  return !isScalar(value) && Object.keys(value as JsonObject).length === 0;
}

/** RFC 6570 section 3.2.7: an empty value has no equals sign. */
function matrixPair(key: string, text: string): string {
  return text === "" ? `;${key}` : `;${key}=${text}`;
}

/** A header value. Nothing is encoded: a header is not part of a URL. */
export function headerText(rules: Pick<Rules, "explode">, value: JsonValue): string {
  return joined(value, ",", rules.explode, plain);
}

/** A name and the text that goes with it, both written for their place. */
export type TextPair = readonly [name: string, text: string];

/** The `name=value` pairs of a query parameter, encoded; none for an empty array or object. */
export function queryPairs(rules: Rules, value: JsonValue): string[] {
  const encode = rules.allowReserved ? encodeReserved : encodeText;
  const delimiter = DELIMITERS[rules.style] ?? ",";
  return pairsOf(rules, value, { name: encodeText, text: encode, delimiter }).map(joinPair);
}

/** The fields a styled property of a multipart form becomes. Nothing is encoded: a part is not a URL. */
export function fieldPairs(rules: Rules, value: JsonValue): TextPair[] {
  const delimiter = decodeURIComponent(DELIMITERS[rules.style] ?? ",");
  return pairsOf(rules, value, { name: plain, text: plain, delimiter });
}

/**
 * The pairs of a cookie parameter. Style `form` encodes, style `cookie` (3.2) does not. Exploded values
 * become cookies of their own: `a=1&a=2`, as `form` would have it, is one cookie to every server.
 */
export function cookiePairs(rules: Rules, value: JsonValue): string[] {
  const text = rules.style === "cookie" ? plain : encodeText;
  const form: Rules = { ...rules, style: "form" };
  return pairsOf(form, value, { name: plain, text, delimiter: "," }).map(joinPair);
}

interface PairWriting {
  readonly name: Encode;
  readonly text: Encode;
  /** Between the items of an array or object that is not exploded. */
  readonly delimiter: string;
}

function plain(text: string): string {
  return text;
}

function joinPair([name, text]: TextPair): string {
  return `${name}=${text}`;
}

function pairsOf(rules: Rules, value: JsonValue, write: PairWriting): TextPair[] {
  const name = write.name(rules.name);
  if (isScalar(value)) return [[name, write.text(scalarText(value))]];
  if (rules.style === "deepObject") return deepPairs(name, value, write);
  const items = Array.isArray(value)
    ? value.map((item): TextPair => [name, write.text(scalarText(item))])
    : Object.entries(value as JsonObject)
      .map(([key, item]): TextPair => [write.name(key), write.text(scalarText(item))]);
  if (rules.explode || items.length === 0) return items;
  const texts = Array.isArray(value) ? items.map(([, text]) => text) : items.flat();
  return [[name, texts.join(write.delimiter)]];
}

/**
 * `filter[age][gte]=5`, brackets percent-encoded where names are: no URL may hold them as they are
 * (RFC 3986 section 3.2.2). OpenAPI leaves arrays inside a deepObject open; they are written as the servers
 * that read brackets understand them: `tags[]=a` for plain items, `items[0][id]=1` for objects.
 */
function deepPairs(name: string, value: JsonValue, write: PairWriting): TextPair[] {
  const member = (key: string) => `${name}${write.name("[")}${key}${write.name("]")}`;
  if (Array.isArray(value)) {
    return value.flatMap((item, index) =>
      deepPairs(member(isScalar(item) ? "" : `${index}`), item, write)
    );
  }
  if (isScalar(value)) return [[name, write.text(scalarText(value))]];
  return Object.entries(value as JsonObject).flatMap(([key, item]) =>
    deepPairs(member(write.name(key)), item, write)
  );
}

function joined(value: JsonValue, delimiter: string, explode: boolean, encode: Encode): string {
  if (Array.isArray(value)) return value.map((item) => encode(scalarText(item))).join(delimiter);
  if (isScalar(value)) return encode(scalarText(value));
  const entries = Object.entries(value as JsonObject)
    .map(([name, item]) => [encode(name), encode(scalarText(item))]);
  return entries.map((pair) => pair.join(explode ? "=" : delimiter)).join(delimiter);
}
