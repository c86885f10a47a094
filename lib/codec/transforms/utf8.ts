/** Text as UTF-8 and back. */
import { bytesCode, bytesOf } from "../bytes.ts";
import type { TransformCodec } from "../codec.ts";
import { argument, inDomain, textArg } from "./arguments.ts";

export const utf8: TransformCodec = {
  describe: "the text's UTF-8",
  yields: "bytes",
  apply: (args) => bytesOf(argument("utf8", args, 0)),
  write: ([text], uses) => bytesCode(text!, uses),
};

export const utf8Text: TransformCodec = {
  describe: "the text of UTF-8",
  yields: "text",
  apply: (args) => inDomain("utf8-text", textOf(bytesOf(argument("utf8-text", args, 0)))),
  write: ([bytes], uses) => `new TextDecoder().decode(${bytesCode(bytes!, uses)})`,
};

/** One byte for each character: `atob` and binary strings. Characters beyond 255 are refused. */
export const latin1: TransformCodec = {
  describe: "the text's Latin-1",
  yields: "bytes",
  apply: (args) => {
    const text = textArg("latin1", args);
    return inDomain(
      "latin1",
      // deno-lint-ignore no-control-regex -- all of Latin-1 is meant
      /^[\x00-\xff]*$/.test(text) ? Uint8Array.from(text, (char) => char.charCodeAt(0)) : undefined,
    );
  },
  write: ([text]) => `Uint8Array.from(${text!.code}, (char) => char.charCodeAt(0))`,
};

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
