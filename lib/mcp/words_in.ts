/** Texts in words, as the search compares them: of names in any case, of paths, of sentences. */

/** `listCoreV1NamespacedPod`, `pull-requests`, `customer's` in words, lower case, in American spelling. */
export function wordsIn(text: string): string[] {
  return text.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .replaceAll("'s", "").toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "")
    .map(inAmerican);
}

/** Interfaces are named in American English; their users write either. */
const BRITISH = [
  [
    /^((?:un)?(?:organ|author|recogn|custom|final|synchron|initial|categor|priorit|util))is/,
    "$1iz",
  ],
  [/^(behavi|col|fav|lab|hon|harb)our/, "$1or"],
  [/^(lic|def|off)ence/, "$1ense"],
  [/^(catal|dial|anal)ogue/, "$1og"],
  [/^centre/, "center"],
  [/^(cancel|label)led/, "$1ed"],
] as const;

function inAmerican(word: string): string {
  for (const [spelling, other] of BRITISH) {
    if (spelling.test(word)) return word.replace(spelling, other);
  }
  return word;
}
