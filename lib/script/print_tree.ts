/**
 * The text that is evaluated, printed from the tree that was checked. acorn and the engine read some texts
 * differently (where a slash begins a regular expression after a line break or a name such as `of`), so
 * what acorn saw is written anew: with every semicolon, without comments, and with no literal in
 * which the engine, or the evaluator of the sandbox, could find an `import` or an HTML-like comment.
 */
import type { Node } from "acorn";
import { generate } from "astring";
import { IMPORT, nodesOf } from "./static_checks.ts";

export interface PrintedTree {
  readonly text: string;
  /** The line of the original for each line of the text that begins something; both from 1. */
  readonly lines: ReadonlyMap<number, number>;
}

/** Prints statements. Literals of the tree are spelled anew in it. */
export function printTree(body: readonly Node[]): PrintedTree {
  const program = { type: "Program", body, start: 0, end: 0 } as unknown as Node;
  for (const node of nodesOf(program)) spell(node as AnyNode);
  const lines = new Map<number, number>();
  const addMapping = ({ generated, original }: Mapping) => {
    if (!lines.has(generated.line)) lines.set(generated.line, original.line);
  };
  const text = generate(program as Parameters<typeof generate>[0], { sourceMap: { addMapping } });
  return { text, lines };
}

interface Mapping {
  readonly generated: { readonly line: number };
  readonly original: { readonly line: number };
}

interface AnyNode extends Node {
  value?: unknown;
  raw?: string | undefined;
  regex?: { pattern: string; flags: string };
  bigint?: string | null;
  quasi?: { quasis: Node[] };
  key?: AnyNode;
  property?: AnyNode;
  name?: string;
  computed?: boolean;
  shorthand?: boolean;
  isTagged?: true;
}

function spell(node: AnyNode): void {
  switch (node.type) {
    case "Literal":
      return spellLiteral(node);
    case "TaggedTemplateExpression":
      // A tag function sees the raw text, which therefore stays; parents come before their children.
      for (const quasi of node.quasi!.quasis) (quasi as AnyNode).isTagged = true;
      return;
    case "TemplateElement":
      return spellTemplate(node);
    case "MemberExpression":
      if (!node.computed && isSuspect(node.property!)) {
        node.property = textLiteral(node.property!);
        node.computed = true;
      }
      return;
    case "Property":
    case "MethodDefinition":
    case "PropertyDefinition":
      if (!node.computed && !node.shorthand && isSuspect(node.key!)) {
        node.key = textLiteral(node.key!);
      }
  }
}

function spellLiteral(node: AnyNode): void {
  if (node.regex !== undefined) {
    node.regex.pattern = spelled(node.regex.pattern);
    node.raw = `/${node.regex.pattern}/${node.regex.flags}`;
  } else if (typeof node.value === "string") {
    node.raw = spelled(JSON.stringify(node.value))
      .replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
  }
}

function spellTemplate(node: AnyNode): void {
  const value = node.value as { raw: string; cooked?: string | null };
  if (!node.isTagged) value.raw = spelled(value.raw);
}

function isSuspect({ type, name }: AnyNode): boolean {
  return type === "Identifier" && IMPORT.test(name!);
}

function textLiteral({ name, start, end, loc }: AnyNode): AnyNode {
  const literal = { type: "Literal", value: name, start, end } as unknown as AnyNode;
  if (loc !== undefined) literal.loc = loc;
  spellLiteral(literal);
  return literal;
}

/** `\u0074` is good in strings, templates, patterns with every flag and names of groups alike. */
function spelled(text: string): string {
  return text.replaceAll(/\bimpor(t)\b/g, (_, t: string) => `impor${escaped(t)}`)
    .replaceAll("<!--", `<!-${escaped("-")}`)
    .replaceAll("-->", `--${escaped(">")}`);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
