/**
 * From the TypeScript of an auth script to the one expression the sandbox evaluates.
 *
 * The module is not imported but taken apart: types become spaces, the rest is parsed and checked, and
 * the tree without its `export`s is printed as the body of an async function that returns the two functions
 * of the contract. The printed text is read once more: it must be the same tree, and hold the word
 * `import` nowhere.
 */
import type { Declaration, Identifier, Literal, Node, Program } from "acorn";
import { printTree } from "./print_tree.ts";
import { checkEvaluated, parseScript, refused } from "./static_checks.ts";
import { stripTypes } from "./strip_types.ts";

export type ScriptExport = "acquire_token" | "refresh_token";

export interface PreparedScript {
  /** An expression: a promise of `{ acquire_token, refresh_token? }`. */
  readonly javascript: string;
  readonly exports: ReadonlySet<ScriptExport>;
  /** The line of the TypeScript source for a line of `javascript`; `null` when it is none of the script's. */
  readonly lineOf: (line: number) => number | null;
}

const CONTRACT: readonly ScriptExport[] = ["acquire_token", "refresh_token"];

/** Lines of `javascript` before the script's own. */
const LINES_BEFORE = 1;

/** @throws {AppError} `SCRIPT_REFUSED` with `details: { file, line }`. */
export function prepareScript(source: string, fileName: string): PreparedScript {
  try {
    return prepared(source, fileName);
  } catch (thrown) {
    if (thrown instanceof RangeError) throw refused(fileName, null, "it is nested too deeply");
    throw thrown;
  }
}

function prepared(source: string, fileName: string): PreparedScript {
  const text = stripTypes(source.replace(/^\uFEFF/, ""), fileName);
  const program = parseScript(text, fileName);
  const { locals, statements } = readExports(program);
  if (!locals.has("acquire_token")) {
    throw refused(fileName, null, "it exports no function `acquire_token`");
  }
  const printed = printTree(statements);
  const members = [...locals].map(([name, local]) => `${name}: ${local}`).join(", ");
  const javascript =
    `(async function () {"use strict";\n${printed.text}\n;return { ${members} };\n})()`;
  const lineOf = originalLines(printed.lines, printed.text.split("\n").length);
  checkEvaluated(javascript, { statements, fileName, lineOf });
  return { javascript, exports: new Set(locals.keys()), lineOf };
}

/** A line that begins nothing belongs to what began before it. */
function originalLines(
  lines: ReadonlyMap<number, number>,
  count: number,
): (line: number) => number | null {
  return (line) => {
    let own = line - LINES_BEFORE;
    if (own < 1 || own > count) return null;
    while (own > 1 && !lines.has(own)) own--;
    return lines.get(own) ?? null;
  };
}

/** The local names behind the contract's exports, and the statements without their `export`. */
function readExports(
  { body }: Program,
): { locals: Map<ScriptExport, string>; statements: Node[] } {
  const exported = body.flatMap((node) => node.type === "ExportNamedDeclaration" ? [node] : []);
  const names = new Map(exported.flatMap(({ specifiers, declaration }) => [
    ...specifiers.map((one) => [nameOf(one.exported), nameOf(one.local)] as const),
    ...declaredNames(declaration).map((name) => [name, name] as const),
  ]));
  const locals = CONTRACT.filter((name) => names.has(name))
    .map((name) => [name, names.get(name)!] as const);
  const statements = body.flatMap((node): Node[] =>
    node.type !== "ExportNamedDeclaration" ? [node] : node.declaration ? [node.declaration] : []
  );
  return { locals: new Map(locals), statements };
}

function nameOf(node: Identifier | Literal): string {
  return node.type === "Identifier" ? node.name : String(node.value);
}

function declaredNames(declaration: Declaration | null | undefined): string[] {
  if (!declaration) return [];
  const ids = declaration.type === "VariableDeclaration"
    ? declaration.declarations.map(({ id }) => id)
    : [declaration.id];
  return ids.flatMap((id) => id.type === "Identifier" ? [id.name] : []);
}
