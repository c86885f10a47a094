/**
 * What is refused before a script runs, decided on its syntax tree: every form of import, `export …
 * from`, default exports and `import.meta`. The sandbox denies modules a second time at run time; this
 * check is the one that can say where.
 */
import { type Node, type Options, parse, type Program } from "acorn";
import { AppError } from "../base/error.ts";
import { sameTree } from "./same_tree.ts";

/** Longest accepted script, in UTF-16 units. */
const MAX_SCRIPT_LENGTH = 262_144;

/** @throws {AppError} `SCRIPT_REFUSED`. */
export function refuseLength(source: string, fileName: string): void {
  if (source.length > MAX_SCRIPT_LENGTH) {
    throw refused(fileName, null, `it is longer than ${MAX_SCRIPT_LENGTH} characters`);
  }
}

/**
 * Parses a script as an ECMAScript module and refuses module syntax that reaches outside it.
 *
 * @throws {AppError} `SCRIPT_REFUSED` with `details: { file, line }`.
 */
export function parseScript(javascript: string, fileName: string): Program {
  const program = parseOrRefuse(javascript, fileName, { sourceType: "module", locations: true });
  refuseModuleAccess(program, javascript, fileName);
  return program;
}

export interface Evaluated {
  /** What was printed. */
  readonly statements: readonly Node[];
  readonly fileName: string;
  /** The line of the source for one of the text. */
  readonly lineOf: (line: number) => number | null;
}

/**
 * Checks the very text that will be evaluated. No parser is trusted with the question whether it imports:
 * the engine takes no escaped keyword, so a text without the word has none. Read once more, it is the
 * tree that was checked, between the wrapper's first and last statement.
 *
 * @throws {AppError} `SCRIPT_REFUSED` with `details: { file, line }`.
 */
export function checkEvaluated(text: string, { statements, fileName, lineOf }: Evaluated): void {
  const suspect = Math.max(text.search(IMPORT), text.search(HTML_COMMENT));
  if (suspect >= 0) {
    throw refused(
      fileName,
      lineOf(lineAt(text, suspect)),
      "a tagged template or a name there reads like a comment or an import; write it differently",
    );
  }
  const program = parseOrRefuse(text, fileName, { sourceType: "script" });
  if (!sameTree(wrapped(program), statements)) {
    throw refused(fileName, null, "it cannot be written down without changing its meaning");
  }
}

/** The word alone, as the engine takes it: no keyword holds an escape (ECMA-262 section 12.7.2). */
export const IMPORT = /\bimport\b/;

/** HTML-like comments (ECMA-262 annex B.1.1), which the evaluator of the sandbox refuses by text. */
const HTML_COMMENT = /<!--|-->/;

/** The statements within `(async function () {"use strict"; … ;return { … };})()`. */
function wrapped(program: Program): readonly Node[] {
  const [statement, ...more] = program.body;
  const call = statement?.type === "ExpressionStatement" ? statement.expression : null;
  const wrapper = call?.type === "CallExpression" ? call.callee : null;
  if (more.length > 0 || wrapper?.type !== "FunctionExpression") return [];
  // Before the `return` stands the empty statement that ends whatever was printed.
  return wrapper.body.body.slice(1, -2);
}

/** Every node of a tree, parents first. */
export function* nodesOf(root: Node): Generator<Node> {
  const pending: Node[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    yield node;
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (isNode(child)) pending.push(child);
      }
    }
  }
}

export function refused(fileName: string, line: number | null, problem: string): AppError {
  const place = line === null ? `"${fileName}"` : `"${fileName}" line ${line}`;
  return new AppError("SCRIPT_REFUSED", `Cannot run script ${place}: ${problem}`, {
    hint: "An auth script uses Web globals and the injected helpers only; see docs/security.md",
    details: { file: fileName, line },
  });
}

function refuseModuleAccess(program: Program, text: string, fileName: string): void {
  for (const node of nodesOf(program)) {
    const problem = problemOf(node);
    if (problem !== null) throw refused(fileName, lineAt(text, node.start), problem);
  }
}

const REFUSED: Readonly<Record<string, string>> = {
  ImportDeclaration: "imports are not allowed",
  ImportExpression: "imports are not allowed",
  ExportAllDeclaration: "`export … from` is not allowed",
  ExportDefaultDeclaration: "default exports are not allowed; export the functions by name",
};

function problemOf(node: Node): string | null {
  if (isImportMeta(node)) return "`import.meta` is not allowed";
  const isFrom = node.type === "ExportNamedDeclaration" && "source" in node && node.source;
  return REFUSED[isFrom ? "ExportAllDeclaration" : node.type] ?? null;
}

function isImportMeta(node: Node): boolean {
  return "meta" in node && isNode(node.meta) && "name" in node.meta && node.meta.name === "import";
}

function parseOrRefuse(
  text: string,
  fileName: string,
  options: Pick<Options, "sourceType" | "locations">,
): Program {
  try {
    return parse(text, { ...options, ecmaVersion: "latest" });
  } catch (thrown) {
    if (thrown instanceof RangeError) throw refused(fileName, null, "it is nested too deeply");
    if (!(thrown instanceof SyntaxError)) throw thrown;
    const position = "pos" in thrown && typeof thrown.pos === "number" ? thrown.pos : null;
    const message = thrown.message.replace(/ \(\d+:\d+\)$/, "");
    throw refused(fileName, position === null ? null : lineAt(text, position), message);
  }
}

/** 1-based. */
function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value &&
    typeof value.type === "string";
}
