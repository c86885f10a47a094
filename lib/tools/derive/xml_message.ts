/**
 * XML messages that name their operation: SOAP, whose body's first element does (SOAP 1.1 section 4.3, document
 * and RPC style alike), and XML-RPC (`methodName`). And the form of such a message without anything it said. Pure.
 */
import { isXml, xmlLeaves } from "../../http/xml.ts";

/** `null` for XML that names none. */
export function xmlOperation(text: string): string | null {
  if (!isXml(text)) return null;
  for (const { path, value } of xmlLeaves(text)) {
    if (path === "methodCall/methodName") return value.trim() || null;
    const [, element] = /^Envelope\/Body\/([^/@[\]]+)/.exec(path) ?? [];
    if (element !== undefined) return element;
  }
  return null;
}

/** In UTF-16 units: longer ones tell a reader less than they cost. */
const MAX_MESSAGE = 8_000;
const MAX_SKELETON = 1_500;

const TAG = /<(\/?)([^\s<>/=!?]+)((?:\s+[^\s<>/=]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/g;
const ATTRIBUTE = /\s+([^\s<>/=]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;
const NO_ELEMENT = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<[?!][^>]*>/g;
/** Names of namespaces belong to the protocol, as long as they read like one. */
const NAMESPACE = /^[\w:/.#-]{1,120}$/;
/** Elements whose text is a name of the protocol: the method and the members of a struct (XML-RPC). */
const NAMING = /^(methodName|name)$/;
const PLAIN_NAME = /^[A-Za-z_][\w.:-]{0,39}$/;

/**
 * The elements and attributes of a message with everything said in them left out; `null` where there is too much, or
 * no element. What names namespaces, types (`xsi:type`) and operations stays.
 */
export function xmlSkeleton(text: string): string | null {
  if (text.length > MAX_MESSAGE) return null;
  const bare = text.replace(NO_ELEMENT, "");
  const tags = [...bare.matchAll(TAG)];
  const isXmlRpc = tags[0]?.[2] === "methodCall";
  const written = tags.map((match, at) => {
    const [all, slash = "", name = "", attributes = "", empty = ""] = match;
    const next = tags[at + 1]?.index ?? bare.length;
    const inside = bare.slice(match.index + all.length, next).trim();
    const isNamed = isXmlRpc && slash === "" && NAMING.test(name) && PLAIN_NAME.test(inside);
    return `<${slash}${name}${bareAttributes(attributes)}${empty}>${isNamed ? inside : ""}`;
  }).join("");
  return written === "" || written.length > MAX_SKELETON ? null : written;
}

function bareAttributes(attributes: string): string {
  return [...attributes.matchAll(ATTRIBUTE)].map(([, name = "", double, single = ""]) => {
    const value = double ?? single;
    const isOpen = /^xmlns(:|$)/.test(name) && NAMESPACE.test(value) ||
      /:type$/.test(name) && PLAIN_NAME.test(value);
    return ` ${name}="${isOpen ? value : ""}"`;
  }).join("");
}
