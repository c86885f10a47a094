/** Values inside one text that no parser of bodies takes apart: XML, JSON, GraphQL with its arguments inline. */
import { parseJson } from "../base/json.ts";
import { jsonValues } from "../codec/json_text.ts";
import { memberName } from "../http/member_name.ts";
import { isXml, xmlLeaves, xmlName } from "../http/xml.ts";

export interface InlineValue {
  readonly name: string;
  /** Where in the text it stands, by names; the name where nothing else tells. */
  readonly path: string;
  readonly value: string;
}

/** `login(username: "ann", password: "…")` (GraphQL specification section 2.9.4). */
const ARGUMENT = /([A-Za-z_]\w{0,80})\s{0,8}:\s{0,8}"((?:[^"\\\n]|\\.){0,8192})"/g;

export function inlineValues(text: string): InlineValue[] {
  if (isXml(text)) {
    return xmlLeaves(text).map(({ path, value }) => ({ name: xmlName(path), path, value }));
  }
  if (!/^\s*(query|mutation|subscription|\{)[^]*\(/.test(text)) return [];
  return [...text.matchAll(ARGUMENT)].map(([, name, value]) => ({
    name: name!,
    path: name!,
    value: unquoted(value!),
  }));
}

/** Longer documents are data. In UTF-16 units. */
const MAX_DOCUMENT = 65_536;

/** What a text of JSON says, member by member; empty for a text that is none. */
export function jsonMembers(text: string): InlineValue[] {
  if (!/^\s*[{[]/.test(text) || text.length > MAX_DOCUMENT) return [];
  return jsonValues(parseJson(text) ?? null).map(([path, value]) => ({
    name: memberName(path),
    path: path.join("."),
    value: String(value),
  }));
}

function unquoted(text: string): string {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}
