/** Walking and rewriting the expressions in plain data: in steps, results, whole flows. */
import type {
  BodyTemplate,
  Expr,
  ExprOver,
  Input,
  JsonTemplate,
  Step,
  UrlTemplate,
} from "./flow.ts";
import type { JsonPath, Place } from "./leaves.ts";

/** The member that each kind of expression has and no other data of that `kind`. */
const MEMBERS: Readonly<Record<Expr["kind"], string>> = {
  "constant": "value",
  "input": "input",
  "extracted": "extraction",
  "generated": "generated",
  "refresh-token": "kind",
  "concat": "parts",
  "transform": "op",
  "call": "function",
};

function isExpr(data: object): data is Expr {
  const { kind = "" } = data as { kind?: string };
  return Object.hasOwn(MEMBERS, kind) && MEMBERS[kind as Expr["kind"]] in data;
}

/** The data with every expression rewritten; of nested ones the outermost. */
export function mapExprs<T>(data: T, rewrite: (expr: Expr) => Expr): T {
  if (typeof data !== "object" || data === null) return data;
  if (Array.isArray(data)) return data.map((item) => mapExprs(item, rewrite)) as T;
  if (isExpr(data)) return rewrite(data) as T;
  const mapped = Object.entries(data).map(([key, value]) => [key, mapExprs(value, rewrite)]);
  return Object.fromEntries(mapped);
}

/** Every expression in the data, of nested ones the outermost. */
export function exprsIn(data: unknown): Expr[] {
  if (typeof data !== "object" || data === null) return [];
  return isExpr(data) ? [data] : Object.values(data).flatMap(exprsIn);
}

type Kind = { readonly kind: string };

/** The atoms (`input`, `extracted`, `generated`, …) inside an expression. */
export function atoms<Atom extends Kind>(expr: ExprOver<Atom>): Atom[] {
  return innerOf(expr)?.flatMap(atoms) ?? [expr as Atom];
}

/** Every expression that an expression is made of, itself first. */
export function partsOf<Atom extends Kind>(expr: ExprOver<Atom>): ExprOver<Atom>[] {
  return [expr, ...(innerOf(expr) ?? []).flatMap(partsOf)];
}

/** What an expression is made of; `null` for an atom. */
export function innerOf<Atom extends Kind>(
  expr: ExprOver<Atom>,
): readonly ExprOver<Atom>[] | null {
  const { parts, args } = expr as { [name in "parts" | "args"]?: readonly ExprOver<Atom>[] };
  return parts ?? args ?? null;
}

/** The same of other things, in their order. */
export function madeOf<Atom extends Kind, T extends ExprOver<Atom>>(
  expr: T,
  inner: readonly ExprOver<Atom>[],
): T {
  return { ...expr, ...expr.kind === "concat" ? { parts: inner } : { args: inner } };
}

/** The expression with every atom replaced by `replace(atom)`. */
export function mapAtoms<Atom extends Kind>(
  expr: ExprOver<Atom>,
  replace: (atom: Atom) => ExprOver<Atom>,
): ExprOver<Atom> {
  const inner = innerOf(expr)?.map((part) => mapAtoms(part, replace));
  return inner === undefined ? replace(expr as Atom) : madeOf(expr, inner);
}

/** Names of what an atom in the data refers to: an input, an extraction, a made value. */
export function namesIn(data: unknown): Set<string> {
  const names = exprsIn(data).flatMap((expr) => atoms(expr)).map(nameOf);
  return new Set(names.filter((name) => name !== undefined));
}

/** Codes and links arrive only after the step that sends them: the step that needs one first. */
export function stepAwaiting({ kind, name }: Input, steps: readonly Step[]): Step | undefined {
  const arrives = kind === "one-time-code" || kind === "link";
  return arrives ? steps.find((step) => namesIn(step).has(name)) : undefined;
}

/** Origin and path, with a mark where a segment is not the same in every session. */
export function plainAddress(url: UrlTemplate & { readonly kind: "parts" }, mark: string): string {
  const path = url.segments.map((one) => one.kind === "constant" ? one.value : mark);
  return `${url.origin}/${path.join("/")}`;
}

/** A value that a request carries, and where. */
export type PlacedExpr = readonly [Place, Expr];

/** Segments and parameters; none of an address that is taken whole. */
export function urlFields(url: UrlTemplate): PlacedExpr[] {
  return url.kind === "whole" ? [] : [
    ...url.segments.map((expr, index): PlacedExpr => [{ kind: "path", index }, expr]),
    ...url.query.map(([name, expr]): PlacedExpr => [{ kind: "query", name }, expr]),
  ];
}

/** Literals of JSON stand as constants. */
export function bodyFields(body: BodyTemplate | null): PlacedExpr[] {
  if (body === null) return [];
  switch (body.kind) {
    case "text":
      return [[{ kind: "text" }, body.value]];
    case "json":
      return jsonFields(body.value, []);
    default: {
      const { kind, fields } = body;
      return fields.map(([name, expr]) => [{ kind, name }, expr]);
    }
  }
}

function jsonFields(template: JsonTemplate, path: JsonPath): PlacedExpr[] {
  switch (template.kind) {
    case "object":
      return template.entries.flatMap(([key, item]) => jsonFields(item, [...path, key]));
    case "array":
      return template.items.flatMap((item, index) => jsonFields(item, [...path, index]));
    case "expr":
      return [[{ kind: "json", path }, template.expr]];
    case "literal":
      return [[{ kind: "json", path }, { kind: "constant", value: String(template.value) }]];
  }
}

/** The data with these names in its expressions renamed. */
export function renamed<T>(data: T, nameFor: (name: string) => string): T {
  const rename = (atom: Expr): Expr => {
    const name = nameOf(atom);
    return name === undefined ? atom : { ...atom, [MEMBERS[atom.kind]]: nameFor(name) };
  };
  return mapExprs(data, (expr) => mapAtoms(expr, rename));
}

/** What an atom refers to. */
export function nameOf(atom: Expr): string | undefined {
  if (atom.kind === "input") return atom.input;
  if (atom.kind === "generated") return atom.generated;
  return atom.kind === "extracted" ? atom.extraction : undefined;
}
