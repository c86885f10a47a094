/**
 * The rules of the analysis: functions whose doc comment says `@rule off: VALUE`, and the code with a switch
 * in each. A rule that is off answers VALUE, an expression that may use the parameters.
 */
import { parse } from "acorn";
import { stripTypes } from "../../lib/script/strip_types.ts";

export interface Rule {
  readonly name: string;
  /** Below lib/. */
  readonly file: string;
  readonly off: string;
  /** The body, braces included, as offsets into the file's text. */
  readonly start: number;
  readonly end: number;
}

const TAG = /@rule off: (.+?)\s*(?:\*|$)/m;

interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** @throws {Error} for a tag that no function follows. */
export function rulesIn(file: string, text: string): Rule[] {
  if (!text.includes("@rule")) return [];
  const code = stripTypes(withoutParameterProperties(text), file);
  const tags: { off: string; end: number }[] = [];
  const program = parse(code, {
    ecmaVersion: "latest",
    sourceType: "module",
    onComment: (isBlock, comment, _start, end) => {
      const off = isBlock ? TAG.exec(comment)?.[1] : undefined;
      if (off !== undefined) tags.push({ off, end });
    },
  });
  const functions = functionsIn(program as unknown as SyntaxNode);
  return tags.map(({ off, end }) => {
    const next = functions.filter(({ at }) => at >= end).sort((a, b) => a.at - b.at)[0];
    const isNext = next !== undefined && /^\s*(export )?$/.test(code.slice(end, next.at));
    if (!isNext) throw new Error(`${file}: no function follows "@rule off: ${off}"`);
    return { name: next.name, file, off, start: next.body.start, end: next.body.end };
  });
}

/** The one syntax that cannot be stripped in place, blanked so that every offset stays. */
function withoutParameterProperties(text: string): string {
  return text.replace(
    /\bconstructor\([^)]*\)/g,
    (parameters) =>
      parameters.replace(
        /\b(private|protected|public|readonly)\b/g,
        (word) => " ".repeat(word.length),
      ),
  );
}

interface NamedFunction {
  readonly name: string;
  readonly at: number;
  readonly body: SyntaxNode;
}

/** Function declarations, methods and getters, however deep. */
function functionsIn(node: SyntaxNode, owner = ""): NamedFunction[] {
  const name = (node["id"] as { name?: string } | null | undefined)?.name ?? "";
  const found: NamedFunction[] = [];
  if (node.type === "FunctionDeclaration") {
    found.push({ name, at: node.start, body: node["body"] as SyntaxNode });
  } else if (node.type === "MethodDefinition") {
    const key = node["key"] as { name: string; type: string };
    const body = (node["value"] as SyntaxNode)["body"] as SyntaxNode;
    const sign = key.type === "PrivateIdentifier" ? "#" : "";
    found.push({ name: `${owner}.${sign}${key.name}`, at: node.start, body });
  }
  const inside = node.type === "ClassDeclaration" ? name : owner;
  const children = Object.values(node).flatMap((value) => Array.isArray(value) ? value : [value]);
  return [...found, ...children.filter(isNode).flatMap((child) => functionsIn(child, inside))];
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

/** The text of a file whose rules ask `switchRule` each time whether they are on. */
export function withSwitches(text: string, rules: readonly Rule[]): string {
  return rules.toSorted((a, b) => b.start - a.start).reduce((changed, rule) => {
    const body = changed.slice(rule.start, rule.end);
    const asking = `{ return switchRule(${
      JSON.stringify(keyOf(rule))
    }, () => ${body}, () => (${rule.off})); }`;
    return changed.slice(0, rule.start) + asking + changed.slice(rule.end);
  }, text);
}

export function keyOf({ file, name }: Pick<Rule, "file" | "name">): string {
  return `${file} ${name}`;
}
