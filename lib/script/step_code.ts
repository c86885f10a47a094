/** One step of a flow as code: the request, the checks on its answer, the values taken from it. */
import type { AnswerFacts } from "../correlate/answer_facts.ts";
import { plainAddress } from "../correlate/expr_walk.ts";
import type { BodyTemplate, Expr, Extraction, Step, UrlTemplate } from "../correlate/flow.ts";
import { quote, type Uses } from "../codec/code.ts";
import { locatorCodec } from "../codec/locators.ts";
import { writePlace } from "../codec/place.ts";
import { exprCode, jsonCode, memberLines } from "./expr_code.ts";

export interface StepContext {
  readonly uses: Uses;
  /** What the recorded answer looked like. */
  readonly answer: AnswerFacts | undefined;
  /** Extractions that an answer may lack. */
  readonly optional: ReadonlySet<string>;
  /** `Step.id` of those before that answer with a page, where the code of this one can name their answers. */
  readonly pages: readonly string[];
  /** An extraction that is assigned again later. */
  readonly reassigned: string | undefined;
  /** An extraction that is taken later. */
  readonly deferred: string | undefined;
}

export function stepCode(step: Step, context: StepContext): string[] {
  const { id, trace, method, status } = step;
  const { uses } = context;
  const client = step.cookies.flatMap(({ name, value }) =>
    value.kind === "client" ? [`${quote(name)}, ${exprCode(value.expr, uses)}`] : []
  );
  const url = urlCode(step.url, uses);
  const address = step.url.kind === "whole"
    ? "the address given before"
    : plainAddress(step.url, "…");
  const target = client.length === 0 ? url : `${id}_url`;
  return [
    ...step.approval === undefined
      ? []
      : [`await wait_user_confirmation(${exprCode(step.approval, uses)});`],
    `// ${trace}: ${method} ${address} → ${status}`,
    ...client.length === 0 ? [] : [`const ${target} = ${url};`],
    ...client.map((cookie) => `session.set_cookie(${target}, ${cookie});`),
    `const ${id} = await ${step.proves === true ? "proving" : "session"}(${target}, {`,
    ...initCode(step, uses),
    "});",
    ...answerCode(step, context),
  ];
}

function initCode({ method, headers, body }: Step, uses: Uses): string[] {
  const type = contentType(body);
  const members = [
    ...memberLines(headers, uses),
    ...type === "" ? [] : [`    "Content-Type": ${quote(type)},`],
  ];
  return [
    ...method === "GET" ? [] : [`  method: ${quote(method)},`],
    '  redirect: "manual",',
    ...members.length === 0 ? [] : ["  headers: {", ...members, "  },"],
    ...body === null ? [] : [`  body: ${bodyCode(body, uses)},`],
  ];
}

/** What the client does not say by itself. */
function contentType(body: BodyTemplate | null): string {
  if (body === null) return "";
  if (body.kind === "json" || body.kind === "text") return body.contentType;
  const { charset } = body;
  return charset === undefined ? "" : `application/x-www-form-urlencoded; charset=${charset}`;
}

function bodyCode(body: BodyTemplate, uses: Uses): string {
  switch (body.kind) {
    case "form":
      return body.charset === undefined
        ? `new URLSearchParams(${pairsCode(body.fields, uses, body.names)})`
        : uses.call(
          "encoded_form",
          quote(body.charset),
          pairsCode(body.fields, uses, body.names),
        );
    case "json":
      return `JSON.stringify(${jsonCode(body.value, "  ", uses)})`;
    case "text":
      return exprCode(body.value, uses);
    case "multipart":
      return `${
        pairsCode(body.fields, uses, body.names)
      }.reduce((form, [name, value]) => (form.append(name!, value!), form), new FormData())`;
  }
}

function pairsCode(
  fields: readonly (readonly [string, Expr])[],
  uses: Uses,
  names: readonly (readonly [string, Expr])[] = [],
): string {
  const taken = new Map(names);
  const pairs = fields.map(([name, expr]) => {
    const made = taken.get(name);
    const code = made === undefined ? quote(name) : exprCode(made, uses);
    return `    [${code}, ${exprCode(expr, uses)}],\n`;
  });
  return pairs.length === 0 ? "[]" : `[\n${pairs.join("")}  ]`;
}

function urlCode(url: UrlTemplate, uses: Uses): string {
  if (url.kind === "whole") return exprCode(url.expr, uses);
  const { origin, segments, query } = url;
  const path = segments.map((segment) =>
    segment.kind === "constant"
      ? encodeSegment(segment.value)
      : `\${${uses.call("path_segment", exprCode(segment, uses))}}`
  ).join("/");
  const search = runsOf(url).map((run) => typeof run === "string" ? run : pairsText(run, uses))
    .join("&");
  const text = `${origin}/${path}${search === "" ? "" : `?${search}`}`;
  const isConstant = query.every(([, expr]) => expr.kind === "constant");
  return isConstant && !path.includes("${") ? quote(text) : `\`${text}\``;
}

type Pairs = Extract<UrlTemplate, { kind: "parts" }>["query"];

/** The parameters of a query with their values, and between them those that are written without one. */
function runsOf({ query, bare = [] }: Extract<UrlTemplate, { kind: "parts" }>): (string | Pairs)[] {
  const runs: (string | Pairs)[] = [];
  for (const pair of query) {
    const [name, expr] = pair;
    const written = expr.kind === "constant" && expr.value === ""
      ? bare.find((one) => new URLSearchParams(one).has(name))
      : undefined;
    const last = runs.at(-1);
    if (written !== undefined) runs.push(written);
    else if (typeof last === "object") runs[runs.length - 1] = [...last, pair];
    else runs.push([pair]);
  }
  return runs;
}

function pairsText(pairs: Pairs, uses: Uses): string {
  const constants = pairs.flatMap(([name, expr]) =>
    expr.kind === "constant" ? [[name, expr.value]] : []
  );
  return constants.length === pairs.length
    ? `${new URLSearchParams(constants)}`
    : `\${new URLSearchParams(${pairsCode(pairs, uses)})}`;
}

/** Characters a path segment may hold as they are (RFC 3986 section 3.3). */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replaceAll(
    /%(3A|40|21|24|26|27|28|29|2A|2B|2C|3B|3D)/g,
    (escape) => decodeURIComponent(escape),
  );
}

/** Checks on the answer, then the values taken from it. */
function answerCode(step: Step, context: StepContext): string[] {
  const { id, trace, status, extractions, submitsCredentials } = step;
  const { answer, uses, deferred } = context;
  const taken = extractions.filter((extraction) => extraction.id !== deferred);
  const text = `${id}_text`;
  const reads = submitsCredentials || extractions.some(readsBody);
  const recorded = [String(status), quote(trace)];
  const calls = submitsCredentials
    ? [uses.call("expect_accepted", id, text, ...recorded), ...refusalChecks(step, context)]
    : [uses.call("expect_status", id, ...recorded)];
  const takes = taken.map((extraction) => takingCode(extraction, step, context));
  const state = answer?.returnedState;
  // RFC 6749 section 10.12.
  const checksState = state != null &&
    taken.some(({ locator }) => locator.kind === state.locator.kind);
  return [
    ...reads ? [`const ${text} = await ${id}.text();`] : [],
    ...calls.map((call) => `${call};`),
    ...takes,
    ...checksState
      ? [stateCheck(writePlace({ ...state, openers: [] }, id, uses), state.generated, uses)]
      : [],
  ];
}

/** What an answer to wrong credentials shows, whatever its status says. */
function refusalChecks(
  { id, status }: Step,
  { answer, uses, pages }: StepContext,
): string[] {
  const { isPage, hasPasswordBox, redirectPath, sessionCookies: [cookie] = [] } = answer ?? {};
  const before = pages.map((page) => `${page}.url`);
  return [
    ...isPage && !hasPasswordBox && status < 300
      ? [uses.call("expect_no_password_form", id, `${id}_text`)]
      : [],
    ...status >= 300 && status < 400 && redirectPath
      ? [uses.call("expect_redirect", id, quote(redirectPath), ...before)]
      : [],
    ...cookie === undefined ? [] : [uses.call("expect_cookie", id, `${id}_text`, quote(cookie))],
  ];
}

function readsBody({ locator }: Extraction): boolean {
  return locatorCodec(locator.kind).readsBody;
}

function takingCode(
  extraction: Extraction,
  { id: step, submitsCredentials }: Step,
  { uses, optional, reassigned }: StepContext,
): string {
  const { id } = extraction;
  const code = writePlace(extraction, step, uses);
  if (optional.has(id)) return `const ${id} = ${code};`;
  const found = submitsCredentials && readsBody(extraction)
    ? uses.call("found_or_refused", code, spoken(id), `${step}_text`, `${step}.status`)
    : uses.call("found", code, spoken(id));
  return `${id === reassigned ? "let" : "const"} ${id} = ${found};`;
}

/** As a message names it. */
export function spoken(id: string): string {
  return quote(id.replaceAll("_", " "));
}

/** The check that a state, given as code, is the one that this run sent. */
export function stateCheck(returned: string, generated: string, uses: Uses): string {
  return `${uses.call("expect_state", returned, generated)};`;
}
