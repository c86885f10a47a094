/** Pieces of texts and bytes: cut out, turned round, replaced, filled up. Positions are texts, as answers say them. */
import { bytesCode, bytesOf } from "../bytes.ts";
import { receiver } from "../code.ts";
import type { TransformCodec } from "../codec.ts";
import { argument, inDomain, optionalCount, textArg, wholeNumber } from "./arguments.ts";

/** From `start` to `end`, negative ones from the end, as `String.prototype.slice`, in UTF-16 units. */
export const slice: TransformCodec = {
  describe: "a part of the text",
  yields: "text",
  apply: (args) =>
    textArg("slice", args).slice(
      wholeNumber("slice", args, 1),
      optionalCount("slice", args, 2),
    ),
  write: ([text, ...range]) =>
    `${receiver(text!.code)}.slice(${range.map(({ code }) => code).join(", ")})`,
  numbers: [1, 2],
};

/** As `slice`, in bytes. */
export const sliceBytes: TransformCodec = {
  describe: "a part of the bytes",
  yields: "bytes",
  apply: (args) =>
    bytesOf(argument("slice-bytes", args, 0)).slice(
      wholeNumber("slice-bytes", args, 1),
      optionalCount("slice-bytes", args, 2),
    ),
  write: ([bytes, ...range], uses) =>
    `${receiver(bytesCode(bytes!, uses))}.slice(${range.map(({ code }) => code).join(", ")})`,
  numbers: [1, 2],
};

/** The part with this number, from 0, between the separators. */
export const part: TransformCodec = {
  describe: "one of the parts between separators",
  yields: "text",
  apply: (args) => {
    const parts = textArg("part", args).split(textArg("part", args, 1));
    return inDomain("part", parts.at(wholeNumber("part", args, 2)));
  },
  write: ([text, separator, index]) =>
    `${receiver(text!.code)}.split(${separator!.code}).at(${index!.code})!`,
  numbers: [2],
};

/** By code points. */
export const reverse: TransformCodec = {
  describe: "the text turned round",
  yields: "text",
  apply: (args) => [...textArg("reverse", args)].reverse().join(""),
  write: ([text]) => `[...${text!.code}].reverse().join("")`,
};

export const reverseBytes: TransformCodec = {
  describe: "the bytes turned round",
  yields: "bytes",
  apply: (args) => bytesOf(argument("reverse-bytes", args, 0)).toReversed(),
  write: ([bytes], uses) => `${receiver(bytesCode(bytes!, uses))}.toReversed()`,
};

/** All occurrences. */
export const replace: TransformCodec = {
  describe: "the text with something replaced",
  yields: "text",
  apply: (args) =>
    textArg("replace", args).replaceAll(
      textArg("replace", args, 1),
      () => textArg("replace", args, 2),
    ),
  write: ([text, from, to]) =>
    `${receiver(text!.code)}.replaceAll(${from!.code}, () => ${to!.code})`,
};

/** Each character of the second argument becomes the one at its place in the third: custom alphabets. */
export const translate: TransformCodec = {
  describe: "the text in another alphabet",
  yields: "text",
  apply: (args) => {
    const [from, to] = [[...textArg("translate", args, 1)], [...textArg("translate", args, 2)]];
    return [...textArg("translate", args)].map((char) => to[from.indexOf(char)] ?? char).join("");
  },
  write: (args, uses) => uses.call("translate", ...args.map(({ code }) => code)),
  snippets: [
    `/** The text in another alphabet: each character of \`from\` as the one of \`to\` at its place. */
function translate(text: string, from: string, to: string): string {
  const [old, fresh] = [[...from], [...to]];
  return [...text].map((char) => fresh[old.indexOf(char)] ?? char).join("");
}`,
  ],
};

/** Filled up on the left to a length. */
export const padStart: TransformCodec = {
  describe: "the text filled up on the left",
  yields: "text",
  apply: (args) =>
    textArg("pad-start", args).padStart(
      wholeNumber("pad-start", args, 1, 10_000),
      textArg("pad-start", args, 2),
    ),
  write: ([text, length, fill]) =>
    `${receiver(text!.code)}.padStart(${length!.code}, ${fill!.code})`,
  numbers: [1],
};
