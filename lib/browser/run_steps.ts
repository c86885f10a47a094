/** Does steps in a browser that is being recorded: finds elements in any page or frame, types and clicks. */
import type { Environment } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { isRecord } from "../base/json.ts";
import type { Redactor } from "../base/redact.ts";
import type { Devtools, DevtoolsParams } from "./devtools.ts";
import type { ScriptWorlds } from "./script_worlds.ts";
import { FIND_ELEMENT, FOCUS_FIELD, NAME_ELEMENTS, SELECT_OPTION } from "./page_functions.ts";
import type { Recorder } from "./recorder.ts";
import {
  ELEMENT_PATIENCE_MS,
  type ElementStep,
  type Step,
  type StepText,
  variableText,
} from "./steps.ts";

const LOOK_EVERY_MS = 50;
/** Elements named where one is not found. */
const MAX_NAMES = 12;
/** Quiet after which a page is taken to be loaded, and the longest wait for it, in milliseconds. */
const QUIET_MS = 400;
const MAX_SETTLE_MS = 10_000;

const KEYS: Readonly<Record<string, DevtoolsParams>> = {
  Enter: { key: "Enter", code: "Enter", windowsVirtualKeyCode: 13, text: "\r" },
  Tab: { key: "Tab", code: "Tab", windowsVirtualKeyCode: 9 },
  Escape: { key: "Escape", code: "Escape", windowsVirtualKeyCode: 27 },
};

export interface StepsBrowser {
  readonly devtools: Devtools;
  readonly recorder: Recorder;
  readonly contexts: ScriptWorlds;
  readonly env: Environment;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
  nowMs(): number;
  /** Relative addresses of `goto` are of this one. */
  readonly base: string;
}

interface FoundElement {
  readonly objectId: string;
  readonly sessionId: string;
}

/** @throws {AppError} `NOT_FOUND` for an element that does not appear; `NO_INPUT` for a variable that is not set. */
export async function runSteps(browser: StepsBrowser, steps: readonly Step[]): Promise<void> {
  for (const [index, step] of steps.entries()) {
    browser.signal.throwIfAborted();
    await runStep(browser, step, index + 1);
  }
}

async function runStep(browser: StepsBrowser, step: Step, number: number): Promise<void> {
  switch (step.kind) {
    case "goto":
      await openPage(browser, new URL(step.url, browser.base).href);
      return await settle(browser);
    case "wait":
      return await pause(browser.devtools, step.ms);
    case "press":
      return await press(browser, step.key, number);
    case "waitFor":
      await find(browser, step, number);
      return;
    case "fill":
      return await fill(browser, await find(browser, step, number), step.value);
    case "select":
      return await select(browser, step, number);
    case "click":
      await call(
        browser,
        await find(browser, step, number),
        "function () { this.scrollIntoView({ block: 'center' }); this.focus(); this.click(); }",
      );
      return await settle(browser);
  }
}

/** RFC 9110 section 11; without a window, nobody can be asked. */
const ASKS_FOR_PASSWORD =
  "The browser was asked for a user and a password: record with a window, or begin the script with " +
  '{"goto": "https://USER:PASSWORD@shop.example.com"}';

const DISTRUSTS =
  "The browser does not trust the site's certificate: record with a window and accept it there, or have the system " +
  "trust its issuer";

/** @throws {AppError} `UNREACHABLE` when the address cannot be opened; `details` tell what a person could do about. */
export async function openPage(browser: StepsBrowser, url: string): Promise<void> {
  const [page] = browser.recorder.documents();
  const { errorText } = await browser.devtools.send("Page.navigate", { url }, page);
  if (typeof errorText !== "string" || errorText === "net::ERR_ABORTED") return;
  const asksForPassword = errorText === "net::ERR_INVALID_AUTH_CREDENTIALS";
  const distrusts = errorText.startsWith("net::ERR_CERT_");
  const shown = withoutUser(url);
  throw new AppError("UNREACHABLE", `The browser cannot open "${shown}": ${errorText}`, {
    hint: asksForPassword
      ? ASKS_FOR_PASSWORD
      : distrusts
      ? DISTRUSTS
      : "Check the address and the network",
    details: { url: shown, asksForPassword, distrusts },
  });
}

/** RFC 3986 section 3.2.1: what stands before the host may be a password. */
function withoutUser(address: string): string {
  const url = new URL(address);
  url.username = "";
  url.password = "";
  return url.href;
}

/** Until the page's own requests are answered. */
export async function settle({ recorder, signal }: StepsBrowser): Promise<void> {
  const rounds = MAX_SETTLE_MS / LOOK_EVERY_MS;
  await after(LOOK_EVERY_MS);
  for (let round = 0; round < rounds && recorder.quietMs < QUIET_MS; round++) {
    signal.throwIfAborted();
    await after(LOOK_EVERY_MS);
  }
}

async function find(
  browser: StepsBrowser,
  { kind, selector, timeoutMs = ELEMENT_PATIENCE_MS }: ElementStep,
  number: number,
): Promise<FoundElement> {
  const endMs = browser.nowMs() + timeoutMs;
  do {
    browser.signal.throwIfAborted();
    const found = await look(browser, selector, number);
    if (found !== null) return found;
    await after(LOOK_EVERY_MS);
  } while (browser.nowMs() < endMs);
  const there = await elementsOn(browser);
  const which = there.length === 0 ? "" : `; there are: ${there.join(", ")}`;
  const waited = `after ${timeoutMs / 1000} s`;
  throw new AppError(
    "NOT_FOUND",
    `Step ${number}, ${kind}: nothing on the page is "${selector}" ${waited}`,
    {
      hint: `Name an element that is visible then, by a CSS selector, text=… or label=…${which}`,
      details: { step: number, selector },
    },
  );
}

/** Names of elements that a step could mean, in all documents. */
export async function elementsOn(
  { devtools, recorder, contexts }: Pick<StepsBrowser, "devtools" | "recorder" | "contexts">,
): Promise<string[]> {
  const names: string[] = [];
  for (const sessionId of recorder.documents()) {
    for (const executionContextId of contexts.of(sessionId)) {
      const result = await devtools.attempt("Runtime.callFunctionOn", {
        functionDeclaration: NAME_ELEMENTS,
        executionContextId,
        returnByValue: true,
      }, sessionId);
      const value = isRecord(result?.["result"]) ? result["result"]["value"] : undefined;
      if (Array.isArray(value)) names.push(...value.map(String));
    }
  }
  return [...new Set(names)].slice(0, MAX_NAMES);
}

/** @throws {AppError} `BAD_INPUT` for a selector that no page can read. */
async function look(
  browser: StepsBrowser,
  selector: string,
  number: number,
): Promise<FoundElement | null> {
  for (const sessionId of browser.recorder.documents()) {
    for (const contextId of browser.contexts.of(sessionId)) {
      const result = await browser.devtools.attempt("Runtime.callFunctionOn", {
        functionDeclaration: FIND_ELEMENT,
        arguments: [{ value: selector }],
        executionContextId: contextId,
      }, sessionId);
      if (isBadSelector(result)) throw badSelector(selector, number);
      // What was thrown is an object, too: the document went while it was searched.
      if (isRecord(result?.["exceptionDetails"])) continue;
      const remote = result?.["result"];
      if (isRecord(remote) && typeof remote["objectId"] === "string") {
        return { objectId: remote["objectId"], sessionId };
      }
    }
  }
  return null;
}

/** `SyntaxError` of the DOM standard, section 1.3. */
function isBadSelector(result: DevtoolsParams | null): boolean {
  const details = result?.["exceptionDetails"];
  const thrown = isRecord(details) ? details["exception"] : undefined;
  return isRecord(thrown) && /SyntaxError|not a valid selector/.test(String(thrown["description"]));
}

function badSelector(selector: string, number: number): AppError {
  return new AppError("BAD_INPUT", `Step ${number}: "${selector}" is not a CSS selector`, {
    hint: "Name an element by a CSS selector, text=… or label=…",
    details: { step: number, selector },
  });
}

/** What the function answers. */
async function call(
  { devtools }: StepsBrowser,
  { objectId, sessionId }: FoundElement,
  functionDeclaration: string,
  value?: string,
): Promise<unknown> {
  const result = await devtools.attempt("Runtime.callFunctionOn", {
    objectId,
    functionDeclaration,
    userGesture: true,
    returnByValue: true,
    arguments: value === undefined ? [] : [{ value }],
  }, sessionId);
  return isRecord(result?.["result"]) ? result["result"]["value"] : undefined;
}

/** As a keyboard would: the text goes to the field that has the focus. */
async function fill(browser: StepsBrowser, field: FoundElement, value: StepText): Promise<void> {
  const text = resolve(browser, value);
  for (let waited = 0; waited < MAX_SETTLE_MS; waited += LOOK_EVERY_MS) {
    // A page that is still read may give the focus to another field in between.
    if (await call(browser, field, FOCUS_FIELD) !== false) break;
    await after(LOOK_EVERY_MS);
  }
  await browser.devtools.send("Input.insertText", { text }, field.sessionId);
}

async function select(
  browser: StepsBrowser,
  step: Extract<ElementStep, { readonly value: StepText }>,
  number: number,
): Promise<void> {
  const { selector, value } = step;
  const list = await find(browser, step, number);
  const wanted = resolve(browser, value);
  if (await call(browser, list, SELECT_OPTION, wanted) !== false) return;
  throw new AppError("NOT_FOUND", `Step ${number}: "${selector}" has no option "${wanted}"`, {
    hint: "Name an option of the list by its value, or by what it says",
    details: { step: number, selector },
  });
}

async function press(browser: StepsBrowser, name: string, number: number): Promise<void> {
  const key = KEYS[name];
  if (key === undefined) {
    throw new AppError("BAD_INPUT", `Step ${number}: "${name}" is not a key that can be pressed`, {
      hint: `Use one of: ${Object.keys(KEYS).join(", ")}`,
    });
  }
  const [page] = browser.recorder.documents();
  await browser.devtools.attempt("Input.dispatchKeyEvent", { type: "keyDown", ...key }, page);
  await browser.devtools.attempt("Input.dispatchKeyEvent", { type: "keyUp", ...key }, page);
  await settle(browser);
}

function resolve({ env, redactor }: StepsBrowser, value: StepText): string {
  const text = variableText(env, value);
  if ("env" in value) redactor.add(text);
  return text;
}

/** Ends with the browser: a sitting that is over leaves no timer behind. */
async function pause(devtools: Devtools, ms: number): Promise<void> {
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(over.resolve, ms);
  await Promise.race([over.promise, devtools.ended]);
  clearTimeout(timer);
}

function after(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
