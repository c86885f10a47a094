/**
 * Path templates as documents write them. OpenAPI has only segments and names in braces (section 4.8.2); real
 * documents also write a query behind the path (`/rpc?method=list&id={id}`), the expressions of RFC 6570
 * (`/search{?q,page}`, `/boats{;id}`, `/boats{.format}`), and a fragment that tells operations apart.
 */
import type { ParameterStyle } from "./operation.ts";

export interface PathTemplate {
  /** Without query and fragment. */
  readonly path: string;
  /** `name=value` pairs of the query, in order, with `{names}` where arguments go. */
  readonly pairs: readonly string[];
}

/** `{?q,page}` and `{&page}`: each name is a query parameter that may be absent. */
const QUERY_EXPRESSION = /\{[?&]([^{}]*)\}/g;

export function splitTemplate(template: string): PathTemplate {
  const [bare = ""] = template.replace(QUERY_EXPRESSION, "").split("#");
  const mark = bare.indexOf("?");
  if (mark < 0) return { path: bare, pairs: [] };
  return { path: bare.slice(0, mark), pairs: pairsOf(bare.slice(mark + 1)) };
}

/** The names in braces, in order, those of query expressions left out. */
export function templateNames(template: string): string[] {
  const { path, pairs } = splitTemplate(template);
  return [...[path, ...pairs].join("&").matchAll(/\{[^{}]+\}/g)]
    .map(([expression]) => readExpression(expression).name);
}

/** Operators that are a style of OpenAPI, too (RFC 6570 sections 3.2.5 and 3.2.7). */
const OPERATORS: Readonly<Record<string, ParameterStyle>> = { ".": "label", ";": "matrix" };

/** The name in braces, and how an operator before it has it written; `style: null` leaves that to the parameter. */
export function readExpression(
  text: string,
): { readonly name: string; readonly style: ParameterStyle | null; readonly explode: boolean } {
  const inner = text.replace(/^\{([^{}]*)\}$/, "$1");
  const style = OPERATORS[inner[0] ?? ""] ?? null;
  const name = style === null ? inner : inner.slice(1);
  return style !== null && name.endsWith("*")
    ? { name: name.slice(0, -1), style, explode: true }
    : { name, style, explode: false };
}

/** The names of query expressions. RFC 6570 modifiers (`ids*`, `name:3`) are no part of a name. */
export function expressionNames(template: string): string[] {
  return [...template.matchAll(QUERY_EXPRESSION)].flatMap(([, names = ""]) => names.split(","))
    .map((name) => name.trim().replace(/(?:\*|:\d+)$/, "")).filter((name) => name !== "");
}

/** The pairs of a query as it stands. */
export function pairsOf(query: string): string[] {
  return query.split("&").filter((pair) => pair !== "");
}

/** One query of lists of pairs; where two have a name in common, the pairs of the later list stand. */
export function mergedQuery(...lists: readonly (readonly string[])[]): string {
  return lists.reduce<readonly string[]>((pairs, later) => {
    const names = new Set(later.map(pairName));
    return [...pairs.filter((pair) => !names.has(pairName(pair))), ...later];
  }, []).join("&");
}

function pairName(pair: string): string {
  return pair.split("=", 1)[0]!;
}
