import { isXml, putXmlValue, xmlLeaves, xmlName, xmlValue } from "../../http/xml.ts";
import { quote } from "../code.ts";
import type { LocatorCodec } from "../codec.ts";
import { withText } from "../put_text.ts";
import { maskedXmlPath, XML_SNIPPETS } from "../xml_text.ts";

/** An element or attribute of a body of XML, by its path as of `XmlLeaf`. */
export const xmlBody: LocatorCodec<{ readonly kind: "xml"; readonly path: string }> = {
  readsBody: true,
  *find({ body }) {
    if (body.kind !== "text" || !isXml(body.text)) return;
    for (const { path, value } of xmlLeaves(body.text)) yield [{ kind: "xml", path }, value];
  },
  take: ({ path }, { text }) => xmlValue(text, path),
  put({ path }, answer, fresh) {
    const text = putXmlValue(answer.text, path, fresh);
    return text === undefined ? undefined : withText(answer, inUtf8(text));
  },
  write: ({ path }, step, uses) => uses.call("xml_at", `${step}_text`, quote(path)),
  describe: ({ path }) => `body ${path}`,
  name: ({ path }) => xmlName(path),
  masked: ({ path }, mask) => ({ kind: "xml", path: maskedXmlPath(path, mask) }),
  snippets: XML_SNIPPETS,
};

/** The declaration names the encoding beside the content type (XML 1.0 section 4.3.3). */
function inUtf8(text: string): string {
  return text.replace(/^(\s*<\?xml[^>]*?encoding=)(?:"[^"]*"|'[^']*')/, '$1"UTF-8"');
}
