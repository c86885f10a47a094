/**
 * Attaches to every page, frame and worker of a browser before its first request, and records what they say.
 * Flat mode: each target is a session of one connection; a new one waits until it is listened to.
 */
import { isRecord } from "../base/json.ts";
import type { TypedField } from "../store/typed_field.ts";
import {
  CREDENTIAL_FIELDS_SCRIPT,
  REPORT_BINDING,
  SCRIPT_WORLD,
} from "./credential_fields_script.ts";
import type { Devtools, DevtoolsEvent, DevtoolsParams } from "./devtools.ts";
import { fetchOptions, NETWORK_OPTIONS, NetworkRecorder } from "./network_recorder.ts";
import type { RecordedExchange } from "./recorded_exchange.ts";
import { ScriptWorlds } from "./script_worlds.ts";
import { TypedFields } from "./typed_fields.ts";
import { answerForNobody } from "./unattended.ts";

const AUTO_ATTACH = { autoAttach: true, waitForDebuggerOnStart: true, flatten: true };
const RECORDED_TARGETS = new Set([
  "page",
  "iframe",
  "worker",
  "shared_worker",
  "service_worker",
  "webview",
]);
/** A page that closes its window may open the next one a moment later, in milliseconds. */
const NO_PAGE_MS = 1_000;

export interface RecorderOptions {
  readonly onExchange: (recorded: RecordedExchange) => void;
  readonly onTyped: (field: TypedField) => void;
  readonly nowMs: () => number;
  /** A browser without a window, where nobody answers what a page asks. */
  readonly unattended: boolean;
}

export class Recorder {
  readonly #devtools: Devtools;
  readonly #network: NetworkRecorder;
  readonly #typed = new TypedFields();
  readonly #worlds = new ScriptWorlds(SCRIPT_WORLD);
  readonly #options: RecorderOptions;
  /** Type of each attached target by its session. */
  readonly #sessions = new Map<string, string>();
  readonly #closed = Promise.withResolvers<void>();
  readonly #firstPage = Promise.withResolvers<void>();
  #closing: ReturnType<typeof setTimeout> | undefined;

  private constructor(devtools: Devtools, options: RecorderOptions) {
    this.#devtools = devtools;
    this.#options = options;
    this.#network = new NetworkRecorder(devtools, {
      tell: options.onExchange,
      nowMs: options.nowMs,
    });
    if (options.unattended) answerForNobody(devtools);
    devtools.onEvent((event) => this.#handle(event));
    devtools.ended.then(() => this.#closed.resolve());
  }

  /** Records from now on. */
  static async start(devtools: Devtools, options: RecorderOptions): Promise<Recorder> {
    const recorder = new Recorder(devtools, options);
    await devtools.send("Target.setAutoAttach", AUTO_ATTACH);
    await recorder.#firstPage.promise;
    return recorder;
  }

  /** Resolves when the last window was closed. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  get quietMs(): number {
    return this.#network.quietMs;
  }

  /** Sessions of pages and of frames in processes of their own, the newest page first. */
  documents(): string[] {
    const of = (wanted: string) =>
      [...this.#sessions].filter(([, type]) => type === wanted).map(([id]) => id);
    return [...of("page").reverse(), ...of("iframe")];
  }

  /** Fields of logins so far. */
  typed(): TypedField[] {
    return this.#typed.all();
  }

  /** Tells what is still under way. */
  async finish(): Promise<void> {
    clearTimeout(this.#closing);
    await this.#network.finish();
  }

  #handle(event: DevtoolsEvent): void {
    switch (event.method) {
      case "Target.attachedToTarget":
        return this.#attach(event.params);
      case "Target.detachedFromTarget":
        return this.#detach(String(event.params["sessionId"]));
      case "Runtime.bindingCalled":
        return this.#report(event.params);
      case "Page.frameNavigated":
      case "Page.documentOpened":
        return this.#watchAgain(event.sessionId);
      default:
        this.#worlds.handle(event);
        this.#network.handle(event);
    }
  }

  #attach({ sessionId, targetInfo }: DevtoolsParams): void {
    const type = isRecord(targetInfo) ? String(targetInfo["type"]) : "";
    const id = String(sessionId);
    this.#sessions.set(id, type);
    if (type === "page") clearTimeout(this.#closing);
    // Such as the browser's own windows, which load hundreds of files of its own.
    if (!RECORDED_TARGETS.has(type)) {
      this.#devtools.attempt("Runtime.runIfWaitingForDebugger", {}, id);
      return;
    }
    const isDocument = type === "page" || type === "iframe";
    // Sent in this order without waiting: the target goes on only after the last.
    const setUp = [
      this.#devtools.attempt("Network.enable", NETWORK_OPTIONS, id),
      this.#devtools.attempt("Fetch.enable", fetchOptions(this.#options), id),
      ...isDocument ? this.#watchFields(id) : [],
      this.#devtools.attempt("Target.setAutoAttach", AUTO_ATTACH, id),
      this.#devtools.attempt("Runtime.runIfWaitingForDebugger", {}, id),
    ];
    if (type === "page") Promise.all(setUp).then(() => this.#firstPage.resolve());
  }

  #watchFields(id: string): Promise<unknown>[] {
    return [
      this.#devtools.attempt("Page.enable", {}, id),
      this.#devtools.attempt("Runtime.enable", {}, id),
      this.#devtools.attempt(
        "Runtime.addBinding",
        { name: REPORT_BINDING, executionContextName: SCRIPT_WORLD },
        id,
      ),
      this.#devtools.attempt("Page.addScriptToEvaluateOnNewDocument", {
        source: CREDENTIAL_FIELDS_SCRIPT,
        worldName: SCRIPT_WORLD,
        runImmediately: true,
      }, id),
    ];
  }

  /**
   * A pop-up's first page may take over the world of the empty page before it, where the script has run
   * already, on a document that is gone (HTML standard section 7.4.5, initial about:blank). One that a script writes
   * anew has lost the script's listeners.
   */
  #watchAgain(sessionId: string | undefined): void {
    for (const contextId of this.#worlds.of(sessionId ?? "")) {
      this.#devtools.attempt(
        "Runtime.evaluate",
        { expression: CREDENTIAL_FIELDS_SCRIPT, contextId },
        sessionId,
      );
    }
  }

  #detach(sessionId: string): void {
    const type = this.#sessions.get(sessionId);
    this.#sessions.delete(sessionId);
    this.#network.forget(sessionId);
    if (type !== "page" || [...this.#sessions.values()].includes("page")) return;
    this.#closing = setTimeout(() => this.#closed.resolve(), NO_PAGE_MS);
  }

  #report({ name, payload }: DevtoolsParams): void {
    if (name !== REPORT_BINDING) return;
    const field = this.#typed.add(String(payload), this.#options.nowMs());
    if (field !== null) this.#options.onTyped(field);
  }
}
