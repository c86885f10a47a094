/**
 * A sandbox within the test's own process, for tests of what a script does: the compartment, its globals and its network
 * are the real ones, and no process is started. Nothing of the system closes it, and neither memory nor processor time
 * is watched: that is for `tests/sandbox/` and for the commands that run as processes.
 */
import type { SandboxProcess, StartSandbox } from "../../lib/base/context.ts";
import { readLines } from "../../lib/sandbox/line_reader.ts";
import { MAX_LINE_BYTES } from "../../lib/sandbox/limits.ts";
import {
  type GuestConfig,
  type GuestMessage,
  readGuestMessage,
  type WorkerSetup,
} from "../../lib/sandbox/protocol.ts";

/** `undefined`, and so the real one, outside of `deno test`: a Worker is kept until the test is over. */
export const scriptSandbox: StartSandbox | undefined = "afterEach" in Deno.test
  ? () => Promise.resolve(new WorkerSandbox(keptGuest()))
  : undefined;

let kept: KeptGuest | null = null;
if (scriptSandbox !== undefined) Deno.test.afterEach(() => kept?.end());

function keptGuest(): KeptGuest {
  return kept?.isGood ? kept : kept = new KeptGuest();
}

/** One Worker and the runs in it. */
class KeptGuest {
  isGood = true;
  readonly loaded: Promise<void>;
  readonly #worker = new Worker(new URL("./kept_guest.ts", import.meta.url), { type: "module" });
  readonly #runs = new Map<number, (json: string) => void>();
  #lastRun = 0;

  constructor() {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.loaded = promise;
    this.#worker.onerror = (event) => reject(new Error(event.message));
    this.#worker.onmessage = ({ data }) => {
      if (data === "loaded") return resolve();
      const [run, json] = data as [run: number, json: string];
      this.#runs.get(run)?.(json);
    };
  }

  /** @param receive is told what the run says until it is let go */
  begin(setup: WorkerSetup, receive: (json: string) => void): number {
    const run = ++this.#lastRun;
    this.#runs.set(run, receive);
    this.post(run, setup);
    return run;
  }

  post(run: number, sent: WorkerSetup | string): void {
    this.#worker.postMessage([run, sent]);
  }

  /** One that was not done may be computing: no other run gets this Worker. */
  letGo(run: number, isDone: boolean): void {
    this.#runs.delete(run);
    this.isGood &&= isDone;
    if (!this.isGood && this.#runs.size === 0) this.end();
  }

  end(): void {
    this.isGood = false;
    this.#worker.terminate();
  }
}

class WorkerSandbox implements SandboxProcess {
  readonly stdin: WritableStream<Uint8Array>;
  readonly stdout: ReadableStream<Uint8Array>;
  readonly stderr: ReadableStream<Uint8Array>;
  readonly #guest: KeptGuest;
  readonly #status = Promise.withResolvers<Deno.CommandStatus>();
  #out!: ReadableStreamDefaultController<Uint8Array>;
  #err!: ReadableStreamDefaultController<Uint8Array>;
  #run: number | null = null;
  #isDone = true;
  #isOver = false;

  constructor(guest: KeptGuest) {
    this.#guest = guest;
    const lines = new TransformStream<Uint8Array, Uint8Array>();
    this.stdin = lines.writable;
    this.stdout = new ReadableStream({ start: (controller) => void (this.#out = controller) });
    this.stderr = new ReadableStream({ start: (controller) => void (this.#err = controller) });
    this.#serve(readLines(lines.readable, MAX_LINE_BYTES)).catch((error) => {
      if (!this.#isOver) this.#err.enqueue(new TextEncoder().encode(String(error)));
      this.kill();
    });
  }

  get status(): Promise<Deno.CommandStatus> {
    return this.#status.promise;
  }

  kill(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#run !== null) this.#guest.letGo(this.#run, this.#isDone);
    this.#out.close();
    this.#err.close();
    this.#status.resolve({ success: false, code: 137, signal: "SIGKILL" });
  }

  /** As `runChild()`, but for the walls and the watch. */
  async #serve(lines: AsyncGenerator<string>): Promise<void> {
    const { nonce, reach, parts, watched }: GuestConfig = JSON.parse((await lines.next()).value);
    await this.#guest.loaded;
    if (this.#isOver) return;
    const say = (json: string) => this.#say(nonce, json);
    const run = this.#guest.begin({ reach, parts, watched }, say);
    this.#run = run;
    const script = await lines.next();
    if (script.done) return this.kill();
    this.#isDone = false;
    say(JSON.stringify({ kind: "started" } satisfies GuestMessage));
    this.#guest.post(run, script.value);
    for await (const answer of lines) this.#guest.post(run, answer);
    this.kill();
  }

  #say(nonce: string, json: string): void {
    if (this.#isOver) return;
    const kind = readGuestMessage(json)?.kind;
    this.#isDone ||= kind === "result" || kind === "error";
    this.#out.enqueue(new TextEncoder().encode(`${nonce} ${json}\n`));
  }
}
