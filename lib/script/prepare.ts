/**
 * From the TypeScript of an auth script to the one expression the sandbox evaluates.
 *
 * The module is not imported but rewritten: types become spaces, `export` keywords become spaces,
 * comments become spaces, and the whole becomes the body of an async function that returns the
 * two functions of the contract. Every line stays where it was. Text inside string, regular expression
 * and template literals that reads like an import or an HTML comment is spelled with escapes, because the
 * evaluator refuses such text wherever it stands.
 */
import type { Node, Program, Token } from "acorn";
import {
  checkEvaluated,
  nodesOf,
  type ParsedScript,
  parseScript,
  refused,
} from "./static_checks.ts";
import { stripTypes } from "./strip_types.ts";

export type ScriptExport = "acquire_token" | "refresh_token";

export interface PreparedScript {
  /** An expression: a promise of `{ acquire_token, refresh_token? }`. Lines as in the source. */
  readonly javascript: string;
  readonly exports: ReadonlySet<ScriptExport>;
  /** The line of the TypeScript source for a line of `javascript`; `null` when it is none of the script's. */
  readonly lineOf: (line: number) => number | null;
}

const CONTRACT: readonly ScriptExport[] = ["acquire_token", "refresh_token"];

/** @throws {AppError} `SCRIPT_REFUSED` with `details: { file, line }`. */
export function prepareScript(source: string, fileName: string): PreparedScript {
  const text = stripTypes(source.replace(/^\uFEFF/, ""), fileName);
  const parsed = parseScript(text, fileName);
  const { locals, edits } = readExports(text, parsed.program);
  if (!locals.has("acquire_token")) {
    throw refused(fileName, null, "it exports no function `acquire_token`");
  }
  const body = applyEdits(text, [...edits, ...textEdits(text, parsed)]);
  const members = [...locals].map(([name, local]) => `${name}: ${local}`).join(", ");
  const javascript = `(async function () {"use strict"; ${body}\n;return { ${members} };\n})()`;
  checkEvaluated(javascript, fileName);
  const lines = text.split("\n").length;
  return {
    javascript,
    exports: new Set(locals.keys()),
    lineOf: (line) => line >= 1 && line <= lines ? line : null,
  };
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The local names behind the contract's exports, and the edits that take the `export` syntax away. */
function readExports(
  text: string,
  program: Program,
): { locals: Map<ScriptExport, string>; edits: Edit[] } {
  const locals = new Map<ScriptExport, string>();
  const edits: Edit[] = [];
  const note = (exported: string, local: string) => {
    const name = CONTRACT.find((candidate) => candidate === exported);
    if (name !== undefined) locals.set(name, local);
  };
  for (const node of program.body) {
    if (node.type !== "ExportNamedDeclaration") continue;
    for (const specifier of node.specifiers) {
      note(nameOf(specifier.exported), nameOf(specifier.local));
    }
    for (const name of declaredNames(node.declaration)) note(name, name);
    const end = node.declaration ? node.start + "export".length : node.end;
    edits.push(blank(text, { start: node.start, end }));
  }
  return { locals, edits };
}

function nameOf(node: { type: "Identifier"; name: string } | { type: "Literal"; value?: unknown }) {
  return node.type === "Identifier" ? node.name : String(node.value);
}

function declaredNames(declaration: Node | null | undefined): string[] {
  if (!declaration) return [];
  if ("id" in declaration) return identifierName(declaration.id);
  if (!("declarations" in declaration) || !Array.isArray(declaration.declarations)) return [];
  return declaration.declarations.flatMap((declarator: { id: unknown }) =>
    identifierName(declarator.id)
  );
}

function identifierName(id: unknown): string[] {
  const named = typeof id === "object" && id !== null && "name" in id ? id.name : undefined;
  return typeof named === "string" ? [named] : [];
}

/** Edits that leave the meaning alone: comments away, suspicious text in literals escaped. */
function textEdits(text: string, { program, tokens, comments }: ParsedScript): Edit[] {
  return [
    ...comments.map((comment) => blank(text, comment)),
    ...literalEdits(text, tokens, taggedQuasis(program)),
    ...operatorEdits(text, tokens),
  ];
}

function blank(text: string, { start, end }: Pick<Edit, "start" | "end">): Edit {
  return { start, end, text: text.slice(start, end).replaceAll(/[^\r\n\u2028\u2029]/g, " ") };
}

/** Offsets of template pieces whose raw spelling a tag function could see. */
function taggedQuasis(program: Program): Set<number> {
  const starts = new Set<number>();
  for (const node of nodesOf(program)) {
    if (node.type !== "TaggedTemplateExpression" || !("quasi" in node)) continue;
    const template = node.quasi as { quasis: readonly Node[] };
    for (const quasi of template.quasis) starts.add(quasi.start);
  }
  return starts;
}

const LITERALS = new Set(["string", "regexp", "template"]);

function literalEdits(text: string, tokens: readonly Token[], untouched: Set<number>): Edit[] {
  const edits: Edit[] = [];
  for (const { type, start, end } of tokens) {
    if (!LITERALS.has(type.label) || untouched.has(start)) continue;
    const raw = text.slice(start, end);
    const spelled = raw.replaceAll("<!--", "<!-\\x2d").replaceAll("-->", "--\\x3e")
      .replaceAll(/\bimport(?=\s*[(/])/g, "impor\\x74");
    if (spelled !== raw) edits.push({ start, end, text: spelled });
  }
  return edits;
}

/** `n-->0` is an operator in a module and perhaps a comment in a script: a space makes it an operator in both. */
function operatorEdits(text: string, tokens: readonly Token[]): Edit[] {
  return tokens
    .filter(({ start, end }) => text.slice(start, end) === "--" && text[end] === ">")
    .map(({ end }) => ({ start: end, end, text: " " }));
}

/** An edit inside another one, as of a comment in a list of exports, is part of it. */
function applyEdits(text: string, edits: readonly Edit[]): string {
  const ordered = edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
  let result = "";
  let position = 0;
  for (const edit of ordered) {
    if (edit.start < position) continue;
    result += text.slice(position, edit.start) + edit.text;
    position = edit.end;
  }
  return result + text.slice(position);
}
