/** A login flow in a line per thing, for comparison: `s2 body password = $password`. */
import type {
  Analysis,
  BodyTemplate,
  Expr,
  Extraction,
  JsonTemplate,
  LoginFlow,
  ResultTemplate,
  Step,
} from "../../lib/correlate/flow.ts";

/** `"text"`, `$input`, `{extraction}`, `~generated`, `op(…)`, joined by ` + `. */
function exprText(expr: Expr): string {
  switch (expr.kind) {
    case "constant":
      return JSON.stringify(expr.value);
    case "input":
      return `$${expr.input}`;
    case "extracted":
      return `{${expr.extraction}}`;
    case "generated":
      return `~${expr.generated}`;
    case "refresh-token":
      return "@refresh_token";
    case "concat":
      return expr.parts.map(exprText).join(" + ");
    case "transform":
    case "call":
      return `${expr.kind === "call" ? expr.function : expr.op}(${
        expr.args.map(exprText).join(", ")
      })`;
  }
}

/** The flow of an analysis; throws where there is none. */
export function flowOf(analysis: Analysis): LoginFlow {
  if (analysis.kind === "flow" || analysis.kind === "draft") return analysis.flow;
  throw new Error(`${analysis.kind}: ${analysis.reasons.join("; ")}`);
}

/** Steps, then the result, then the refresh. */
export function flowLines(flow: LoginFlow): string[] {
  return [
    ...flow.steps.flatMap(stepLines),
    ...resultLines("result", flow.result),
    ...(flow.refresh?.steps ?? []).flatMap(stepLines),
    ...(flow.refresh === null
      ? []
      : resultLines(`refreshed (${flow.refresh.source})`, flow.refresh.result)),
  ];
}

/** The lines that begin with one of these words. */
export function linesOf(flow: LoginFlow, ...beginnings: readonly string[]): string[] {
  return flowLines(flow).filter((line) =>
    beginnings.some((beginning) => line.startsWith(`${beginning} `))
  );
}

function stepLines(step: Step): string[] {
  const { id } = step;
  const url = step.url.kind === "whole"
    ? `{${exprText(step.url.expr)}}`
    : `${step.url.origin}/${
      step.url.segments.map((segment) =>
        segment.kind === "constant" ? segment.value : exprText(segment)
      ).join("/")
    }`;
  return [
    `${id} ${step.method} ${url}${step.submitsCredentials ? " (credentials)" : ""}`,
    ...(step.url.kind === "parts" ? step.url.query : [])
      .map(([name, expr]) => `${id} query ${name} = ${exprText(expr)}`),
    ...step.headers.map(([name, expr]) => `${id} header ${name} = ${exprText(expr)}`),
    ...step.cookies.map(({ name, value }) =>
      `${id} cookie ${name} = ${value.kind === "jar" ? "jar" : exprText(value.expr)}`
    ),
    ...(step.body === null ? [] : bodyLines(step.body)).map((line) => `${id} body ${line}`),
    ...step.extractions.map((extraction) => `${id} gives ${extractionText(extraction)}`),
  ];
}

function extractionText({ id, locator, openers }: Extraction): string {
  return `${id} <- ${[locatorText(locator), ...openers.map(({ kind }) => kind)].join(" ")}`;
}

function locatorText(locator: Extraction["locator"]): string {
  switch (locator.kind) {
    case "json":
      return `json ${locator.path.join(".")}`;
    case "location-param":
      return `${locator.part} ${locator.name}`;
    case "attribute":
      return `${locator.selector} ${locator.attribute}`;
    case "cookie":
    case "header":
    case "form-field":
    case "meta":
      return `${locator.kind} ${locator.name}`;
    default:
      return locator.kind;
  }
}

function bodyLines(body: BodyTemplate): string[] {
  switch (body.kind) {
    case "text":
      return [`= ${exprText(body.value)}`];
    case "json":
      return jsonLines(body.value, []);
    default:
      return body.fields.map(([name, expr]) => `${name} = ${exprText(expr)}`);
  }
}

function jsonLines(template: JsonTemplate, path: readonly (string | number)[]): string[] {
  switch (template.kind) {
    case "literal":
      return [`${path.join(".")} = ${JSON.stringify(template.value)}`];
    case "expr":
      return [
        `${path.join(".")} = ${exprText(template.expr)}${
          template.as === "string" ? "" : ` as ${template.as}`
        }`,
      ];
    case "object":
      return template.entries.flatMap(([key, item]) => jsonLines(item, [...path, key]));
    case "array":
      return template.items.flatMap((item, index) => jsonLines(item, [...path, index]));
  }
}

function resultLines(label: string, result: ResultTemplate): string[] {
  const { cookies, expiresIn } = result;
  return [
    ...result.headers.map(([name, expr]) => `header ${name} = ${exprText(expr)}`),
    ...(cookies?.names ?? []).map((name) => `cookie ${name}`),
    ...(cookies?.client ?? []).map(([name, expr]) => `client cookie ${name} = ${exprText(expr)}`),
    ...result.queryParams.map(([name, expr]) => `query ${name} = ${exprText(expr)}`),
    ...result.bodyParams.map(([path, expr]) => `body ${path} = ${exprText(expr)}`),
    ...result.computed.map(({ kind, username, password }) =>
      `${kind} ${exprText(username)} ${exprText(password)}`
    ),
    ...(result.refreshToken === null ? [] : [`refresh token = ${exprText(result.refreshToken)}`]),
    ...(expiresIn === null ? [] : [`expires ${lifetimeText(expiresIn)}`]),
  ].map((line) => `${label} ${line}`);
}

function lifetimeText(expires: NonNullable<ResultTemplate["expiresIn"]>): string {
  switch (expires.kind) {
    case "expr":
      return exprText(expires.expr);
    case "jwt-exp":
      return `exp of ${exprText(expires.token)}`;
    case "constant":
      return String(expires.seconds);
  }
}
