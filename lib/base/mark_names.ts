/** What HTML calls the marks of ASCII (Named character references, HTML Standard section 13.5). */
const NAMED: Readonly<Record<string, string>> = {
  tab: "\t",
  newline: "\n",
  excl: "!",
  quot: '"',
  num: "#",
  dollar: "$",
  percnt: "%",
  amp: "&",
  apos: "'",
  lpar: "(",
  rpar: ")",
  ast: "*",
  midast: "*",
  plus: "+",
  comma: ",",
  period: ".",
  sol: "/",
  colon: ":",
  semi: ";",
  lt: "<",
  equals: "=",
  gt: ">",
  quest: "?",
  commat: "@",
  lsqb: "[",
  lbrack: "[",
  bsol: "\\",
  rsqb: "]",
  rbrack: "]",
  hat: "^",
  lowbar: "_",
  grave: "`",
  lcub: "{",
  lbrace: "{",
  verbar: "|",
  vert: "|",
  rcub: "}",
  rbrace: "}",
  nbsp: "\u00a0",
};

/** In lower case. */
export const MARK_NAMES: readonly string[] = Object.keys(NAMED);

/** Of a known name, in any case. */
export function markNamed(name: string): string {
  return NAMED[name.toLowerCase()]!;
}
