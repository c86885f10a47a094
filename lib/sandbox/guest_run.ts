/** What a run of a script is given, and what it tells of its requests. */
import type { StartSandbox } from "../base/context.ts";
import type { GuestLimits } from "./limits.ts";
import type { GuestEntry, WatchedRequest } from "./protocol.ts";
import type { GuestNetworkChoice } from "./reach.ts";

/** The user's side of a run. Labels, messages and lines come escaped. What it throws ends the run. */
export interface GuestDialog {
  promptText(label: string): Promise<string>;
  promptSecret(label: string): Promise<string>;
  confirm(message: string): Promise<void>;
  tell(message: string): void;
  debug(line: string): void;
}

export interface GuestRun {
  /** TypeScript. */
  readonly source: string;
  /** For messages. */
  readonly fileName: string;
  readonly entry: GuestEntry;
  readonly network: GuestNetworkChoice;
  readonly limits: GuestLimits;
  readonly dialog: GuestDialog;
  readonly signal?: AbortSignal;
  /** Requests whose answers the outcome shall hold. Default: none. */
  readonly watched?: readonly WatchedRequest[];
  /** As of `Context`. */
  readonly startSandbox?: StartSandbox | undefined;
}

/** One request the script made, each hop of a redirect counted; told by the sandbox, so not proof. */
export interface GuestExchange {
  readonly method: string;
  readonly url: string;
  /** `null`: no answer. */
  readonly status: number | null;
  readonly error?: string;
  /** `Retry-After` of the answer, where it has one. */
  readonly retryAfter?: string;
}
