/**
 * Where a recording is kept while it is made: a store of its own beside the app's, so that a long sitting takes
 * no memory and nobody sees half of it. Passwords are in it: it is removed at the end, and one that a killed
 * process left when the next recording of the app begins.
 */
import { kill, pid } from "node:process";
import { readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Trace } from "../http/exchange.ts";
import type { NewCapture, NewTrace } from "./capture_info.ts";
import type { Home } from "./home.ts";
import { removeIfEmpty } from "./remove_if_empty.ts";
import { TraceStore } from "./trace_store.ts";

/** Exchanges written at once: each write waits for the disk. */
const BATCH = 32;
/** Bytes of bodies that are written without waiting for a batch. */
const BATCH_BYTES = 4 * 1024 * 1024;
const SPOOL_NAME = /^recording-(\d+)\.db/;

const PLACEHOLDER: NewCapture = {
  file: "recording",
  sha256: "",
  importedAt: "",
  creator: "",
  skipped: 0,
  sanitised: false,
};

export class RecordingSpool {
  readonly #path: string;
  readonly #store: TraceStore;
  readonly #id: string;
  #isEmpty = true;
  #waiting: NewTrace[] = [];
  #waitingBytes = 0;

  private constructor(path: string) {
    this.#path = path;
    this.#store = TraceStore.open(path);
    this.#id = this.#store.addCapture(PLACEHOLDER, []).id;
  }

  static open(home: Home, app: string): RecordingSpool {
    removeAbandoned(home.appDir(app));
    return new RecordingSpool(home.appFile(app, `recording-${pid}.db`));
  }

  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  add(trace: NewTrace): void {
    this.#isEmpty = false;
    this.#waiting.push(trace);
    this.#waitingBytes += (trace.request.body?.length ?? 0) + (trace.response?.body?.length ?? 0);
    if (this.#waiting.length >= BATCH || this.#waitingBytes >= BATCH_BYTES) this.#flush();
  }

  /** What was recorded so far, in time order. */
  traces(): Trace[] {
    this.#flush();
    return this.#store.traces({ includeNoise: true });
  }

  /** The same one after another, with the messages of WebSockets. */
  *whole(): Generator<NewTrace> {
    this.#flush();
    for (const trace of this.#store.eachTrace()) {
      yield { ...trace, frames: this.#store.frames(trace.id) };
    }
  }

  [Symbol.dispose](): void {
    this.#store.close();
    removeStore(this.#path);
    removeIfEmpty(dirname(this.#path));
  }

  #flush(): void {
    if (this.#waiting.length === 0) return;
    this.#store.appendTraces(this.#id, this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}

function removeAbandoned(folder: string): void {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return;
  }
  for (const name of names) {
    const owner = SPOOL_NAME.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) rmSync(join(folder, name), { force: true });
  }
}

/** Signal 0 asks whether the process is there (kill(2)). */
function isAlive(process: number): boolean {
  try {
    return kill(process, 0);
  } catch (error) {
    return (error as { code?: unknown }).code === "EPERM";
  }
}

/** SQLite keeps a journal beside the file. */
function removeStore(path: string): void {
  for (const suffix of ["", "-journal", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
}
