/** Text written so that it may stand in other text. */
import { decodeUrlText } from "../openers/url_decode.ts";
import type { TransformCodec } from "../codec.ts";
import { inDomain, textArg } from "./arguments.ts";

/** `encodeURIComponent`. */
export const urlEncode: TransformCodec = {
  describe: "percent-encoding",
  yields: "text",
  apply: (args) => encodeURIComponent(textArg("url-encode", args)),
  write: ([arg]) => `encodeURIComponent(${arg!.code})`,
  snippets: [
    `/** Text as a segment of a path; a browser leaves : @ and the like as they are (RFC 3986 section 3.3). */
function path_segment(text: string): string {
  return encodeURIComponent(text).replace(/%(3A|40|24|26|2B|2C|3B|3D)/g, decodeURIComponent);
}`,
  ],
};

export const urlDecodeText: TransformCodec = {
  describe: "percent-decoding",
  yields: "text",
  apply: (args) => inDomain("url-decode", decodeUrlText(textArg("url-decode", args))),
  write: ([arg]) => `decodeURIComponent(${arg!.code})`,
};

/** The serialisation of `application/x-www-form-urlencoded` (WHATWG URL section 5.2). */
export const formEncode: TransformCodec = {
  describe: "form encoding",
  yields: "text",
  apply: (args) => new URLSearchParams([["", textArg("form-encode", args)]]).toString().slice(1),
  write: ([arg]) => `new URLSearchParams([["", ${arg!.code}]]).toString().slice(1)`,
};

/** Text as it stands inside a JSON string (RFC 8259 section 7). */
export const jsonEscape: TransformCodec = {
  describe: "JSON escapes",
  yields: "text",
  apply: (args) => JSON.stringify(textArg("json-escape", args)).slice(1, -1),
  write: ([arg], uses) => uses.call("escape_json", arg!.code),
  snippets: [`/** Text as it stands inside a JSON string. */
function escape_json(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}`],
};

/** Text as it stands inside XML (XML 1.0 section 2.4). */
export const xmlEscape: TransformCodec = {
  describe: "XML escapes",
  yields: "text",
  apply: (args) => escapeXml(textArg("xml-escape", args)),
  write: ([arg], uses) => uses.call("escape_xml", arg!.code),
  snippets: [`/** Text as it stands inside XML. */
function escape_xml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}`],
};

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

export const lower: TransformCodec = {
  describe: "lower case",
  yields: "text",
  apply: (args) => textArg("lower", args).toLowerCase(),
  write: ([arg]) => `(${arg!.code}).toLowerCase()`,
};

export const upper: TransformCodec = {
  describe: "upper case",
  yields: "text",
  apply: (args) => textArg("upper", args).toUpperCase(),
  write: ([arg]) => `(${arg!.code}).toUpperCase()`,
};
