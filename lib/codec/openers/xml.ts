import { isXml, putXmlValue, xmlLeaves, xmlValue } from "../../http/xml.ts";
import { quote } from "../code.ts";
import type { OpenerCodec } from "../codec.ts";
import { maskedXmlPath } from "../xml_text.ts";

/**
 * An element or attribute of XML inside a text, by its path as of `XmlLeaf`: of an escaped document, as SOAP services
 * answer with.
 */
export const xmlOpener: OpenerCodec<{ readonly kind: "xml"; readonly path: string }> = {
  *find(text) {
    if (!isXml(text)) return;
    for (const { path, value } of xmlLeaves(text)) yield [{ kind: "xml", path }, value];
  },
  take: ({ path }, text) => xmlValue(text, path),
  put: ({ path }, text, fresh) => putXmlValue(text, path, fresh),
  write: ({ path }, text, uses) => uses.call("xml_at", text, quote(path)),
  describe: ({ path }) => `XML ${path}`,
  masked: ({ path }, mask) => ({ kind: "xml", path: maskedXmlPath(path, mask) }),
};
