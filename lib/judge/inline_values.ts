/** Values inside one text that no parser of bodies takes apart: XML, and GraphQL with its arguments inline. */

export interface InlineValue {
  readonly name: string;
  readonly value: string;
}

const XML_TEXT = /<(?:[\w.-]+:)?([\w.-]+)(?:\s[^<>]*)?>([^<]+)<\//g;
const XML_ATTRIBUTE = /\s(?:[\w.-]+:)?([\w.-]+)="([^"<]*)"/g;
/** A member of a struct: its name is text as well, and belongs to the method (XML-RPC specification). */
const XML_RPC_MEMBER =
  /<name>([^<>]{0,400})<\/name>\s{0,40}<value>\s{0,40}(?:<(?:string|int|i4|boolean|double|base64)>)?([^<>]*)/g;
/** `login(username: "ann", password: "…")` (GraphQL specification section 2.9.4). */
const ARGUMENT = /([A-Za-z_]\w{0,80})\s{0,8}:\s{0,8}"((?:[^"\\\n]|\\.){0,8192})"/g;

export function inlineValues(text: string): InlineValue[] {
  if (/^\s*</.test(text)) {
    const members = [...text.matchAll(XML_RPC_MEMBER)];
    const rest = text.replaceAll(XML_RPC_MEMBER, "");
    return [...members, ...rest.matchAll(XML_TEXT), ...rest.matchAll(XML_ATTRIBUTE)]
      .map(([, name, value]) => ({ name: xmlText(name!.trim()), value: xmlText(value!.trim()) }));
  }
  if (!/^\s*(query|mutation|subscription|\{)[^]*\(/.test(text)) return [];
  return [...text.matchAll(ARGUMENT)].map(([, name, value]) => ({
    name: name!,
    value: unquoted(value!),
  }));
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  amp: "&",
};

/** XML 1.0 section 4.1 and 4.6. */
function xmlText(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (all, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name] ?? all;
    return String.fromCodePoint(decimal === undefined ? parseInt(hex, 16) : Number(decimal));
  });
}

function unquoted(text: string): string {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}
