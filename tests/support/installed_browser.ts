/** Tests that need a Chromium look for it where a user's machine has it, and say so where there is none. */
import { findBrowser } from "../../lib/browser/find_browser.ts";
import type { Context } from "../../lib/base/context.ts";
import { fakeContext } from "./fake_context.ts";

const program = installedBrowser();

/** The browser's program; `null` where none is installed. */
export function installedBrowser(): string | null {
  try {
    return findBrowser({ get: (name) => Deno.env.get(name) }, undefined);
  } catch {
    return null;
  }
}

/** A test in a real browser, skipped where none is installed. */
export function browserTest(name: string, work: () => Promise<void>): void {
  const ignore = program === null;
  Deno.test(ignore ? `${name} (skipped: no Chrome, Chromium, Edge or Brave here)` : name, {
    ignore,
    // The runtime keeps the pipes of a child process for a moment after it has ended.
    sanitizeOps: false,
    sanitizeResources: false,
  }, work);
}

/** With the real clock and environment: the browser keeps its own time, and needs its folders. */
export function browserContext(home: string, signal?: AbortSignal): Context {
  return {
    ...fakeContext({ home, ...signal === undefined ? {} : { signal } }),
    clock: { nowMs: () => Date.now() },
    env: { get: (name) => Deno.env.get(name) },
  };
}
