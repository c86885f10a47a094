/**
 * A login flow written as an auth script: one request per step with the trace it reproduces, each value
 * named where it is taken, nothing recorded left in but the constants of the client.
 */
import type {
  BodyTemplate,
  Expr,
  Generated,
  Input,
  LoginFlow,
  RefreshFlow,
  ResultTemplate,
  Step,
  UrlTemplate,
} from "../correlate/flow.ts";
import type { AnswerFacts } from "../correlate/answer_facts.ts";
import { ambientDeclarations } from "./ambient.ts";
import { exprCode, extractionCode, jsonCode, key, quote, readsBody, Uses } from "./expr_code.ts";
import { withNeeds } from "./snippets.ts";
import { usedGenerated, usedInputs } from "./first_use.ts";

/** What the generator knows beside the flow. */
export interface ScriptFacts {
  readonly app: string;
  /** Recorded facts per trace: where a redirect led, whether the answer was a page with a password box. */
  readonly answers: ReadonlyMap<string, AnswerFacts>;
}

/** The script's TypeScript source. */
export function generateScript(flow: LoginFlow, facts: ScriptFacts): string {
  const uses = new Uses();
  const acquire = acquireCode(flow, facts, uses);
  const refresh = flow.refresh === null ? "" : `\n${refreshCode(flow, flow.refresh, facts, uses)}`;
  const snippets = withNeeds(uses.snippets).map(({ source }) => source).join("\n\n");
  const body = `${acquire}${refresh}${snippets === "" ? "" : `\n${snippets}\n`}`;
  return `${header(flow, facts)}\n${RESULT_TYPE}\n\n${ambientDeclarations(body)}\n\n${body}`
    .replaceAll(/\n{3,}/g, "\n\n");
}

const RESULT_TYPE = `/** What a login yields; the tool adds it to the app's requests. */
export interface AuthResult {
  headers: Record<string, string>;
  body_params?: Record<string, string>;
  query_params?: Record<string, string>;
  computed?: { kind: "http_digest"; username: string; password: string }[];
  refresh_token?: string;
  expires_in?: number;
}`;

function header(flow: LoginFlow, facts: ScriptFacts): string {
  const asks = flow.inputs.map(({ label }) => label).join(", ") || "nothing";
  return [
    `// How to log in to "${facts.app}", derived from its recording without a model.`,
    `// Asks for: ${asks}. Talks to: ${flow.hosts.join(", ") || "nobody"}.`,
    `// "keysmith auth explain ${facts.app}" shows where each value comes from.`,
    "",
  ].join("\n");
}

function acquireCode(flow: LoginFlow, facts: ScriptFacts, uses: Uses): string {
  const lines: string[] = [];
  const late = lateInputs(flow);
  if (needsSession(flow.steps, flow.result)) lines.push("const session = cookie_session();");
  for (const input of flow.inputs) if (!late.has(input.name)) lines.push(promptCode(input));
  for (const item of usedGenerated(flow.generated, flow.steps, flow.result)) {
    lines.push(generatedCode(item, uses));
  }
  for (const step of flow.steps) {
    for (const name of usedInputs(step)) {
      if (late.get(name) !== step.id) continue;
      lines.push("", promptCode(flow.inputs.find((input) => input.name === name)!));
    }
    lines.push("", ...stepCode(step, facts, uses));
  }
  lines.push("", ...resultCode(flow.result, uses));
  return functionCode("acquire_token()", lines);
}

/** Codes and links arrive only after the step that sends them: they are asked for where first used. */
function lateInputs(flow: LoginFlow): Map<string, string> {
  const late = new Map<string, string>();
  for (const input of flow.inputs) {
    if (input.kind !== "one-time-code" && input.kind !== "link") continue;
    const step = flow.steps.find((candidate) => usedInputs(candidate).includes(input.name));
    if (step !== undefined) late.set(input.name, step.id);
  }
  return late;
}

function refreshCode(
  flow: LoginFlow,
  refresh: RefreshFlow,
  facts: ScriptFacts,
  uses: Uses,
): string {
  const lines: string[] = [];
  if (needsSession(refresh.steps, refresh.result)) lines.push("const session = cookie_session();");
  for (const item of usedGenerated(flow.generated, refresh.steps, refresh.result)) {
    lines.push(generatedCode(item, uses));
  }
  for (const step of refresh.steps) lines.push(...stepCode(step, facts, uses));
  lines.push("", ...resultCode(refresh.result, uses));
  const source = refresh.source === "recorded"
    ? "/** As recorded. */\n"
    : "/** The standard refresh of the token endpoint (RFC 6749 section 6); none was recorded. */\n";
  return source + functionCode("refresh_token(current_refresh_token: string)", lines);
}

function functionCode(signature: string, lines: readonly string[]): string {
  const body = lines.map((line) => line === "" ? "" : `  ${line.replaceAll("\n", "\n  ")}`);
  return `export async function ${signature}: Promise<AuthResult> {\n${
    body.join("\n").replace(/^\n+/, "")
  }\n}\n`;
}

function needsSession(steps: readonly Step[], result: ResultTemplate): boolean {
  return steps.length > 0 || result.cookies !== null;
}

function promptCode(input: Input): string {
  return `const ${input.name} = await ${input.secret ? "prompt_secret" : "prompt_text"}(${
    quote(input.label)
  });`;
}

function generatedCode(item: Generated, uses: Uses): string {
  return `const ${item.id} = ${generatedValue(item, uses)};`;
}

function generatedValue({ shape }: Generated, uses: Uses): string {
  switch (shape.kind) {
    case "uuid":
      return "crypto.randomUUID()";
    case "pkce-verifier":
      return uses.call(
        "random_text",
        String(shape.length),
        quote("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"),
      );
    case "random":
      return uses.call("random_text", String(shape.length), quote(shape.alphabet));
    case "timestamp":
      return shape.unit === "iso"
        ? "new Date().toISOString()"
        : `String(${shape.unit === "s" ? "Math.floor(Date.now() / 1000)" : "Date.now()"})`;
  }
}

function stepCode(step: Step, facts: ScriptFacts, uses: Uses): string[] {
  const answer = facts.answers.get(step.trace);
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
  lines.push(`const ${step.id} = await session(${target}, {`, ...initCode(step, uses), "});");
  return [...lines, ...answerCode(step, answer, uses)];
}

function initCode(step: Step, uses: Uses): string[] {
  const lines: string[] = [];
  if (step.method !== "GET") lines.push(`  method: ${quote(step.method)},`);
  lines.push('  redirect: "manual",');
  const contentType = step.body?.kind === "json" || step.body?.kind === "text"
    ? step.body.contentType
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
      return `new URLSearchParams([${pairsCode(body.fields, uses)}])`;
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

function pairsCode(fields: readonly (readonly [string, Expr])[], uses: Uses): string {
  if (fields.length === 0) return "";
  return `\n${
    fields.map(([name, expr]) => `    [${quote(name)}, ${exprCode(expr, uses)}],\n`).join("")
  }  `;
}

function urlCode(url: UrlTemplate, uses: Uses): string {
  if (url.kind === "whole") return exprCode(url.expr, uses);
  const path = url.segments.map((segment) =>
    isConstantExpr(segment)
      ? encodeSegment(constantText(segment))
      : `\${encodeURIComponent(${exprCode(segment, uses)})}`
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
function answerCode(step: Step, answer: AnswerFacts | undefined, uses: Uses): string[] {
  const lines: string[] = [];
  const id = step.id;
  const checksPage = step.submitsCredentials && answer?.isPage === true &&
    !answer.hasPasswordBox && step.status < 300;
  const reads = step.submitsCredentials ||
    step.extractions.some(({ locator }) => readsBody(locator));
  if (reads) lines.push(`const ${id}_text = await ${id}.text();`);
  lines.push(
    step.submitsCredentials
      ? `${uses.call("expect_accepted", id, `${id}_text`, String(step.status), quote(step.trace))};`
      : `${uses.call("expect_status", id, String(step.status), quote(step.trace))};`,
  );
  if (checksPage) lines.push(`${uses.call("expect_no_password_form", id, `${id}_text`)};`);
  if (step.submitsCredentials && step.status >= 300 && step.status < 400 && answer?.redirectPath) {
    lines.push(`${uses.call("expect_redirect", id, quote(answer.redirectPath))};`);
  }
  for (const extraction of step.extractions) {
    const code = extractionCode(extraction, id, uses);
    const what = quote(extraction.id.replaceAll("_", " "));
    const call = step.submitsCredentials && readsBody(extraction.locator)
      ? uses.call("found_or_refused", code, what, `${id}_text`, `${id}.status`)
      : uses.call("found", code, what);
    lines.push(`const ${extraction.id} = ${call};`);
  }
  return lines;
}

function resultCode(result: ResultTemplate, uses: Uses): string[] {
  const lines: string[] = [];
  const cookies = result.cookies;
  for (const [name, expr] of cookies?.client ?? []) {
    const value = exprCode(expr, uses);
    lines.push(`session.set_cookie(${quote(cookies!.urls[0] ?? "")}, ${quote(name)}, ${value});`);
  }
  lines.push("return {", "  headers: {");
  for (const [name, expr] of result.headers) {
    lines.push(`    ${key(name)}: ${exprCode(expr, uses)},`);
  }
  if (cookies !== null) lines.push(`    Cookie: ${cookieCode(cookies.urls, uses)},`);
  lines.push("  },");
  lines.push(...paramsCode("body_params", result.bodyParams, uses));
  lines.push(...paramsCode("query_params", result.queryParams, uses));
  for (const { kind, username, password } of result.computed) {
    lines.push(
      `  computed: [{ kind: ${quote(kind)}, username: ${exprCode(username, uses)}, password: ${
        exprCode(password, uses)
      } }],`,
    );
  }
  if (result.refreshToken !== null) {
    lines.push(`  refresh_token: ${exprCode(result.refreshToken, uses)},`);
  }
  const expires = expiresCode(result.expiresIn, uses);
  if (expires !== null) lines.push(`  expires_in: ${expires},`);
  return [...lines, "};"];
}

function cookieCode(urls: readonly string[], uses: Uses): string {
  if (urls.length === 1) return `session.cookie_header(${quote(urls[0]!)})`;
  return uses.call("cookies_for", "session", `[${urls.map(quote).join(", ")}]`);
}

function paramsCode(
  name: string,
  params: readonly (readonly [string, Expr])[],
  uses: Uses,
): string[] {
  if (params.length === 0) return [];
  return [
    `  ${name}: {`,
    ...params.map(([path, expr]) => `    ${key(path)}: ${exprCode(expr, uses)},`),
    "  },",
  ];
}

function expiresCode(expires: ResultTemplate["expiresIn"], uses: Uses): string | null {
  switch (expires?.kind) {
    case "expr":
      return `Number(${exprCode(expires.expr, uses)})`;
    case "jwt-exp":
      return uses.call("seconds_left", exprCode(expires.token, uses));
    case "constant":
      return String(expires.seconds);
    default:
      return null;
  }
}
