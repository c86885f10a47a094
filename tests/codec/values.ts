/** Values that break what is sloppy, and code that is run to see what it computes. */
import fc from "fast-check";
import type { Uses } from "../../lib/codec/code.ts";
import { withNeeds } from "../../lib/script/snippets.ts";
import { moduleOf } from "../script/script_module.ts";

/** Texts with the characters that mean something to some encoding. */
const AWKWARD = [
  "",
  "0",
  "true",
  "null",
  `a"b'c\\d`,
  "a&b=c&d",
  "100%",
  "%41%zz",
  "a+b c",
  "x#y?z",
  "a/b//c",
  "<b>&amp;</b>",
  "&#65;&lt;",
  "Zoë ☃",
  "𝔘🗝️",
  "\u2028\u2029",
  "line\nend\r\n",
  "\t tab ",
  "]]>",
  "${x}`",
  "eyJhIjoxfQ",
  "deadbeef",
  "k9Xw2QzL7-aa/B+c==",
];

/** Any text without lone surrogates, which no encoding of the web can write. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...AWKWARD),
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.string({ unit: "binary", maxLength: 20 }).filter((text) => text.isWellFormed()),
  fc.string({ minLength: 900, maxLength: 1100 }),
);

/** What tokens look like. */
export const token: fc.Arbitrary<string> = fc.stringMatching(
  /^[A-Za-z0-9][A-Za-z0-9+/=_.~-]{6,40}[A-Za-z0-9]$/,
);

export const anyValue: fc.Arbitrary<string> = fc.oneof(anyText, token);

/** Runs pieces of written code, each a function of these parameters, in one module. */
export async function runnable(
  parameters: string,
  codes: readonly string[],
  uses: Uses,
): Promise<((...args: unknown[]) => unknown)[]> {
  const functions = codes.map((code) => `async (${parameters}) => ${code}`);
  const module = await moduleOf([
    ...withNeeds(uses.snippets).map(({ source }) => source),
    `export const functions = [${functions.join(",\n")}];`,
  ].join("\n"));
  return module["functions"] as unknown as ((...args: unknown[]) => unknown)[];
}
