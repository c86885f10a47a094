/**
 * One run seen from the parent. Lines that carry the nonce are obeyed, within the limits; all others are
 * counted and dropped. The first ending wins: a result, an error, a limit, the end of the process, an
 * abort, a failing dialog. Whatever it is, `close()` kills the process and waits until it is gone.
 */
import type { SandboxProcess } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { escapeForeignLines, escapeForeignText } from "../base/foreign_text.ts";
import { Deadline } from "./deadline.ts";
import type { GuestExchange, GuestRun } from "./guest_run.ts";
import { type LimitName, MAX_CALLS, MAX_LINE_BYTES } from "./limits.ts";
import { LineTooLong, readLines } from "./line_reader.ts";
import {
  type GuestAnswer,
  type GuestConfig,
  type GuestMessage,
  type GuestScript,
  readGuestMessage,
  type WatchedAnswer,
} from "./protocol.ts";

export type Ending =
  | { readonly kind: "result"; readonly json: string }
  | {
    readonly kind: "error";
    readonly name: string;
    readonly message: string;
    readonly line: number | null;
  }
  | { readonly kind: "limit"; readonly limit: LimitName };

/** A process that has not handed the script over by then never will. In milliseconds. */
const START_TIMEOUT_MS = 30_000;

/** How much of the process's stderr is kept to find out why it ended, in bytes. Shown if the script had not started. */
const KEPT_STDERR_BYTES = 16_384;

type Call = Extract<GuestMessage, { kind: "call" }>;

export class GuestSession {
  readonly exchanges: GuestExchange[] = [];
  readonly answers: WatchedAnswer[] = [];
  readonly debug: string[] = [];
  readonly #run: GuestRun;
  readonly #process: SandboxProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #nonce: string;
  readonly #ending = Promise.withResolvers<Ending>();
  readonly #deadline: Deadline;
  readonly #startTimer: ReturnType<typeof setTimeout>;
  readonly #onAbort = () => this.#abandon(new AppError("INTERRUPTED", "Interrupted"));
  readonly #pipes: Promise<void>;
  #dialogs: Promise<void> = Promise.resolve();
  #started = false;
  #isOver = false;
  #stderr = "";
  #outputBytes = 0;
  #calls = 0;
  #prompts = 0;

  /** Sends the configuration; the script follows with `run()`. */
  constructor(run: GuestRun, process: SandboxProcess, config: GuestConfig) {
    this.#run = run;
    this.#process = process;
    this.#nonce = config.nonce;
    this.#stdin = process.stdin.getWriter();
    this.#deadline = new Deadline(run.limits.timeoutMs, () => this.#limit("time"));
    this.#startTimer = setTimeout(
      () => this.#fail("The sandbox process did not start"),
      START_TIMEOUT_MS,
    );
    run.signal?.addEventListener("abort", this.#onAbort, { once: true });
    this.#ending.promise.catch(() => {});
    this.#pipes = Promise.all([this.#readMessages(), this.#readStderr()]).then(
      () => this.#ended(),
      (thrown) => this.#abandon(thrown),
    );
    this.#write(config);
  }

  /** Hands the script over and waits for the end of it. */
  async run(script: GuestScript): Promise<Ending> {
    this.#write(script);
    return await this.#ending.promise;
  }

  /** Leaves no process, timer or listener behind. */
  async close(): Promise<void> {
    this.#deadline.cancel();
    clearTimeout(this.#startTimer);
    this.#run.signal?.removeEventListener("abort", this.#onAbort);
    killProcess(this.#process);
    await this.#process.status;
    await this.#pipes;
    await this.#stdin.abort().catch(() => {});
  }

  async #readMessages(): Promise<void> {
    try {
      for await (const line of readLines(this.#counted(this.#process.stdout), MAX_LINE_BYTES)) {
        if (!line.startsWith(`${this.#nonce} `)) continue;
        const message = readGuestMessage(line.slice(this.#nonce.length + 1));
        if (message !== null) this.#receive(message);
      }
    } catch (thrown) {
      if (!(thrown instanceof LineTooLong)) throw thrown;
      this.#limit("output");
    }
  }

  async #readStderr(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of this.#counted(this.#process.stderr)) {
      if (this.#stderr.length < KEPT_STDERR_BYTES) this.#stderr += decoder.decode(chunk);
    }
  }

  #counted(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
    return stream.pipeThrough(
      new TransformStream({
        transform: (chunk: Uint8Array, controller) => {
          this.#outputBytes += chunk.length;
          if (this.#outputBytes > this.#run.limits.outputBytes) this.#limit("output");
          else controller.enqueue(chunk);
        },
      }),
    );
  }

  #receive(message: GuestMessage): void {
    switch (message.kind) {
      case "walls":
        return; // for whoever asks, see `probe_walls.ts`
      case "started":
        if (this.#started) return;
        this.#started = true;
        clearTimeout(this.#startTimer);
        return this.#deadline.resume();
      case "call":
        return this.#call(message);
      case "debug":
        return escapeForeignLines(message.text).forEach((line) => {
          this.debug.push(line);
          this.#run.dialog.debug(line);
        });
      case "exchange": {
        const { kind: _, ...exchange } = message;
        this.exchanges.push(exchange);
        return;
      }
      case "answer":
        this.answers.push(message.answer);
        return;
      default:
        return this.#end(message);
    }
  }

  /** Calls reach the user one after the other, however many the script makes at once. */
  #call(call: Call): void {
    if (++this.#calls > MAX_CALLS) return this.#limit("calls");
    if (call.name !== "tell_user" && ++this.#prompts > this.#run.limits.prompts) {
      return this.#limit("prompts");
    }
    this.#dialogs = this.#dialogs.then(() => this.#answer(call)).catch((thrown) =>
      this.#abandon(thrown)
    );
  }

  /** A question that waited behind another one is not asked once the run is over. */
  async #answer(call: Call): Promise<void> {
    if (this.#isOver) return;
    this.#deadline.pause();
    const value = await this.#ask(call);
    this.#deadline.resume();
    this.#write({ id: call.id, value } satisfies GuestAnswer);
  }

  async #ask({ name, text }: Call): Promise<string> {
    const { dialog } = this.#run;
    switch (name) {
      case "prompt_text":
        return await dialog.promptText(escapeForeignText(text));
      case "prompt_secret":
        return await dialog.promptSecret(escapeForeignText(text));
      case "wait_user_confirmation":
        await dialog.confirm(escapeForeignLines(text).join("\n"));
        return "";
      case "tell_user":
        dialog.tell(escapeForeignLines(text).join("\n"));
        return "";
    }
  }

  /** The end of the process without an ending of the script. */
  async #ended(): Promise<void> {
    const { signal } = await this.#process.status;
    if (signal === "SIGINT") return this.#onAbort();
    if (/out of memory|heap limit/i.test(this.#stderr)) return this.#limit("memory");
    if (this.#started) return this.#fail("The sandbox process ended before the script did");
    const reason = escapeForeignText(this.#stderr.trim().split("\n")[0] ?? "");
    this.#fail(`The sandbox process could not start: ${reason}`);
  }

  #end(ending: Ending): void {
    this.#isOver = true;
    this.#ending.resolve(ending);
  }

  #abandon(thrown: unknown): void {
    this.#isOver = true;
    this.#ending.reject(thrown);
  }

  #limit(limit: LimitName): void {
    this.#end({ kind: "limit", limit });
    killProcess(this.#process);
  }

  #fail(message: string): void {
    this.#end({ kind: "error", name: "SandboxError", message, line: null });
  }

  /** A process that is gone does not read; its end is noticed elsewhere. */
  #write(value: GuestConfig | GuestScript | GuestAnswer): void {
    const line = new TextEncoder().encode(`${JSON.stringify(value)}\n`);
    this.#stdin.write(line).catch(() => {});
  }
}

function killProcess(process: SandboxProcess): void {
  try {
    process.kill("SIGKILL");
  } catch (thrown) {
    if (!(thrown instanceof TypeError) && !(thrown instanceof Deno.errors.NotFound)) throw thrown;
  }
}
