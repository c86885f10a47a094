/** Pieces of texts and bytes: cut out, turned round, replaced, filled up. Positions are texts, as answers say them. */
import { receiver } from "../code.ts";
import { bytes, text } from "./transform.ts";

/** Of what is filled up, in UTF-16 units. */
const MAX_PADDED = 10_000;

export const TEXT_PARTS = {
  /** From `start` to `end`, negative ones from the end, as `String.prototype.slice`, in UTF-16 units. */
  "slice": text("a part of the text", ["text", "count", "count?"], {
    apply: (text, start, end) => text.slice(start, end),
    write: ([text, ...range]) => `${receiver(text!)}.slice(${range.join(", ")})`,
  }),
  "slice-bytes": bytes("a part of the bytes", ["bytes", "count", "count?"], {
    apply: (bytes, start, end) => bytes.slice(start, end),
    write: ([bytes, ...range]) => `${receiver(bytes!)}.slice(${range.join(", ")})`,
  }),
  /** The part with this number, from 0, between the separators. */
  "part": text("one of the parts between separators", ["text", "text", "count"], {
    apply: (text, separator, index) => text.split(separator).at(index),
    write: ([text, separator, index]) => `${receiver(text!)}.split(${separator}).at(${index})!`,
  }),
  /** By code points. */
  "reverse": text("the text turned round", ["text"], {
    apply: (text) => [...text].reverse().join(""),
    write: ([text]) => `[...${text}].reverse().join("")`,
  }),
  "reverse-bytes": bytes("the bytes turned round", ["bytes"], {
    apply: (bytes) => bytes.toReversed(),
    write: ([bytes]) => `${receiver(bytes!)}.toReversed()`,
  }),
  /** All occurrences. */
  "replace": text("the text with something replaced", ["text", "text", "text"], {
    apply: (text, from, to) => text.replaceAll(from, () => to),
    write: ([text, from, to]) => `${receiver(text!)}.replaceAll(${from}, () => ${to})`,
  }),
  /** Each character of the second argument becomes the one at its place in the third: custom alphabets. */
  "translate": text("the text in another alphabet", ["text", "text", "text"], {
    apply(text, from, to) {
      const [old, fresh] = [[...from], [...to]];
      return [...text].map((char) => fresh[old.indexOf(char)] ?? char).join("");
    },
    write: "translate",
    snippets: [
      `/** The text in another alphabet: each character of \`from\` as the one of \`to\` at its place. */
function translate(text: string, from: string, to: string): string {
  const [old, fresh] = [[...from], [...to]];
  return [...text].map((char) => fresh[old.indexOf(char)] ?? char).join("");
}`,
    ],
  }),
  /** Filled up on the left to a length. */
  "pad-start": text("the text filled up on the left", ["text", "count", "text"], {
    apply: (text, length, fill) =>
      Math.abs(length) > MAX_PADDED ? undefined : text.padStart(length, fill),
    write: ([text, length, fill]) => `${receiver(text!)}.padStart(${length}, ${fill})`,
  }),
  /** Exclusive or with a key that is repeated where it is shorter. */
  "xor": bytes("XOR", ["bytes", "bytes"], {
    apply: (bytes, key) =>
      key.length === 0 ? undefined : bytes.map((byte, index) => byte ^ key[index % key.length]!),
    write: "xor_bytes",
    snippets: [`/** The bytes under a key that is repeated where it is shorter. */
function xor_bytes(bytes: Uint8Array<ArrayBuffer>, key: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.map((byte, index) => byte ^ key[index % key.length]!);
}`],
  }),
};
