/** The functions that codecs bring into a script, in the order in which they stand there. */
import { BYTE_SNIPPETS } from "./bytes.ts";
import { type Snippet, snippetOf } from "./code.ts";
import { LOCATORS } from "./locators.ts";
import { OPENERS } from "./openers.ts";
import { TRANSFORMS } from "./transforms.ts";

const CODECS: readonly { readonly snippets?: readonly string[] }[] = [
  ...Object.values(LOCATORS),
  ...Object.values(OPENERS),
  { snippets: BYTE_SNIPPETS },
  ...Object.values(TRANSFORMS),
];

/** Each once. */
export const CODEC_SNIPPETS: readonly Snippet[] = [
  ...new Set(CODECS.flatMap(({ snippets = [] }) => snippets)),
].map(snippetOf);
