/** Text written so that it may stand in other text. */
import { escapeXml } from "../../http/xml.ts";
import { decodeUrlText } from "../openers/url_decode.ts";
import { text } from "./transform.ts";

export const ESCAPES = {
  /** `encodeURIComponent`. */
  "url-encode": text("percent-encoding", ["text"], {
    apply: encodeURIComponent,
    write: ([text]) => `encodeURIComponent(${text})`,
    snippets: [
      `/** Text as a segment of a path; a browser leaves : @ and the like as they are (RFC 3986 section 3.3). */
function path_segment(text: string): string {
  return encodeURIComponent(text).replace(/%(3A|40|24|26|2B|2C|3B|3D)/g, decodeURIComponent);
}`,
    ],
  }),
  "url-decode": text("percent-decoding", ["text"], {
    apply: decodeUrlText,
    write: ([text]) => `decodeURIComponent(${text})`,
  }),
  /** The serialisation of `application/x-www-form-urlencoded` (WHATWG URL section 5.2). */
  "form-encode": text("form encoding", ["text"], {
    apply: (text) => new URLSearchParams([["", text]]).toString().slice(1),
    write: ([text]) => `new URLSearchParams([["", ${text}]]).toString().slice(1)`,
  }),
  /** Text as it stands inside a JSON string (RFC 8259 section 7). */
  "json-escape": text("JSON escapes", ["text"], {
    apply: (text) => JSON.stringify(text).slice(1, -1),
    write: "escape_json",
    snippets: [`/** Text as it stands inside a JSON string. */
function escape_json(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}`],
  }),
  /** Text as it stands inside XML (XML 1.0 section 2.4). */
  "xml-escape": text("XML escapes", ["text"], {
    apply: escapeXml,
    write: "escape_xml",
    snippets: [`/** Text as it stands inside XML. */
function escape_xml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;").replace(/[\\t\\n\\r]/g, (char) => \`&#\${char.charCodeAt(0)};\`);
}`],
  }),
  "lower": text("lower case", ["text"], {
    apply: (text) => text.toLowerCase(),
    write: ([text]) => `(${text}).toLowerCase()`,
  }),
  "upper": text("upper case", ["text"], {
    apply: (text) => text.toUpperCase(),
    write: ([text]) => `(${text}).toUpperCase()`,
  }),
};
