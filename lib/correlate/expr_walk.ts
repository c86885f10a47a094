/** Walking and rewriting the expressions of steps and results. */
import type { BodyTemplate, Expr, JsonTemplate, ResultTemplate, Step } from "./flow.ts";

/** Every expression of a step, outermost first. */
export function stepExprs(step: Step): Expr[] {
  const url = step.url.kind === "whole"
    ? [step.url.expr]
    : [...step.url.segments, ...step.url.query.map(([, expr]) => expr)];
  return [
    ...url,
    ...step.headers.map(([, expr]) => expr),
    ...step.cookies.flatMap(({ value }) => value.kind === "client" ? [value.expr] : []),
    ...(step.body === null ? [] : bodyExprs(step.body)),
  ];
}

function bodyExprs(body: BodyTemplate): Expr[] {
  switch (body.kind) {
    case "json":
      return jsonExprs(body.value);
    case "text":
      return [body.value];
    default:
      return body.fields.map(([, expr]) => expr);
  }
}

function jsonExprs(template: JsonTemplate): Expr[] {
  switch (template.kind) {
    case "literal":
      return [];
    case "expr":
      return [template.expr];
    case "object":
      return template.entries.flatMap(([, item]) => jsonExprs(item));
    case "array":
      return template.items.flatMap(jsonExprs);
  }
}

/** Every expression of a result. */
export function resultExprs(result: ResultTemplate): Expr[] {
  const expires = result.expiresIn;
  return [
    ...result.headers.map(([, expr]) => expr),
    ...(result.cookies?.client ?? []).map(([, expr]) => expr),
    ...result.bodyParams.map(([, expr]) => expr),
    ...result.queryParams.map(([, expr]) => expr),
    ...result.computed.flatMap(({ username, password }) => [username, password]),
    ...(result.refreshToken === null ? [] : [result.refreshToken]),
    ...(expires?.kind === "expr" ? [expires.expr] : []),
    ...(expires?.kind === "jwt-exp" ? [expires.token] : []),
  ];
}

/** The atoms (`input`, `extracted`, `generated`, …) inside an expression. */
export function atoms(expr: Expr): Expr[] {
  switch (expr.kind) {
    case "concat":
      return expr.parts.flatMap(atoms);
    case "transform":
      return expr.args.flatMap(atoms);
    default:
      return [expr];
  }
}

/** The expression with every atom replaced by `replace(atom)`. */
export function mapAtoms(expr: Expr, replace: (atom: Expr) => Expr): Expr {
  switch (expr.kind) {
    case "concat":
      return { ...expr, parts: expr.parts.map((part) => mapAtoms(part, replace)) };
    case "transform":
      return { ...expr, args: expr.args.map((arg) => mapAtoms(arg, replace)) };
    default:
      return replace(expr);
  }
}

/** The step with every expression rewritten. */
export function mapStep(step: Step, rewrite: (expr: Expr) => Expr): Step {
  const pairs = <T extends string>(list: readonly (readonly [T, Expr])[]) =>
    list.map(([name, expr]) => [name, rewrite(expr)] as const);
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
      return { ...body, fields: body.fields.map(([name, expr]) => [name, rewrite(expr)] as const) };
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
