/** Code that takes a value out of XML: what `xmlValue()` does, in a script. */
import type { Mask } from "./codec.ts";

/** The path with the names in it replaced. */
export function maskedXmlPath(path: string, mask: Mask): string {
  return path.split("/").map((step) =>
    step.replace(/^(@?)([^[]*)(?:\[(.*)\])?$/, (_, sign, name, key) => {
      const shown = key === undefined ? "" : `[${/^\d+$/.test(key) ? key : mask.name(key)}]`;
      return sign + mask.name(name) + shown;
    })
  ).join("/");
}

export const XML_SNIPPETS: readonly string[] = [
  `/** What stands between two tags of XML: text and CDATA sections, without the layout around them. */
function xml_text(raw: string): string {
  const trimmed = raw.trim();
  const at = raw.indexOf(trimmed);
  const before = raw.slice(0, at).includes("\\n") ? at : 0;
  const end = at + trimmed.length;
  const text = raw.slice(before, raw.slice(end).includes("\\n") ? end : undefined);
  return text.split(/(<!--[^]*?-->|<!\\[CDATA\\[[^]*?\\]\\]>)/).map((part) =>
    part.startsWith("<!--") ? "" : part.startsWith("<![CDATA[") ? part.slice(9, -3) : unescape_html(part)
  ).join("");
}`,
  `/** The text of an element or attribute of XML, by the local names that lead to it. */
function xml_at(text: string, path: string): string | undefined {
  const tags =
    /<!--[^]*?-->|<!\\[CDATA\\[[^]*?\\]\\]>|<\\?[^]*?\\?>|<![^>]*>|<\\/([^>]*)>|<([^\\s<>/=!?]+)((?:\\s+[^\\s<>/=]+\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(\\/?)>/g;
  const local = (name: string) => name.slice(name.indexOf(":") + 1);
  const open = [{ tag: "", path: "", from: 0, count: new Map<string, number>() }];
  for (const match of text.matchAll(tags)) {
    const [all, closed, tag, attributes = "", slash] = match;
    const from = match.index + all.length;
    if (closed !== undefined) {
      const depth = open.findLastIndex((one) => one.tag === closed.trim());
      const [element] = depth > 0 ? open.splice(depth) : [];
      if (element?.path === path && element.count.size === 0) return xml_text(text.slice(element.from, match.index));
    }
    if (tag === undefined) continue;
    const parent = open[open.length - 1]!;
    const name = local(tag);
    const nth = (parent.count.get(name) ?? 0) + 1;
    parent.count.set(name, nth);
    const member = name === "member" ? /^\\s*<name>([^<]*)<\\/name>/.exec(text.slice(from))?.[1] : undefined;
    const step = member !== undefined ? \`member[\${member}]\` : nth === 1 ? name : \`\${name}[\${nth}]\`;
    const here = parent.path === "" ? step : \`\${parent.path}/\${step}\`;
    for (const [, key = "", double, single = ""] of attributes.matchAll(/\\s+([^\\s<>/=]+)\\s*=\\s*(?:"([^"<]*)"|'([^'<]*)')/g)) {
      if (\`\${here}/@\${local(key)}\` === path) return unescape_html(double ?? single);
    }
    if (slash === "") open.push({ tag, path: here, from, count: new Map() });
    else if (here === path) return "";
  }
  return undefined;
}`,
];
