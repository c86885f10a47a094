import type { ErrorCode } from "../base/error.ts";

export interface SecretProblemOptions {
  /** The command to run or the thing to change. */
  readonly hint?: string;
  /** When it is more than a missing secret: the server refused it, or did not answer. */
  readonly code?: ErrorCode;
  readonly cause?: unknown;
}

/** Why a source yields nothing; the message is the reason, without full stop and without the value. */
export class SecretProblem extends Error {
  override readonly name = "SecretProblem";
  readonly hint: string | null;
  readonly code: ErrorCode | null;

  constructor(reason: string, options: SecretProblemOptions = {}) {
    super(reason, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = options.hint ?? null;
    this.code = options.code ?? null;
  }
}

/** Secrets are short; what is larger is the wrong file or program. In bytes. */
export const MAX_SECRET_BYTES = 256 * 1024;
