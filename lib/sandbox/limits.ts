/** What a script may use up. The parent counts; the child reports what only it can measure. */

export interface GuestLimits {
  /** Wall clock in milliseconds, from the start of the script; stands still while a prompt is open. */
  readonly timeoutMs: number;
  /** Processor time of the sandbox process in milliseconds, its start (about 150 ms) included. */
  readonly cpuMs: number;
  /** Resident memory of the sandbox process in bytes, of which about 100 MiB are its own. */
  readonly memoryBytes: number;
  /** Everything the script makes the sandbox say (prompts, debug, result), in UTF-8 bytes. */
  readonly outputBytes: number;
  /** How often the user may be asked: prompts and confirmations. */
  readonly prompts: number;
}

export const DEFAULT_GUEST_LIMITS: GuestLimits = {
  timeoutMs: 60_000,
  cpuMs: 20_000,
  memoryBytes: 512 * 1024 * 1024,
  outputBytes: 1024 * 1024,
  prompts: 20,
};

/** Prompts, confirmations and messages together. Not adjustable. */
export const MAX_CALLS = 200;

/** Longest text of one prompt or message, in UTF-16 units. Not adjustable. */
export const MAX_CALL_TEXT = 16_384;

/** Longest result as JSON, in UTF-16 units. Not adjustable. */
export const MAX_RESULT_LENGTH = 65_536;

/** Longest line the parent reads, in bytes: a result or a text with every character escaped fits. */
export const MAX_LINE_BYTES = 524_288;

/**
 * Longest text of all watched answers of a run together, in UTF-16 units; with every character escaped it
 * stays within the output limit and within a line. Not adjustable.
 */
export const MAX_WATCHED_TEXT = 81_920;

export type LimitName = "time" | "cpu" | "memory" | "output" | "prompts" | "calls";

export interface LimitHit {
  readonly limit: LimitName;
  /** The limit's value in `unit`. */
  readonly value: number;
  readonly unit: "ms" | "bytes" | "prompts" | "calls";
  readonly message: string;
}

/** The limit with its value, in words: `The script used more than its CPU limit of 20 s`. */
export function limitHit(limit: LimitName, limits: GuestLimits): LimitHit {
  switch (limit) {
    case "time":
      return {
        limit,
        value: limits.timeoutMs,
        unit: "ms",
        message: `The script ran for longer than its time limit of ${seconds(limits.timeoutMs)}`,
      };
    case "cpu":
      return {
        limit,
        value: limits.cpuMs,
        unit: "ms",
        message: `The script used more than its CPU limit of ${seconds(limits.cpuMs)}`,
      };
    case "memory":
      return {
        limit,
        value: limits.memoryBytes,
        unit: "bytes",
        message: `The script used more than its memory limit of ${mebibytes(limits.memoryBytes)}`,
      };
    case "output":
      return {
        limit,
        value: limits.outputBytes,
        unit: "bytes",
        message: `The script wrote more than its output limit of ${limits.outputBytes} bytes`,
      };
    case "prompts":
      return {
        limit,
        value: limits.prompts,
        unit: "prompts",
        message: `The script asked more often than its limit of ${limits.prompts} prompts`,
      };
    case "calls":
      return {
        limit,
        value: MAX_CALLS,
        unit: "calls",
        message: `The script called its helpers more often than the limit of ${MAX_CALLS} calls`,
      };
  }
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB`;
}
