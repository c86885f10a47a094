/** Walking and rewriting the expressions of steps and results. */
import type { BodyTemplate, Expr, JsonTemplate, ResultTemplate, Step } from "./flow.ts";

/** Every expression of a step, outermost first. */
export function stepExprs(step: Step): Expr[] {
  return visited((visit) => mapStep(step, visit));
}

/** Every expression of a result. */
export function resultExprs(result: ResultTemplate): Expr[] {
  return visited((visit) => mapResult(result, visit));
}

function visited(walk: (visit: (expr: Expr) => Expr) => void): Expr[] {
  const found: Expr[] = [];
  walk((expr) => {
    found.push(expr);
    return expr;
  });
  return found;
}

/** The atoms (`input`, `extracted`, `generated`, …) inside an expression. */
export function atoms(expr: Expr): Expr[] {
  const inner = innerExprs(expr);
  return inner === null ? [expr] : inner.flatMap(atoms);
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
  switch (expr.kind) {
    case "concat":
      return { ...expr, parts: expr.parts.map((part) => mapAtoms(part, replace)) };
    case "transform":
    case "call":
      return { ...expr, args: expr.args.map((arg) => mapAtoms(arg, replace)) };
    default:
      return replace(expr);
  }
}

/** The step with every expression rewritten. */
export function mapStep(step: Step, rewrite: (expr: Expr) => Expr): Step {
  const pairs = pairsThrough(rewrite);
  return {
    ...step,
    url: step.url.kind === "whole" ? { kind: "whole", expr: rewrite(step.url.expr) } : {
      ...step.url,
      segments: step.url.segments.map(rewrite),
      query: pairs(step.url.query),
    },
    headers: pairs(step.headers),
    cookies: step.cookies.map((cookie) =>
      cookie.value.kind === "client"
        ? { ...cookie, value: { kind: "client" as const, expr: rewrite(cookie.value.expr) } }
        : cookie
    ),
    body: step.body === null ? null : mapBody(step.body, rewrite),
  };
}

function mapBody(body: BodyTemplate, rewrite: (expr: Expr) => Expr): BodyTemplate {
  switch (body.kind) {
    case "json":
      return { ...body, value: mapJson(body.value, rewrite) };
    case "text":
      return { ...body, value: rewrite(body.value) };
    default:
      return { ...body, fields: pairsThrough(rewrite)(body.fields) };
  }
}

function mapJson(template: JsonTemplate, rewrite: (expr: Expr) => Expr): JsonTemplate {
  switch (template.kind) {
    case "literal":
      return template;
    case "expr":
      return { ...template, expr: rewrite(template.expr) };
    case "object":
      return {
        ...template,
        entries: template.entries.map(([key, item]) => [key, mapJson(item, rewrite)] as const),
      };
    case "array":
      return { ...template, items: template.items.map((item) => mapJson(item, rewrite)) };
  }
}

/** The result with every expression rewritten. */
export function mapResult(result: ResultTemplate, rewrite: (expr: Expr) => Expr): ResultTemplate {
  const pairs = pairsThrough(rewrite);
  const expires = result.expiresIn;
  const mapped: ResultTemplate = {
    ...result,
    computed: result.computed.map((item) => ({
      ...item,
      username: rewrite(item.username),
      password: rewrite(item.password),
    })),
    headers: pairs(result.headers),
    cookies: result.cookies === null
      ? null
      : { ...result.cookies, client: pairs(result.cookies.client) },
    bodyParams: pairs(result.bodyParams),
    queryParams: pairs(result.queryParams),
    refreshToken: result.refreshToken === null ? null : rewrite(result.refreshToken),
    expiresIn: expires?.kind === "expr"
      ? { kind: "expr", expr: rewrite(expires.expr) }
      : expires?.kind === "jwt-exp"
      ? { kind: "jwt-exp", token: rewrite(expires.token) }
      : expires,
  };
  const addresses = mapped.cookies?.addresses?.map(rewrite);
  return addresses === undefined || mapped.cookies === null
    ? mapped
    : { ...mapped, cookies: { ...mapped.cookies, addresses } };
}

/** Rewrites the expressions of a list of names with values. */
function pairsThrough(rewrite: (expr: Expr) => Expr) {
  return (list: readonly (readonly [string, Expr])[]) =>
    list.map(([name, expr]) => [name, rewrite(expr)] as const);
}
