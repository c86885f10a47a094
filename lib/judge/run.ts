/** What one run of a script did, as the replay's server and the sandbox saw it. */
import type { ProofKey } from "../http/key_proof.ts";
import type { HttpRequest, HttpResponse } from "../http/exchange.ts";

export interface SentRequest {
  readonly request: HttpRequest;
  /** `Trace.id` of the recorded request it reproduces; `null` when it is none of the login. */
  readonly trace: string | null;
  readonly answer: HttpResponse;
  /** Recorded names of form fields that this run's page calls otherwise, and that the script took from there. */
  readonly takenNames?: readonly string[];
}

/** What a script hands over in the end: headers and parameters for the requests of the app. */
export interface RunResult {
  readonly headers: Readonly<Record<string, string>>;
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** User names and passwords of credentials that are computed for each request (HTTP Digest). */
  readonly computed: readonly string[];
  /** The key that it is bound to. Secret. */
  readonly key?: ProofKey;
  /** How long they last, in seconds, if the script says so. */
  readonly expiresInSec?: number;
}

export interface Confirmed {
  readonly text: string;
  readonly afterRequests: number;
}

export interface ScriptRun {
  readonly sent: readonly SentRequest[];
  readonly result: RunResult | null;
  /** What the user was asked to confirm, each after so many requests. */
  readonly confirmed?: readonly Confirmed[];
  /** What the prompts were answered with, by the name of the input: of those that were asked. */
  readonly answers: ReadonlyMap<string, string>;
  /** The refresh token that a renewal was given; absent for a login. */
  readonly handedToken?: string;
  /** The key that it is bound to, or `null`; absent for a login. */
  readonly handedKey?: ProofKey | null;
}
