/** Values inside one text that no parser of bodies takes apart: XML, and GraphQL with its arguments inline. */
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

function unquoted(text: string): string {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}
