/** Walking and rewriting the expressions in plain data: in steps, results, whole flows. */
import type { Expr } from "./flow.ts";

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

/** The atoms (`input`, `extracted`, `generated`, …) inside an expression. */
export function atoms(expr: Expr): Expr[] {
  return innerExprs(expr)?.flatMap(atoms) ?? [expr];
}

/** Every expression that an expression is made of, itself first. */
export function partsOf(expr: Expr): Expr[] {
  return [expr, ...(innerExprs(expr) ?? []).flatMap(partsOf)];
}

/** `null` for an atom. */
function innerExprs(expr: Expr): readonly Expr[] | null {
  return expr.kind === "concat" ? expr.parts : "args" in expr ? expr.args : null;
}

/** The expression with every atom replaced by `replace(atom)`. */
export function mapAtoms(expr: Expr, replace: (atom: Expr) => Expr): Expr {
  const map = (part: Expr) => mapAtoms(part, replace);
  if (expr.kind === "concat") return { ...expr, parts: expr.parts.map(map) };
  return "args" in expr ? { ...expr, args: expr.args.map(map) } : replace(expr);
}

/** Names of what an atom in the data refers to: an input, an extraction, a made value. */
export function namesIn(data: unknown): Set<string> {
  const names = exprsIn(data).flatMap(atoms).map(nameOf);
  return new Set(names.filter((name) => name !== undefined));
}

/** The data with these names in its expressions renamed. */
export function renamed<T>(data: T, nameOf: (name: string) => string): T {
  const rename = (atom: Expr): Expr => {
    switch (atom.kind) {
      case "input":
        return { kind: "input", input: nameOf(atom.input) };
      case "generated":
        return { kind: "generated", generated: nameOf(atom.generated) };
      case "extracted":
        return { kind: "extracted", extraction: nameOf(atom.extraction) };
      default:
        return atom;
    }
  };
  return mapExprs(data, (expr) => mapAtoms(expr, rename));
}

function nameOf(atom: Expr): string | undefined {
  if (atom.kind === "input") return atom.input;
  if (atom.kind === "generated") return atom.generated;
  return atom.kind === "extracted" ? atom.extraction : undefined;
}
