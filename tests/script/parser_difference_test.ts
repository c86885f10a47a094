/**
 * acorn against V8 on the text that is evaluated: they must agree where each literal begins and ends, or
 * one of them could see code where the other sees a text.
 */
import assert from "node:assert/strict";
import { parse, type Token } from "acorn";
import fc from "fast-check";
import { AppError } from "../../lib/base/error.ts";
import { prepareScript } from "../../lib/script/prepare.ts";
import { fuzzRuns } from "../support/fuzz_runs.ts";

/** What readers of JavaScript are known to disagree about. */
const PIECES = (
  "of / /g /x/ /x/g /[/]/ /=/ a b ( ) { } [ ] ; , . ?. ?? => = + - ++ -- * ** ! ~ < > << >>> ? : && || " +
  "in instanceof typeof void delete new await yield async let static get set function class extends " +
  "return if else for while do switch case default try catch finally throw break continue var const " +
  "this super null 0 1n .5 1. 0x1 \"t\" 't' `t` `${ `a${ }` }${ // /* */ <!-- --> #x #!x @ \\u0061 \\u{6f}f " +
  "import import( import.source( import.defer( import.meta export import/**/( .import {import:1} " +
  "async()=>{} function(){} function*(){} class{} ()=>{} async\u2028 of\u2029 x=>{}"
).split(" ");

const texts = fc.array(
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...PIECES) }, {
    weight: 1,
    arbitrary: fc.constantFrom("\n", " ", "\n\n", "\t"),
  }),
  { maxLength: 14 },
).map((pieces) => pieces.join(" ").replaceAll(" \n ", "\n"));

/** A text that is accepted more often: statements around an expression of doubt. */
const sources = fc.oneof(
  texts,
  fc.tuple(
    fc.constantFrom(
      "async function () {}\n",
      "(function () {})\n",
      "let of = 1, g = 2, x = 3; of\n",
      "let a = {}\n",
      "if (1) {}\n",
      "for (const q of [])\n",
      "class A { static {} get }\n",
      "x = () => {}\n",
      "label: {}\n",
      "a = `${1}`\n",
      "let y = yield_ ++\n",
      "async () => {}\n",
      "var async; async\n",
      "do {} while (0)\n",
    ),
    fc.constantFrom(
      "/x/g",
      "/ g / x",
      "/[/]/.test(1)",
      "/=/g",
      "/1/g\nimport.meta",
      "/a/\n`b`",
      "`/`",
    ),
    texts,
  ).map((parts) => parts.join(" ")),
);

const EXPORT = "\nexport async function acquire_token() {}\n";

Deno.test("what is evaluated reads the same to acorn and to V8, and names no import", () => {
  let accepted = 0;
  const runs = fuzzRuns(100) * 10;
  fc.assert(
    fc.property(sources, fc.nat(), (source, at) => {
      const javascript = prepared(source + EXPORT);
      if (javascript === null) return;
      accepted++;
      assert.doesNotMatch(javascript, /\bimport\b/);
      if (!compiles(javascript)) return;
      const tokens: Token[] = [];
      parse(javascript, { ecmaVersion: "latest", onToken: tokens });
      assert.ok(compiles(withTextsReplaced(javascript, tokens)), javascript);
      const code = tokens.filter(({ type }) => !TEMPLATE_PARTS.includes(type.label));
      const { end } = code[at % code.length]!;
      assert.ok(!compiles(`${javascript.slice(0, end)} @ ${javascript.slice(end)}`), javascript);
    }),
    { numRuns: runs },
  );
  assert.ok(accepted > runs / 50, `only ${accepted} texts were accepted`);
});

function prepared(source: string): string | null {
  try {
    return prepareScript(source, "x.ts").javascript;
  } catch (error) {
    assert.ok(error instanceof AppError && error.code === "SCRIPT_REFUSED", String(error));
    return null;
  }
}

/** Compiles, and runs nothing. */
function compiles(javascript: string): boolean {
  try {
    new Function(`return ${javascript}`);
    return true;
  } catch (error) {
    assert.ok(error instanceof SyntaxError);
    return false;
  }
}

/** After these begins a text. */
const TEMPLATE_PARTS = ["template", "`", "}"];

/** Every string, pattern and piece of a template filled with a character that is nowhere good in code. */
function withTextsReplaced(text: string, tokens: readonly Token[]): string {
  let result = "";
  let position = 0;
  for (const { type, start, end } of tokens) {
    if (!["string", "regexp", "template"].includes(type.label)) continue;
    const [first, last] = type.label === "template"
      ? [start, end]
      : type.label === "string"
      ? [start + 1, end - 1]
      : [start + 1, text.slice(0, end).lastIndexOf("/")];
    result += `${text.slice(position, first)}@`;
    position = last;
  }
  return result + text.slice(position);
}
