/**
 * Path templates as documents write them. OpenAPI has only segments and names in braces (section 4.8.2); real
 * documents also write a query behind the path (`/rpc?method=list&id={id}`), the expressions of RFC 6570
 * (`/search{?q,page}`, `/files/{+rest}`, `/boats{.format}`), and a fragment that tells operations apart.
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

/** `{/year,month}`: several names with one operator. */
const LIST = /\{([+/.;]?)((?:[\w-]+(?:\*|:\d+)?,)+[\w-]+(?:\*|:\d+)?)\}/g;

/** Operators without a sign of their own have a comma between values (RFC 6570 section 3.2.1). */
function oneByOne(_: string, operator: string, names: string): string {
  const between = operator === "" || operator === "+" ? "," : "";
  return names.split(",").map((name) => `{${operator}${name}}`).join(between);
}

export function splitTemplate(template: string): PathTemplate {
  const [bare = ""] = template.replace(QUERY_EXPRESSION, "").replace(LIST, oneByOne).split("#");
  const mark = bare.indexOf("?");
  if (mark < 0) return { path: bare, pairs: [] };
  return { path: bare.slice(0, mark), pairs: pairsOf(bare.slice(mark + 1)) };
}

/** The names in braces, in order, those of query expressions left out. `isDeclared`: see `readExpression`. */
export function templateNames(template: string, isDeclared: IsDeclared): string[] {
  const { path, pairs } = splitTemplate(template);
  return [...[path, ...pairs].join("&").matchAll(/\{[^{}]+\}/g)]
    .map(([expression]) => readExpression(expression, isDeclared).name);
}

/** The segments of a path; a slash in braces divides none. */
export function templateSegments(path: string): string[] {
  return path.split(/\/(?![^{}]*\})/);
}

type IsDeclared = (name: string) => boolean;

/** What stands in braces, by the parameter it names. */
export interface Expression {
  readonly name: string;
  /** `null` where the parameter says how it is written. */
  readonly style: ParameterStyle | null;
  readonly explode: boolean;
  /** The value may be several segments, divided by its own slashes. */
  readonly isWide: boolean;
  /** Each value is a segment, a slash before it (RFC 6570 section 3.2.6). */
  readonly isSegments: boolean;
  /** Of the value, characters at most; `null` for all (RFC 6570 section 2.4.1). */
  readonly maxLength: number | null;
}

/** Operators that are a style of OpenAPI, too (RFC 6570 sections 3.2.5 and 3.2.7). */
const STYLES: Readonly<Record<string, ParameterStyle>> = { ".": "label", ";": "matrix" };

/** What routers write behind a name that may be several segments. */
const REST = [":path", ":.*", ":.+"];

/**
 * An expression in braces: of RFC 6570 (`{+rest}`, `{/parts*}`, `{;id}`, `{id:3}`), or as routers have it, whose
 * templates come into documents as they are: `{proxy+}`, `{*path}` and `{path:.*}` for the rest of a path,
 * `{id:int}` and `{name=boats/*}` for what a value looks like. A name that the document declares as it stands is a
 * name and nothing else.
 */
export function readExpression(text: string, isDeclared: IsDeclared): Expression {
  const inner = text.replace(/^\{([^{}]*)\}$/, "$1");
  const [, operator = "", name = "", constraint = "", suffix = ""] = isDeclared(inner)
    ? ["", "", inner]
    : /^([+/.;]|\*{1,2}|)([^:=*+]+)([:=][^{}]*?)?([*+])?$/.exec(inner) ?? ["", "", inner];
  const style = STYLES[operator] ?? null;
  const limit = constraint === "" ? "" : constraint + suffix;
  const isRest = REST.includes(limit) || limit.startsWith("=") && /\/|\*\*/.test(limit);
  return {
    name,
    style,
    explode: suffix === "*" && constraint === "",
    isWide: /^(?:\+|\*+)$/.test(operator) || suffix === "+" && constraint === "" || isRest,
    isSegments: operator === "/",
    maxLength: /^:\d{1,4}$/.test(constraint) ? Number(constraint.slice(1)) : null,
  };
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
