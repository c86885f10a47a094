/**
 * Every failure Keysmith reports on purpose is an `AppError`; anything else that reaches the top is a
 * bug. The catalogue below is the one place that says when a code is raised, what it carries and
 * which exit code it ends in.
 */

/** Exit code per error code. `1` failure, `2` usage, `3` authentication, `4`/`5` upstream, `130` interrupted. */
export const ERROR_EXIT_CODES = {
  /** The command line cannot be understood: unknown option, missing or malformed argument. */
  USAGE: 2,
  /** A file or text the user handed over is malformed. `details`: `{ file?, place? }`. */
  BAD_INPUT: 1,
  /** A file in the Keysmith home is damaged, unsafe or cannot be written. `details`: `{ file }` or `{ system }`. */
  BAD_STORE: 1,
  /** The configuration file is invalid. `details`: `{ file, line?, column?, key?, problem? }`. */
  BAD_CONFIG: 1,
  /** A named app, service, capture, trace, tool or file does not exist. */
  NOT_FOUND: 1,
  /** Another process holds the lock for longer than the wait allows. `details`: `{ file, waitedMs }`. */
  LOCKED: 1,
  /** There is no usable credential and none can be had without the user. The hint names the command. */
  AUTH_NEEDED: 3,
  /**
   * The site refused the credentials it was given. Asking again makes sense; fixing the script does not, except
   * where the answer does not tell which of them is wrong. `details`: `{ reason, status, mayBeScript? }`.
   */
  AUTH_REFUSED: 3,
  /** A script may not run live until the user agrees. The hint names the option that agrees. */
  CONSENT_NEEDED: 3,
  /** A prompt had to be answered and there is nobody and no answer. `details`: `{ label }`. */
  NO_INPUT: 3,
  /** The script was refused before running: an import, a syntax error, a missing `acquire_token`. */
  SCRIPT_REFUSED: 1,
  /** The script ran and failed for a reason of its own. `details`: `{ debug }`. */
  SCRIPT_FAILED: 1,
  /** The script hit a limit. `details`: `{ limit, value, unit }`. */
  SCRIPT_LIMIT: 1,
  /** The proof of a script failed. `details`: `{ mismatches }`. */
  PROOF_FAILED: 1,
  /** A credential would have gone to an origin it does not belong to. `details`: `{ origin }`. */
  ORIGIN_REFUSED: 1,
  /** The upstream answered 4xx. `details`: `{ status }`. */
  UPSTREAM_REFUSED: 4,
  /** The upstream answered 5xx. `details`: `{ status }`. */
  UPSTREAM_FAILED: 5,
  /** The upstream did not answer at all: no connection, no name, no valid certificate, time-out. */
  UNREACHABLE: 5,
  /** What was asked for cannot be done on this platform or is refused by design. The hint says what can. */
  UNSUPPORTED: 1,
  /** The user pressed Ctrl-C or a signal ended the work. */
  INTERRUPTED: 130,
} as const;

export type ErrorCode = keyof typeof ERROR_EXIT_CODES;

export interface AppErrorOptions {
  /** One line that names the command to run or the thing to change. */
  hint?: string;
  /** Facts for `--json` and tests; never a secret. */
  details?: Readonly<Record<string, unknown>>;
  cause?: unknown;
}

/** A failure with a code, a message (sentence case, values quoted, no full stop) and perhaps a hint. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? {};
  }

  get exitCode(): number {
    return ERROR_EXIT_CODES[this.code];
  }
}

/** Message and remedy in one line, for where an error is one reason among others. */
export function withHint({ message, hint }: AppError): string {
  return hint === undefined ? message : `${message} (${hint})`;
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
