/** One step of a flow as code: the request, the checks on its answer, the values taken from it. */
import type { AnswerFacts, ReturnedState } from "../correlate/answer_facts.ts";
import type { BodyTemplate, Expr, Extraction, Step, UrlTemplate } from "../correlate/flow.ts";
import { key, quote, type Uses } from "../codec/code.ts";
import { locatorCodec } from "../codec/locators.ts";
import { type Place, writePlace } from "../codec/place.ts";
import { exprCode, jsonCode } from "./expr_code.ts";

export interface StepContext {
  readonly uses: Uses;
  /** What the recorded answer looked like. */
  readonly answer: AnswerFacts | undefined;
  /** Extractions that an answer may lack. */
  readonly optional: ReadonlySet<string>;
  /** `Step.id` of those before that answer with a page, where the code of this one can name their answers. */
  readonly pages?: readonly string[];
  /** An extraction that is assigned again later. */
  readonly reassigned?: string | undefined;
  /** An extraction that is taken later. */
  readonly deferred?: string | undefined;
}

export function stepCode(step: Step, context: StepContext): string[] {
  const { uses } = context;
  const lines = [`// ${step.trace}: ${step.method} ${urlComment(step.url)} → ${step.status}`];
  const url = urlCode(step.url, uses);
  const client = step.cookies.flatMap(({ name, value }) =>
    value.kind === "client" ? [[name, value.expr] as const] : []
  );
  const target = client.length === 0 ? url : `${step.id}_url`;
  if (client.length > 0) lines.push(`const ${target} = ${url};`);
  for (const [name, expr] of client) {
    lines.push(`session.set_cookie(${target}, ${quote(name)}, ${exprCode(expr, uses)});`);
  }
  const send = step.proves === true ? "proving" : "session";
  lines.push(`const ${step.id} = await ${send}(${target}, {`, ...initCode(step, uses), "});");
  return [...lines, ...answerCode(step, context)];
}

function initCode(step: Step, uses: Uses): string[] {
  const lines: string[] = [];
  if (step.method !== "GET") lines.push(`  method: ${quote(step.method)},`);
  lines.push('  redirect: "manual",');
  const contentType = step.body?.kind === "json" || step.body?.kind === "text"
    ? step.body.contentType
    : step.body?.kind === "form" && step.body.charset !== undefined
    ? `application/x-www-form-urlencoded; charset=${step.body.charset}`
    : "";
  const headers = step.headers.map(([name, expr]) => `    ${key(name)}: ${exprCode(expr, uses)},`);
  if (contentType !== "") headers.push(`    "Content-Type": ${quote(contentType)},`);
  if (headers.length > 0) lines.push("  headers: {", ...headers, "  },");
  if (step.body !== null) lines.push(`  body: ${bodyCode(step.body, uses)},`);
  return lines;
}

function bodyCode(body: BodyTemplate, uses: Uses): string {
  switch (body.kind) {
    case "form":
      return body.charset === undefined
        ? `new URLSearchParams([${pairsCode(body.fields, uses, body.names)}])`
        : uses.call("encoded_form", quote(body.charset), `[${pairsCode(body.fields, uses)}]`);
    case "json":
      return `JSON.stringify(${jsonCode(body.value, "  ", uses)})`;
    case "text":
      return exprCode(body.value, uses);
    case "multipart":
      return `[${
        pairsCode(body.fields, uses)
      }].reduce((form, [name, value]) => (form.append(name!, value!), form), new FormData())`;
  }
}

function pairsCode(
  fields: readonly (readonly [string, Expr])[],
  uses: Uses,
  names: readonly (readonly [string, Expr])[] = [],
): string {
  if (fields.length === 0) return "";
  const taken = new Map(names);
  const nameCode = (name: string) => {
    const expr = taken.get(name);
    return expr === undefined ? quote(name) : exprCode(expr, uses);
  };
  return `\n${
    fields.map(([name, expr]) => `    [${nameCode(name)}, ${exprCode(expr, uses)}],\n`).join("")
  }  `;
}

function urlCode(url: UrlTemplate, uses: Uses): string {
  if (url.kind === "whole") return exprCode(url.expr, uses);
  const path = url.segments.map((segment) =>
    isConstantExpr(segment)
      ? encodeSegment(constantText(segment))
      : `\${${uses.call("path_segment", exprCode(segment, uses))}}`
  ).join("/");
  const base = `${url.origin}/${path}`;
  if (url.query.length === 0) return path.includes("${") ? `\`${base}\`` : quote(base);
  if (url.query.every(([, expr]) => isConstantExpr(expr))) {
    const query = new URLSearchParams(
      url.query.map(([name, expr]) => [name, constantText(expr)]),
    );
    return path.includes("${") ? `\`${base}?${query}\`` : quote(`${base}?${query}`);
  }
  return `\`${base}?\${new URLSearchParams([${pairsCode(url.query, uses)}])}\``;
}

/** Characters a path segment may hold as they are (RFC 3986 section 3.3). */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replaceAll(
    /%(3A|40|21|24|26|27|28|29|2A|2B|2C|3B|3D)/g,
    (escape) => decodeURIComponent(escape),
  );
}

function isConstantExpr(expr: Expr): boolean {
  return expr.kind === "constant";
}

function constantText(expr: Expr): string {
  return expr.kind === "constant" ? expr.value : "";
}

function urlComment(url: UrlTemplate): string {
  if (url.kind === "whole") return "the address given before";
  return `${url.origin}/${
    url.segments.map((segment) => isConstantExpr(segment) ? constantText(segment) : "…").join("/")
  }`;
}

/** Checks on the answer, then the values taken from it. */
function answerCode(step: Step, context: StepContext): string[] {
  const { answer, uses } = context;
  const lines: string[] = [];
  const id = step.id;
  const checksPage = step.submitsCredentials && answer?.isPage === true &&
    !answer.hasPasswordBox && step.status < 300;
  const reads = step.submitsCredentials ||
    step.extractions.some(({ locator }) => locatorCodec(locator.kind).readsBody);
  if (reads) lines.push(`const ${id}_text = await ${id}.text();`);
  lines.push(
    step.submitsCredentials
      ? `${uses.call("expect_accepted", id, `${id}_text`, String(step.status), quote(step.trace))};`
      : `${uses.call("expect_status", id, String(step.status), quote(step.trace))};`,
  );
  if (checksPage) lines.push(`${uses.call("expect_no_password_form", id, `${id}_text`)};`);
  if (step.submitsCredentials && step.status >= 300 && step.status < 400 && answer?.redirectPath) {
    const pages = (context.pages ?? []).map((page) => `${page}.url`);
    lines.push(`${uses.call("expect_redirect", id, quote(answer.redirectPath), ...pages)};`);
  }
  if (step.submitsCredentials && answer?.sessionCookies[0] !== undefined) {
    lines.push(`${uses.call("expect_cookie", id, `${id}_text`, quote(answer.sessionCookies[0]))};`);
  }
  lines.push(
    ...step.extractions.filter((extraction) => extraction.id !== context.deferred)
      .map((extraction) => takingCode(extraction, step, context)),
  );
  const state = answer?.returnedState ?? null;
  const kind = state?.part === "form" ? "form-field" : "location-param";
  const isAuthorized = step.extractions.some(({ id: taken, locator }) =>
    locator.kind === kind && taken !== context.deferred
  );
  if (state !== null && isAuthorized) {
    lines.push(
      state.part === "form"
        ? stateCheck(writePlace(stateField(state.form), id, uses), state, uses)
        : stateCode(state, uses.call("location_of", id), uses),
    );
  }
  return lines;
}

function takingCode(
  extraction: Extraction,
  { id: step, submitsCredentials }: Step,
  { uses, optional, reassigned }: StepContext,
): string {
  const { id, locator } = extraction;
  const code = writePlace(extraction, step, uses);
  if (optional.has(id)) return `const ${id} = ${code};`;
  const what = quote(id.replaceAll("_", " "));
  const call = submitsCredentials && locatorCodec(locator.kind).readsBody
    ? uses.call("found_or_refused", code, what, `${step}_text`, `${step}.status`)
    : uses.call("found", code, what);
  return `${id === reassigned ? "let" : "const"} ${id} = ${call};`;
}

function stateField(form: number): Place {
  return { locator: { kind: "form-field", form, name: "state" }, openers: [] };
}

/** The check that a redirect target, given as code, answers what this run asked. */
export function stateCode(state: ReturnedState, target: string, uses: Uses): string {
  const name = state.part === "query" ? "query_param" : "fragment_param";
  return stateCheck(uses.call(name, target, quote("state")), state, uses);
}

/** RFC 6749 section 10.12. */
function stateCheck(returned: string, { generated }: ReturnedState, uses: Uses): string {
  return `${uses.call("expect_state", returned, generated)};`;
}
