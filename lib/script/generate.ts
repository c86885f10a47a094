/**
 * A login flow written as an auth script: one request per step with the trace it reproduces, each value
 * named where it is taken, nothing recorded left in but the constants of the client.
 */
import type { Generated, Input, LoginFlow, RefreshFlow, Step } from "../correlate/flow.ts";
import type { AnswerFacts } from "../correlate/answer_facts.ts";
import { ambientDeclarations } from "./ambient.ts";
import { quote, Uses } from "../codec/code.ts";
import { paramCode } from "../codec/locators/location_param.ts";
import { withNeeds } from "./snippets.ts";
import { namesIn, stepAwaiting } from "../correlate/expr_walk.ts";
import { optionalExtractions, resultCode } from "./result_code.ts";
import { sharedTexts } from "./shared_texts.ts";
import { findShortcut, landingCode, notLandedCode, type Shortcut } from "./shortcut.ts";
import { stateCheck, stepCode } from "./step_code.ts";

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
  const writing = { facts, uses };
  const acquire = acquireCode(flow, writing);
  const refresh = flow.refresh === null ? "" : `\n${refreshCode(flow, flow.refresh, writing)}`;
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
  const approvals = flow.steps.some(({ approval }) => approval !== undefined)
    ? ["its user's approval on another device"]
    : [];
  const asks = [...flow.inputs.map(({ label }) => label), ...approvals].join(", ") || "nothing";
  return [
    `// How to log in to "${facts.app}", derived from its recording ${
      facts.isFound === true ? "and what a model found out" : "without a model"
    }.`,
    `// Asks for: ${asks}. Talks to: ${flow.hosts.join(", ") || "nobody"}.`,
    `// "keysmith auth explain ${facts.app}" shows where each value comes from.`,
    "",
  ].join("\n");
}

/** What one function of the script reproduces. */
interface Part extends Pick<LoginFlow, "steps" | "result" | "inputs" | "generated"> {
  readonly signature: string;
  readonly shortcut: Shortcut | null;
  /** What the key is made for that it makes. */
  readonly proof?: LoginFlow["proof"];
}

interface Writing {
  readonly facts: ScriptFacts;
  readonly uses: Uses;
}

function acquireCode(flow: LoginFlow, writing: Writing): string {
  const shortcut = findShortcut(flow, writing.facts.answers);
  return functionCode({ ...flow, signature: "acquire_token()", shortcut }, writing);
}

function refreshCode(
  { generated }: LoginFlow,
  { source, steps, result }: RefreshFlow,
  writing: Writing,
): string {
  const key = proves(steps) ? ", proof_key: JsonWebKey" : "";
  const signature = `refresh_token(current_refresh_token: string${key})`;
  const code = functionCode(
    { steps, result, inputs: [], generated, shortcut: null, signature },
    writing,
  );
  return source === "recorded"
    ? `/** As recorded. */\n${code}`
    : `/** The standard refresh of the token endpoint (RFC 6749 section 6); none was recorded. */\n${code}`;
}

function functionCode(part: Part, writing: Writing): string {
  const { steps, result, proof, signature } = part;
  const { uses } = writing;
  const awaited = new Map(part.inputs.map((input) => [input, stepAwaiting(input, steps)]));
  const askedAt = (at: Step | undefined) =>
    [...awaited].flatMap(([input, step]) => step === at ? [promptCode(input)] : []);
  const used = namesIn([steps, result]);
  const optional = optionalExtractions(steps, result);
  const lines = [
    ...steps.length > 0 || result.cookies !== null ? ["const session = cookie_session();"] : [],
    ...proof === undefined
      ? []
      : [`const proof_key = await ${uses.call("new_proof_key", quote(proof))};`],
    ...proves(steps)
      ? [`const proving = ${uses.call("proof_session", "session", "proof_key")};`]
      : [],
    ...askedAt(undefined),
    ...part.generated.filter(({ id }) => used.has(id))
      .map((item) => `const ${item.id} = ${generatedValue(item, uses)};`),
    ...steps.flatMap((step) => [
      ...askedAt(step).flatMap((prompt) => ["", prompt]),
      "",
      ...stepOrStretch(step, part, optional, writing),
    ]),
    "",
    ...resultCode(result, optional, uses, proof !== undefined),
  ];
  const body = indented(lines).join("\n").replace(/^\n+/, "");
  return `export async function ${signature}: Promise<AuthResult> {\n${body}\n}\n`;
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => line === "" ? "" : `  ${line.replaceAll("\n", "\n  ")}`);
}

/** True where requests prove to have the key of the login. */
function proves(steps: readonly Step[]): boolean {
  return steps.some(({ proves }) => proves);
}

/** A step, inside the stretch that may be left out behind its condition. */
function stepOrStretch(
  step: Step,
  { steps, shortcut }: Part,
  optional: ReadonlySet<string>,
  { uses, facts: { answers } }: Writing,
): string[] {
  const isInside = shortcut?.steps.includes(step.id) ?? false;
  const answer = answers.get(step.trace);
  // The steps whose answers are pages and in scope: a login that leads back to one of them was refused.
  const pages = steps.slice(0, steps.indexOf(step)).filter(({ id, trace, status }) =>
    status < 300 && answers.get(trace)?.isPage === true && !shortcut?.steps.includes(id)
  );
  const code = stepCode(step, {
    uses,
    optional,
    answer,
    pages: pages.map(({ id }) => id),
    reassigned: shortcut?.redirect.id,
    deferred: isInside ? shortcut?.landing.id : undefined,
  });
  if (shortcut === null || !isInside) return code;
  const { redirect } = shortcut;
  const state = answer?.returnedState;
  return [
    ...step.id === shortcut.steps[0]
      ? [
        "// Pages on which one agrees; a site may lead past them whoever did so before.",
        `if (${notLandedCode(shortcut, uses)}) {`,
      ]
      : [],
    ...indented(code),
    ...step.id === shortcut.steps.at(-1)
      ? [
        `  ${redirect.id} = ${uses.call("location_of", step.id)};`,
        "}",
        landingCode(shortcut, uses),
        ...state?.locator.kind === "location-param"
          ? [stateCheck(paramCode(state.locator, redirect.id, uses), state.generated, uses)]
          : [],
      ]
      : [],
  ];
}

function promptCode(input: Input): string {
  return `const ${input.name} = await ${input.secret ? "prompt_secret" : "prompt_text"}(${
    quote(input.label)
  });`;
}

function generatedValue({ shape, recorded }: Generated, uses: Uses): string {
  switch (shape.kind) {
    case "uuid":
      // Written in capitals it is another text to whoever compares it (RFC 9562 section 4).
      return `crypto.randomUUID()${/[A-F]/.test(recorded) ? ".toUpperCase()" : ""}`;
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
