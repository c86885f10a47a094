/**
 * The Worker's realm before anything else is loaded into it. Imported first by `worker.ts`: takes what the
 * sandbox needs from the global object, and removes `Deno` and `process`, which `ses` would ask for
 * environment variables.
 */

/** The Worker's own channel to the child's main isolate, out of reach of the script. */
export interface GuestPort {
  post(message: unknown): void;
  /** Calls `receive` for each message. One receiver at a time. */
  listen(receive: (message: unknown) => void): void;
}

const scope = globalThis as unknown as DedicatedScope;

interface DedicatedScope {
  postMessage(message: unknown): void;
  addEventListener(type: string, listener: (event: Event) => void): void;
}

const postMessage = scope.postMessage.bind(globalThis);
const addEventListener = EventTarget.prototype.addEventListener.bind(globalThis);

let receiver: (message: unknown) => void = () => {};
addEventListener("message", (event) => receiver((event as MessageEvent).data));

export const port: GuestPort = {
  post: (message) => postMessage(message),
  listen: (receive) => {
    receiver = receive;
  },
};

/** What each run rejects at its end; of no other run. */
const ends = new Set<unknown>();

/**
 * Calls `report` with whatever was thrown and caught by nobody, instead of ending the Worker.
 *
 * @returns waits until what was rejected so far is reported; rejections are reported in their order. What timers throw
 * from then on is not
 */
export function catchUnhandled(report: (thrown: unknown) => void): () => Promise<void> {
  const last = Symbol("last");
  ends.add(last);
  let reached = () => {};
  let isOver = false;
  addEventListener("error", (event) => {
    event.preventDefault();
    // A timer that is due may throw before what was rejected earlier is told.
    if (!isOver) report((event as ErrorEvent).error);
  });
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    const { reason } = event as PromiseRejectionEvent;
    if (reason === last) reached();
    else if (!ends.has(reason)) report(reason);
  });
  return () =>
    new Promise((resolve) => {
      isOver = true;
      reached = resolve;
      void Promise.reject(last);
    });
}

/** The native functions the sandbox itself works with. */
export const native = {
  fetch: globalThis.fetch.bind(globalThis),
  setTimeout: globalThis.setTimeout.bind(globalThis),
  clearTimeout: globalThis.clearTimeout.bind(globalThis),
  setInterval: globalThis.setInterval.bind(globalThis),
  queueMicrotask: globalThis.queueMicrotask.bind(globalThis),
} as const;

for (const name of ["Deno", "process"]) Reflect.deleteProperty(globalThis, name);
