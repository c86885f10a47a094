/** What a script threw, as data: name, message and line, read from values that may be hostile. */

/** The name the script's text has in stack traces. */
export const SCRIPT_URL = "auth-script.js";

export interface ThrownError {
  readonly name: string;
  readonly message: string;
  /** Line of the evaluated text where it was thrown, 1-based; `null` when unknown. */
  readonly line: number | null;
}

const MAX_NAME = 100;
const MAX_MESSAGE = 4000;

/** The part of V8's stack trace API that is used here (https://v8.dev/docs/stack-trace-api). */
interface CallSite {
  getFileName(): string | null;
  getScriptNameOrSourceURL?(): string | null;
  getLineNumber(): number | null;
}

const lines = new WeakMap<object, number>();

/**
 * From now on `error.stack` is the error's name and message without any frame, which would show the paths
 * of this program; the line in the script is kept aside for `describeThrown()`.
 */
export function hideStacks(): void {
  Reflect.set(Error, "prepareStackTrace", (error: object, sites: readonly CallSite[]) => {
    const site = sites.find(isInScript);
    const line = site?.getLineNumber();
    if (typeof line === "number") lines.set(error, line);
    const { name, message } = describeThrown(error);
    return line ? `${name}: ${message}\n    at line ${line}` : `${name}: ${message}`;
  });
}

function isInScript(site: CallSite): boolean {
  return site.getFileName() === SCRIPT_URL || site.getScriptNameOrSourceURL?.() === SCRIPT_URL;
}

export function describeThrown(thrown: unknown): ThrownError {
  if (typeof thrown !== "object" || thrown === null) {
    return { name: "Error", message: cut(shown(() => thrown), MAX_MESSAGE), line: null };
  }
  const error = thrown as { name?: unknown; message?: unknown; stack?: unknown };
  return {
    name: cut(shown(() => error.name ?? "Error"), MAX_NAME),
    message: cut(shown(() => error.message ?? ""), MAX_MESSAGE),
    line: lines.get(error) ?? null,
  };
}

/** V8 prepares a stack trace when it is first asked for. */
export function lineOfThrown(thrown: unknown): number | null {
  if (typeof thrown !== "object" || thrown === null) return null;
  shown(() => (thrown as { stack?: unknown }).stack);
  return lines.get(thrown) ?? null;
}

function shown(read: () => unknown): string {
  try {
    return String(read());
  } catch {
    return "(cannot be shown)";
  }
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
