/**
 * The tools of one app or service as the server knows them. An owner that is slow or broken costs the others
 * nothing: a list waits for it a short time, once, and goes on with what it offered before; what comes late is
 * told to the client as a changed list. One that was late and then failed is tried again, and never waited for.
 */
import { AppError, messageOf } from "../base/error.ts";
import type { SkippedTool, ToolListing, ToolOwner } from "../ops/tool_owner.ts";
import type { OwnedTool } from "./tool_description.ts";

export interface OwnerStatus {
  readonly owner: string;
  readonly kind: ToolOwner["kind"];
  /** `loading`: longer than a list waits; the tools are those of before. */
  readonly state: "ready" | "loading" | "failed";
  /** How many tools are offered. */
  readonly tools: number;
  readonly skipped: readonly SkippedTool[];
  /** Why it is `failed`. */
  readonly problem: string | null;
}

const NOTHING: ToolListing = { tools: [], skipped: [] };

export class OwnerTools {
  readonly #onLate: () => void;
  #owner: ToolOwner;
  #listing = NOTHING;
  #tools: readonly OwnedTool[] = [];
  #problem: string | null = null;
  #reading: Promise<void> | null = null;
  /** For its state, since the last reading; in milliseconds. */
  #waitedMs = 0;
  #isLate = false;
  #hasFailedLate = false;

  /** `onLate` is told when a reading ends that a list has not waited for. */
  constructor(owner: ToolOwner, onLate: () => void) {
    this.#owner = owner;
    this.#onLate = onLate;
  }

  /** The same array for as long as the tools are the same. */
  get tools(): readonly OwnedTool[] {
    return this.#tools;
  }

  get status(): OwnerStatus {
    const { name, kind } = this.#owner;
    return {
      owner: name,
      kind,
      state: this.#isLate && !this.#hasFailedLate
        ? "loading"
        : this.#problem === null
        ? "ready"
        : "failed",
      tools: this.#listing.tools.length,
      skipped: this.#listing.skipped,
      problem: this.#problem,
    };
  }

  /**
   * What the tools are made of, where the owner says it by `deadlineMs` without making them; where one was late
   * before, not asked.
   */
  async state(owner: ToolOwner, deadlineMs: number): Promise<string | null> {
    if (owner.state === undefined || this.#isLate || this.#hasFailedLate) return null;
    const startedMs = performance.now();
    const late = Promise.withResolvers<null>();
    const timer = setTimeout(() => late.resolve(null), deadlineMs);
    try {
      return await Promise.race([owner.state(), late.promise]);
    } finally {
      clearTimeout(timer);
      this.#waitedMs = performance.now() - startedMs;
    }
  }

  /** What the tools that are offered were made of; `null` where that is not known, and of others than there are. */
  get madeOf(): string | null {
    return this.status.state === "ready" ? this.#listing.state ?? null : null;
  }

  /**
   * Reads anew, and waits for at most `deadlineMs`, what it waited for its state before included; for a reading that is
   * late already, not at all.
   */
  async refresh(owner: ToolOwner, deadlineMs: number): Promise<void> {
    this.#owner = owner;
    const leftMs = Math.max(0, deadlineMs - this.#waitedMs);
    this.#waitedMs = 0;
    if (this.#isLate) return;
    this.#reading ??= this.#read();
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      this.#isLate = this.#reading !== null;
      late.resolve();
    }, this.#hasFailedLate ? 0 : leftMs);
    await Promise.race([this.#reading, late.promise]);
    clearTimeout(timer);
  }

  /** Waits for the reading to end, however long it takes. */
  async settle(owner: ToolOwner): Promise<void> {
    this.#owner = owner;
    await (this.#reading ??= this.#read());
  }

  #take(listing: ToolListing): void {
    const isSame = listing === this.#listing ||
      this.#owner.kind === "app" && JSON.stringify(listing) === JSON.stringify(this.#listing);
    if (isSame) return;
    this.#listing = listing;
    this.#tools = listing.tools.map((summary) => ({ owner: this.#owner.name, summary }));
  }

  async #read(): Promise<void> {
    const [tools, problem] = [this.#tools, this.#problem];
    try {
      this.#take(await this.#owner.list());
      this.#problem = null;
    } catch (error) {
      this.#take(NOTHING);
      this.#problem = error instanceof AppError
        ? problemText(error)
        : `unexpected failure: ${messageOf(error)}`;
    }
    this.#reading = null;
    this.#hasFailedLate = this.#problem !== null && (this.#isLate || this.#hasFailedLate);
    if (!this.#isLate) return;
    this.#isLate = false;
    // A client asks for the list again when it hears of a change: the same failure would have it ask for ever.
    if (tools !== this.#tools || problem !== this.#problem) this.#onLate();
  }
}

/** Message and hint in one line. */
export function problemText({ message, hint }: AppError): string {
  return hint === undefined ? message : `${message}. Hint: ${hint}`;
}
