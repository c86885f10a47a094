/**
 * A login flow written as an auth script: one request per step with the trace it reproduces, each value
 * named where it is taken, nothing recorded left in but the constants of the client.
 */
import type {
  Generated,
  Input,
  LoginFlow,
  RefreshFlow,
  ResultTemplate,
  Step,
} from "../correlate/flow.ts";
import type { AnswerFacts } from "../correlate/answer_facts.ts";
import { ambientDeclarations } from "./ambient.ts";
import { quote, Uses } from "../codec/code.ts";
import { withNeeds } from "./snippets.ts";
import { namesIn } from "../correlate/expr_walk.ts";
import { optionalExtractions, resultCode } from "./result_code.ts";
import { sharedTexts } from "./shared_texts.ts";
import { findShortcut, landingCode, notLandedCode, type Shortcut } from "./shortcut.ts";
import { stateCode, stepCode } from "./step_code.ts";

/** What the generator knows beside the flow. */
export interface ScriptFacts {
  readonly app: string;
  /** Recorded facts per trace: where a redirect led, whether the answer was a page with a password box. */
  readonly answers: ReadonlyMap<string, AnswerFacts>;
  /** True where a model found out how some of its values are computed. */
  readonly isFound?: boolean;
}

/** The script's TypeScript source. */
export function generateScript(flow: LoginFlow, facts: ScriptFacts): string {
  const uses = new Uses();
  const acquire = acquireCode(flow, facts, uses);
  const refresh = flow.refresh === null ? "" : `\n${refreshCode(flow, flow.refresh, facts, uses)}`;
  const functions = [
    ...flow.functions?.map(({ code }) => `${WRITTEN_BY_MODEL}\n${code}`) ?? [],
    ...withNeeds(uses.snippets).map(({ source }) => source),
  ].join("\n\n");
  const { constants, code } = sharedTexts(`${acquire}${refresh}`);
  const body = `${code}${functions === "" ? "" : `\n${functions}\n`}`;
  const resultType = flow.proof === undefined ? RESULT_TYPE : BOUND_RESULT_TYPE;
  return [header(flow, facts), resultType, ambientDeclarations(body), constants, body]
    .filter((part) => part !== "").join("\n\n").replaceAll(/\n{3,}/g, "\n\n");
}

const WRITTEN_BY_MODEL = "/** Written by a model. */";

export const RESULT_TYPE = `/** What a login yields; the tool adds it to the app's requests. */
export interface AuthResult {
  headers: Record<string, string>;
  body_params?: Record<string, string>;
  query_params?: Record<string, string>;
  computed?: { kind: "http_digest"; username: string; password: string }[];
  refresh_token?: string;
  expires_in?: number;
}`;

/** Of a login whose token is bound to a key. */
const BOUND_RESULT_TYPE = RESULT_TYPE.replace(
  'computed?: { kind: "http_digest"; username: string; password: string }[];',
  'computed?: { kind: "dpop"; key: JsonWebKey }[];',
);

function header(flow: LoginFlow, facts: ScriptFacts): string {
  const asks = flow.inputs.map(({ label }) => label).join(", ") || "nothing";
  return [
    `// How to log in to "${facts.app}", derived from its recording ${
      facts.isFound === true ? "and what a model found out" : "without a model"
    }.`,
    `// Asks for: ${asks}. Talks to: ${flow.hosts.join(", ") || "nobody"}.`,
    `// "keysmith auth explain ${facts.app}" shows where each value comes from.`,
    "",
  ].join("\n");
}

function acquireCode(flow: LoginFlow, facts: ScriptFacts, uses: Uses): string {
  const lines: string[] = [];
  const late = lateInputs(flow);
  const shortcut = findShortcut(flow, facts.answers);
  const optional = optionalExtractions(flow.steps, flow.result);
  if (needsSession(flow.steps, flow.result)) lines.push("const session = cookie_session();");
  if (flow.proof !== undefined) {
    lines.push(`const proof_key = await ${uses.call("new_proof_key", quote(flow.proof))};`);
    lines.push(...provingCode(flow.steps, uses));
  }
  for (const input of flow.inputs) if (!late.has(input.name)) lines.push(promptCode(input));
  lines.push(...generatedCode(flow.generated, [flow.steps, flow.result], uses));
  for (const step of flow.steps) {
    for (const name of namesIn(step)) {
      if (late.get(name) !== step.id) continue;
      lines.push("", promptCode(flow.inputs.find((input) => input.name === name)!));
    }
    const pages = pagesBefore(step, flow.steps, shortcut, facts);
    lines.push("", ...stepOrStretch(step, shortcut, { uses, optional, facts, pages }));
  }
  lines.push("", ...resultCode(flow.result, optional, uses, flow.proof !== undefined));
  return functionCode("acquire_token()", lines);
}

interface WrittenWith {
  readonly uses: Uses;
  readonly optional: ReadonlySet<string>;
  readonly facts: ScriptFacts;
  readonly pages: readonly string[];
}

/** The steps whose answers are pages and in scope: a login that leads back to one of them was refused. */
function pagesBefore(
  step: Step,
  steps: readonly Step[],
  shortcut: Shortcut | null,
  { answers }: ScriptFacts,
): string[] {
  return steps.slice(0, steps.indexOf(step))
    .filter(({ id, trace, status }) =>
      status < 300 && answers.get(trace)?.isPage === true && !shortcut?.steps.includes(id)
    )
    .map(({ id }) => id);
}

/** A step, inside the stretch that may be left out behind its condition. */
function stepOrStretch(
  step: Step,
  shortcut: Shortcut | null,
  { uses, optional, facts, pages }: WrittenWith,
): string[] {
  const isInside = shortcut?.steps.includes(step.id) ?? false;
  const code = stepCode(step, {
    uses,
    optional,
    answer: facts.answers.get(step.trace),
    pages,
    reassigned: shortcut?.redirect.id,
    deferred: isInside ? shortcut?.landing.id : undefined,
  });
  if (shortcut === null || !isInside) return code;
  const lines = code.map((line) => line === "" ? "" : `  ${line.replaceAll("\n", "\n  ")}`);
  if (step.id === shortcut.steps[0]) {
    lines.unshift(
      "// Pages on which one agrees; a site may lead past them whoever did so before.",
      `if (${notLandedCode(shortcut, uses)}) {`,
    );
  }
  if (step.id !== shortcut.steps.at(-1)) return lines;
  const target = uses.call("location_of", step.id);
  const state = facts.answers.get(step.trace)?.returnedState ?? null;
  return [
    ...lines,
    `  ${shortcut.redirect.id} = ${target};`,
    "}",
    landingCode(shortcut, uses),
    ...(state === null || state.part === "form"
      ? []
      : [stateCode(state, shortcut.redirect.id, uses)]),
  ];
}

/** Codes and links arrive only after the step that sends them: they are asked for where first used. */
function lateInputs(flow: LoginFlow): Map<string, string> {
  const late = new Map<string, string>();
  for (const input of flow.inputs) {
    if (input.kind !== "one-time-code" && input.kind !== "link") continue;
    const step = flow.steps.find((candidate) => namesIn(candidate).has(input.name));
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
  const proving = provingCode(refresh.steps, uses);
  lines.push(...proving);
  lines.push(...generatedCode(flow.generated, refresh, uses));
  const optional = optionalExtractions(refresh.steps, refresh.result);
  for (const step of refresh.steps) {
    lines.push("", ...stepCode(step, { uses, optional, answer: facts.answers.get(step.trace) }));
  }
  lines.push("", ...resultCode(refresh.result, optional, uses));
  const source = refresh.source === "recorded"
    ? "/** As recorded. */\n"
    : "/** The standard refresh of the token endpoint (RFC 6749 section 6); none was recorded. */\n";
  const key = proving.length === 0 ? "" : ", proof_key: JsonWebKey";
  return source + functionCode(`refresh_token(current_refresh_token: string${key})`, lines);
}

/** What sends the requests that prove to have the key. */
function provingCode(steps: readonly Step[], uses: Uses): string[] {
  if (!steps.some(({ proves }) => proves)) return [];
  return [`const proving = ${uses.call("proof_session", "session", "proof_key")};`];
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

/** The made values that the part of the flow uses, in the flow's order. */
function generatedCode(generated: readonly Generated[], part: unknown, uses: Uses): string[] {
  const used = namesIn(part);
  return generated.filter(({ id }) => used.has(id))
    .map((item) => `const ${item.id} = ${generatedValue(item, uses)};`);
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
    case "random-bytes":
      return uses.call("base64_bytes", `crypto.getRandomValues(new Uint8Array(${shape.length}))`);
    case "random":
      return uses.call("random_text", String(shape.length), quote(shape.alphabet));
    case "timestamp":
      return shape.unit === "iso"
        ? "new Date().toISOString()"
        : `String(${shape.unit === "s" ? "Math.floor(Date.now() / 1000)" : "Date.now()"})`;
  }
}
