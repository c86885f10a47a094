/**
 * The values of an XML document (XML 1.0): the text of each element that holds no other, and each attribute,
 * with the names that lead to it and the stretch of the text where it is written. No parser of documents:
 * what is not well-formed has the values that can be read. Namespaces are left out of the names, since their
 * prefixes are free.
 */
import { decodeCharacterReferences } from "./html_entities.ts";

export interface XmlLeaf {
  /**
   * Local names from the root on: `Envelope/Header/SessionToken`. The second of one name beside each other is
   * `param[2]`, a member of an XML-RPC struct `member[session]`, an attribute `Login/@sid`.
   */
  readonly path: string;
  readonly value: string;
  /** Of what is replaced to change the value: text, or the end of an empty element's tag. */
  readonly start: number;
  readonly end: number;
  /** What an empty element (`<a/>`) gets around its text. */
  readonly around?: readonly [before: string, after: string];
}

/** Longer documents are data, and no messages of a login. In UTF-16 units. */
const MAX_LENGTH = 1_000_000;
const MAX_DEPTH = 100;

const BEGINNING = /^[\s\ufeff]*<(?:\?xml\b|(?!html\b|!doctype)[A-Z_a-z][\w.:-]*[\s/>])/i;

export function isXml(text: string): boolean {
  return BEGINNING.test(text);
}

const BARE_AMPERSAND = /&(?!(?:#\d+|#x[\da-f]+|[a-z_][\w.-]*);)/i;

/** An ampersand that begins no reference ends a document for a parser (XML 1.0 section 2.4). */
export function hasBareAmpersand(text: string): boolean {
  return [...pieces(text)].some(([piece, isLiteral]) => !isLiteral && BARE_AMPERSAND.test(piece));
}

interface OpenElement {
  /** As its tag has it. */
  readonly tag: string;
  readonly path: string;
  readonly from: number;
  /** How many of each name it holds so far. */
  readonly count: Map<string, number>;
}

const TAG = /<([^\s<>/=!?]+)((?:\s+[^\s<>/=]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const ATTRIBUTE = /\s+([^\s<>/=]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/dgy;
/** The name comes first (XML-RPC specification, "Structs"). */
const MEMBER_NAME = /\s*<name>([^<]*)<\/name>/y;

const IS_MEMBER_NAME = /(^|\/)member\[[^/]*\]\/name$/;

/** In the order of the text, names of members left out, which are part of paths; of several with one path the first alone. */
export function xmlLeaves(text: string): XmlLeaf[] {
  const leaves = new Map<string, XmlLeaf>();
  const keep = (leaf: XmlLeaf) => {
    if (!leaves.has(leaf.path) && !IS_MEMBER_NAME.test(leaf.path)) leaves.set(leaf.path, leaf);
  };
  const open: OpenElement[] = [{ tag: "", path: "", from: 0, count: new Map() }];
  let at = text.length > MAX_LENGTH ? -1 : text.indexOf("<");
  while (at >= 0 && open.length <= MAX_DEPTH) {
    const skipped = endOfNoElement(text, at);
    if (skipped !== null) {
      at = text.indexOf("<", skipped);
    } else if (text[at + 1] === "/") {
      const end = endOf(text, ">", at);
      close(open, text.slice(at + 2, end - 1).trim(), text, at, keep);
      at = text.indexOf("<", end);
    } else {
      at = text.indexOf("<", openElement(open, text, at, keep));
    }
  }
  return [...leaves.values()].sort((a, b) => a.start - b.start);
}

/** The value at a path; `undefined` where the text has none. */
export function xmlValue(text: string, path: string): string | undefined {
  return xmlLeaves(text).find((leaf) => leaf.path === path)?.value;
}

/** The text with another value at a path; `undefined` where it has none. */
export function putXmlValue(text: string, path: string, value: string): string | undefined {
  const leaf = xmlLeaves(text).find((one) => one.path === path);
  if (leaf === undefined) return undefined;
  const [before, after] = leaf.around ?? ["", ""];
  return text.slice(0, leaf.start) + before + escapeXml(value) + after + text.slice(leaf.end);
}

/** Names that say of what type a value is, or that it is one, and not whose (XML-RPC specification). */
const WRAPPER =
  /^(method(Call|Response)|params?|value|string|int|i4|i8|boolean|double|base64|dateTime\.iso8601|data|array|struct)$/;

/** What a value is called: the last name of its path that says something; `""` where none does. */
export function xmlName(path: string): string {
  const names = path.split("/").map((step) => step.replace(/^@|\[\d+\]$/g, ""));
  const last = names.findLast((name) => !WRAPPER.test(name)) ?? "";
  return /^member\[(.*)\]$/.exec(last)?.[1] ?? last;
}

/** Text as it stands in an element or an attribute; line ends and tabs would be read as blanks (section 3.3.3). */
export function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;").replace(/[\t\n\r]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** Behind a comment, a CDATA section, a declaration or an instruction; `null` for a tag. */
function endOfNoElement(text: string, at: number): number | null {
  if (text.startsWith("<!--", at)) return endOf(text, "-->", at + 4);
  if (text.startsWith("<![CDATA[", at)) return endOf(text, "]]>", at);
  if (text[at + 1] === "?") return endOf(text, "?>", at);
  return text[at + 1] === "!" ? endOf(text, ">", at) : null;
}

function endOf(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? text.length : at + mark.length;
}

/** Answers where to go on. */
function openElement(
  open: OpenElement[],
  text: string,
  at: number,
  keep: (leaf: XmlLeaf) => void,
): number {
  TAG.lastIndex = at;
  const match = TAG.exec(text);
  if (match === null) return at + 1;
  const [all, tag = "", attributes = "", slash] = match;
  const end = at + all.length;
  const path = pathOf(tag, open.at(-1)!, text, end);
  const from = at + 1 + tag.length;
  for (const one of attributes.matchAll(ATTRIBUTE)) {
    const [, name = "", double, single = ""] = one;
    if (/^xmlns(:|$)/.test(name)) continue;
    const [start, stop] = one.indices![double === undefined ? 3 : 2]!;
    const value = decodeCharacterReferences(double ?? single);
    keep({ path: `${path}/@${localName(name)}`, value, start: from + start, end: from + stop });
  }
  if (slash === "") open.push({ tag, path, from: end, count: new Map() });
  else keep({ path, value: "", start: end - 2, end, around: [">", `</${tag}>`] });
  return end;
}

function pathOf(tag: string, parent: OpenElement, text: string, end: number): string {
  const name = localName(tag);
  const nth = (parent.count.get(name) ?? 0) + 1;
  parent.count.set(name, nth);
  MEMBER_NAME.lastIndex = end;
  const member = name === "member" ? MEMBER_NAME.exec(text)?.[1] : undefined;
  const step = member !== undefined ? `member[${member}]` : nth === 1 ? name : `${name}[${nth}]`;
  return parent.path === "" ? step : `${parent.path}/${step}`;
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

/** What was opened inside and never closed is not a value. */
function close(
  open: OpenElement[],
  tag: string,
  text: string,
  at: number,
  keep: (leaf: XmlLeaf) => void,
): void {
  const depth = open.findLastIndex((one, index) => index > 0 && one.tag === tag);
  if (depth < 0) return;
  const [element] = open.splice(depth);
  if (element!.count.size > 0) return;
  const [start, end] = withoutIndent(text, element!.from, at);
  keep({ path: element!.path, value: content(text.slice(start, end)), start, end });
}

/** Blanks around a value on lines of its own are layout. */
function withoutIndent(text: string, from: number, to: number): [start: number, end: number] {
  const raw = text.slice(from, to);
  const before = raw.slice(0, raw.length - raw.trimStart().length);
  const after = raw.slice(raw.trimEnd().length);
  if (before.length === raw.length) return [from, before.includes("\n") ? from : to];
  return [
    before.includes("\n") ? from + before.length : from,
    after.includes("\n") ? to - after.length : to,
  ];
}

/** Text, CDATA sections and comments, as one value. */
function content(raw: string): string {
  return [...pieces(raw)]
    .map(([text, isLiteral]) => isLiteral ? text : decodeCharacterReferences(text)).join("");
}

/** What stands outside of comments and instructions; literal is what a CDATA section holds (section 2.7). */
function* pieces(raw: string): Generator<readonly [text: string, isLiteral: boolean]> {
  let at = 0;
  for (let mark = raw.indexOf("<"); mark >= 0; mark = raw.indexOf("<", at)) {
    yield [raw.slice(at, mark), false];
    at = endOfNoElement(raw, mark) ?? mark + 1;
    if (raw.startsWith("<![CDATA[", mark)) yield [raw.slice(mark + 9, at - 3), true];
  }
  yield [raw.slice(at), false];
}
