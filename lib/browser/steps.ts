/** What is to be done in the browser in place of a person: a list of steps as JSON. */
import type { Environment } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { isRecord, parseJson } from "../base/json.ts";

/**
 * Elements are named by a CSS selector, or by what they say: `text=Log in`, `label=Password`. They may be in
 * any page, pop-up or frame.
 */
export type Step =
  | { readonly kind: "goto"; readonly url: string }
  | { readonly kind: "press"; readonly key: string }
  | { readonly kind: "wait"; readonly ms: number }
  | ElementStep;

export type ElementStep =
  & (
    | { readonly kind: "click" | "waitFor" }
    | { readonly kind: "fill" | "select"; readonly value: StepText }
  )
  & {
    readonly selector: string;
    /** How long the element may take to appear; `ELEMENT_PATIENCE_MS` when left out. */
    readonly timeoutMs?: number;
  };

/** A text, or the environment variable that holds it: a password need not stand in the file. */
export type StepText = { readonly text: string } | { readonly env: string };

/** How long an element may take to appear where its step does not say, in milliseconds. */
export const ELEMENT_PATIENCE_MS = 15_000;
const MAX_WAIT_MS = 600_000;
const FORMS = '{"goto": "/login"}, {"fill": "#user", "value": "ada"}, ' +
  '{"fill": "#password", "value": {"env": "SHOP_PASSWORD"}}, {"click": "text=Log in"}, ' +
  '{"select": "#country", "value": "AT"}, {"press": "Enter"}, {"waitFor": "#ready", "timeout": 30000}, {"wait": 500}';

/**
 * Reads steps: a list, or an object with the list under `steps`. Each is an object with the action as its key,
 * or under `action` beside `selector`, `url` and `value`. Steps that name an element may have a `timeout`, in
 * milliseconds as `wait` is.
 *
 * @throws {AppError} `BAD_INPUT` naming the file and the step.
 */
export function parseSteps(text: string, file: string): Step[] {
  const parsed = parseJson(text);
  const list = isRecord(parsed) ? parsed["steps"] : parsed;
  if (!Array.isArray(list)) throw badSteps(file, null, "it is not a JSON list of steps");
  return list.map((value, index) => {
    const step = isRecord(value) ? readStep(value) : "it is not an object";
    if (typeof step === "string") throw badSteps(file, index + 1, step);
    return step;
  });
}

/** The step, or what is wrong with it. */
function readStep(value: Readonly<Record<string, unknown>>): Step | string {
  const kinds = ["goto", "fill", "click", "select", "press", "waitFor", "wait"];
  const named = typeof value["action"] === "string" ? value["action"] : undefined;
  const kind = named ?? kinds.find((known) => Object.hasOwn(value, known));
  if (kind === undefined || !kinds.includes(kind)) {
    return named === undefined ? "it names no action" : `"${named}" is not an action`;
  }
  const operand = named === undefined ? value[kind] : undefined;
  const inner = isRecord(operand) ? operand : value;
  const pair = Array.isArray(operand) ? operand : [operand];
  return stepOf(kind, {
    word: textOf(pair[0]) ??
      textOf(inner["selector"] ?? inner["url"] ?? inner["key"] ?? inner["ms"]),
    value: pair[1] ?? inner["value"] ?? inner["text"],
    timeout: inner["timeout"] ?? value["timeout"],
  });
}

/** Before anything is done: a login is not left half made. @throws {AppError} `NO_INPUT` */
export function requireVariables(env: Environment, steps: readonly Step[]): void {
  for (const step of steps) if ("value" in step) variableText(env, step.value);
}

/** @throws {AppError} `NO_INPUT` for a variable that is not set. */
export function variableText(env: Environment, value: StepText): string {
  if ("text" in value) return value.text;
  const text = env.get(value.env);
  if (text !== undefined && text !== "") return text;
  throw new AppError("NO_INPUT", `The environment variable "${value.env}" is not set`, {
    hint: `A step wants it: export ${value.env}=… before the command`,
    details: { label: value.env },
  });
}

interface Parts {
  readonly word: string | undefined;
  readonly value: unknown;
  readonly timeout: unknown;
}

function stepOf(kind: string, parts: Parts): Step | string {
  const { word, timeout } = parts;
  if (word === undefined || word === "") return `"${kind}" does not say on what`;
  switch (kind) {
    case "goto":
    case "press":
    case "wait":
      return timeout === undefined ? plainStep(kind, word) : `"${kind}" takes no "timeout"`;
    default:
      return elementStep(kind as ElementStep["kind"], word, parts);
  }
}

function plainStep(kind: "goto" | "press" | "wait", word: string): Step | string {
  if (kind === "goto") return { kind, url: word };
  if (kind === "press") return { kind, key: word };
  const ms = Number(word);
  return isWait(ms) ? { kind, ms } : `"wait" takes milliseconds, at most ${MAX_WAIT_MS}`;
}

function elementStep(
  kind: ElementStep["kind"],
  selector: string,
  { value, timeout }: Parts,
): Step | string {
  if (timeout !== undefined && !isWait(timeout)) {
    return `"timeout" takes milliseconds, at most ${MAX_WAIT_MS}`;
  }
  const element = { selector, ...timeout === undefined ? {} : { timeoutMs: timeout } };
  if (kind === "click" || kind === "waitFor") return { ...element, kind };
  const text = stepText(value);
  return text === null ? `"${kind}" has no value` : { ...element, value: text, kind };
}

function isWait(ms: unknown): ms is number {
  return typeof ms === "number" && ms >= 0 && ms <= MAX_WAIT_MS;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

function stepText(value: unknown): StepText | null {
  const text = textOf(value);
  if (text !== undefined) return { text };
  return isRecord(value) && typeof value["env"] === "string" ? { env: value["env"] } : null;
}

function badSteps(file: string, step: number | null, problem: string): AppError {
  const where = step === null ? `"${file}"` : `step ${step} of "${file}"`;
  return new AppError("BAD_INPUT", `Cannot use ${where}: ${problem}`, {
    hint: `Steps look like these: ${FORMS}`,
    details: { file, ...step === null ? {} : { place: `step ${step}` } },
  });
}
