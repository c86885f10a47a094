/** The names a script finds beside the ECMAScript ones, and the removal of everything else. */
import { type GuestNetwork, makeFetch } from "./network.ts";
import type { UserHelpers } from "./helpers.ts";
import { native } from "./realm.ts";
import { GuestResponse } from "./response.ts";
import { GuestBlob, GuestFile } from "./web/blob.ts";
import { GuestFormData } from "./web/form_data.ts";
import { GuestHeaders } from "./web/headers.ts";
import { GuestRequest } from "./web/request.ts";
import { guestStructuredClone } from "./web/structured_clone.ts";

/**
 * Web globals handed to the script as they are. None of them loads code, stores anything or reaches
 * another thread; `fetch`, the timers and `console` are replaced by our own.
 */
const WEB_GLOBALS = [
  "AbortController",
  "AbortSignal",
  "Blob",
  "DOMException",
  "File",
  "FormData",
  "Headers",
  "Request",
  "Response",
  "TextDecoder",
  "TextEncoder",
  "URL",
  "URLSearchParams",
  "atob",
  "btoa",
  "crypto",
  "structuredClone",
] as const;

/**
 * Classes a script reaches through what it is given, without having their names. They stay on the Worker's
 * global object, where the runtime looks for some of them (`ReadableStream` for a response's `body`).
 */
const REACHABLE_CLASSES = [
  "CryptoKey",
  "Event",
  "EventTarget",
  "ReadableByteStreamController",
  "ReadableStream",
  "ReadableStreamBYOBReader",
  "ReadableStreamBYOBRequest",
  "ReadableStreamDefaultController",
  "ReadableStreamDefaultReader",
] as const;

/** What stays on the Worker's own global object while the sandbox is built: the language, and `ses`. */
const KEPT = new Set(
  ("AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt BigInt64Array BigUint64Array " +
    "Boolean Compartment DataView Date DisposableStack Error EvalError FinalizationRegistry " +
    "Float16Array Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array Intl " +
    "Iterator JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp " +
    "Set String SuppressedError Symbol SyntaxError TypeError URIError Uint16Array Uint32Array " +
    "Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet assert decodeURI decodeURIComponent encodeURI " +
    "encodeURIComponent escape eval globalThis harden isFinite isNaN lockdown parseFloat parseInt " +
    "repairIntrinsics undefined unescape").split(" "),
);

export type WebGlobals = Readonly<Record<string, unknown>>;

/**
 * Takes every global that is not part of the language off the global object, but for those the script
 * gets too and the classes behind them, which it returns; the others are not even looked at, because
 * many of them are loaded when they are.
 */
export function takeWebGlobals(): WebGlobals {
  const kept: readonly string[] = [...WEB_GLOBALS, ...REACHABLE_CLASSES];
  const web = Object.fromEntries(kept.map((name) => [name, Reflect.get(globalThis, name)]));
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (KEPT.has(name) || kept.includes(name)) continue;
    Reflect.deleteProperty(globalThis, name);
  }
  return web;
}

/** Freezes the classes a script can reach, so that it cannot change what the sandbox works with. */
export function hardenWebGlobals(web: WebGlobals): void {
  for (const value of Object.values(web)) harden(value);
}

/** Makes the Worker's own ways to evaluate code unreachable, for code that got hold of its global object. */
export function dropEvaluators(): void {
  for (
    const name of [
      "Compartment",
      "Function",
      "assert",
      "console",
      "eval",
      "lockdown",
      "repairIntrinsics",
    ]
  ) {
    Reflect.deleteProperty(globalThis, name);
  }
}

/**
 * `addEventListener.call(undefined, …)` means the Worker's global object, and an event's `target` then
 * hands it out. Called on nothing it throws from now on. `URL.createObjectURL`, which
 * turns bytes into something loadable, goes too.
 */
export function closeWebGlobals(web: WebGlobals): void {
  const prototype = (web.EventTarget as typeof EventTarget).prototype;
  for (const name of ["addEventListener", "removeEventListener", "dispatchEvent"] as const) {
    const original = prototype[name] as (...args: unknown[]) => unknown;
    const guarded = {
      [name](this: unknown, ...args: unknown[]): unknown {
        if (this === undefined || this === null) throw new TypeError("Illegal invocation");
        return Reflect.apply(original, this, args);
      },
    };
    Object.defineProperty(prototype, name, { value: guarded[name] });
  }
  for (const name of ["createObjectURL", "revokeObjectURL"]) {
    Reflect.deleteProperty(web.URL as object, name);
  }
}

/** All of them write a debug line. */
const CONSOLE_METHODS = ["debug", "dir", "error", "group", "info", "log", "table", "trace", "warn"];

/** The endowments of the script's compartment; `extra` holds the helpers that are loaded on demand. */
export function guestGlobals(
  web: WebGlobals,
  network: GuestNetwork,
  helpers: UserHelpers,
  extra: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const log = helpers.debug;
  return {
    ...Object.fromEntries(WEB_GLOBALS.map((name) => [name, web[name]])),
    ...ownClasses(),
    Date,
    Float32Array,
    Float64Array,
    Intl,
    Math,
    fetch: makeFetch(network),
    console: Object.fromEntries(CONSOLE_METHODS.map((name) => [name, log])),
    ...timers(),
    ...helpers,
    ...extra,
  };
}

/** In place of the runtime's, whose objects would hand out what they work with (`web/private_native.ts`). */
function ownClasses(): Record<string, unknown> {
  return {
    Blob: named(GuestBlob, "Blob"),
    File: named(GuestFile, "File"),
    FormData: named(GuestFormData, "FormData"),
    Headers: named(GuestHeaders, "Headers"),
    Request: named(GuestRequest, "Request"),
    Response: named(GuestResponse, "Response"),
    structuredClone: named(guestStructuredClone, "structuredClone"),
  };
}

function named<T extends object>(value: T, name: string): T {
  return Object.defineProperty(value, "name", { value: name });
}

/** Of a longer delay, or a negative one, the runtime would warn by means that are gone from the Worker. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * The standard timers, for functions only: given text, the native ones would compile it. Ids are our own
 * numbers, because the native timer objects are not ours to hand out.
 */
function timers(): Record<string, unknown> {
  const running = new Map<number, ReturnType<typeof native.setTimeout>>();
  let lastId = 0;
  const start = (repeats: boolean) => (callback: unknown, ms?: unknown, ...args: unknown[]) => {
    const call = callable(callback);
    const id = ++lastId;
    const tick = () => {
      if (!repeats) running.delete(id);
      Reflect.apply(call, undefined, args);
    };
    const schedule = repeats ? native.setInterval : native.setTimeout;
    const delayMs = Math.min(Math.max(Number(ms ?? 0) || 0, 0), MAX_DELAY_MS);
    running.set(id, schedule(tick, delayMs));
    return id;
  };
  const stop = (id: unknown) => {
    const timer = running.get(Number(id));
    running.delete(Number(id));
    native.clearTimeout(timer);
  };
  return {
    setTimeout: start(false),
    setInterval: start(true),
    clearTimeout: stop,
    clearInterval: stop,
    queueMicrotask: (callback: unknown) => {
      const call = callable(callback);
      native.queueMicrotask(() => Reflect.apply(call, undefined, []));
    },
  };
}

function callable(callback: unknown): () => void {
  if (typeof callback !== "function") throw new TypeError("A timer needs a function");
  return callback as () => void;
}
