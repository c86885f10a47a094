/**
 * The credentials of one call, within the time that the call has. A person who logs in takes as long as it takes:
 * what asks one, and what may, as the login to an app does, has limits of its own.
 */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import type { Credential } from "../resolve/credential.ts";
import type { CredentialSource, SecretStore } from "../resolve/credential_source.ts";
import type { Need, NeedOutcome } from "../resolve/need.ts";
import { unlessGivenUp } from "../store/turns.ts";
import { Stopping } from "../tools/stopping.ts";

/** What was waited is counted in these, in milliseconds: the time left is told to people. */
const UNIT_MS = 100;

export class TimedCredentials implements CredentialSource {
  readonly #ctx: Context;
  readonly #open: (ctx: Context) => SecretStore;
  readonly #untimed: SecretStore;
  readonly #timeoutMs: number | undefined;
  #waitedMs = 0;

  /** @param timeoutMs of the call; without one there are only the limits that every source has of itself */
  constructor(
    ctx: Context,
    open: (ctx: Context) => SecretStore,
    timeoutMs: number | undefined,
  ) {
    this.#ctx = ctx;
    this.#open = open;
    this.#untimed = open(ctx);
    this.#timeoutMs = timeoutMs;
  }

  /** What the call may still take, in milliseconds. */
  get leftMs(): number | undefined {
    if (this.#timeoutMs === undefined) return undefined;
    const waitedMs = Math.round(this.#waitedMs / UNIT_MS) * UNIT_MS;
    return Math.max(1, this.#timeoutMs - waitedMs);
  }

  async get(need: Need, interactive: boolean): Promise<NeedOutcome> {
    if (interactive || need.secret.source.type === "app") {
      return await this.#untimed.get(need, interactive);
    }
    return await this.#inTime((store) => store.get(need, false), (error) => ({
      kind: "failed",
      reason: error.message,
      hint: error.hint ?? null,
      code: error.code,
    }));
  }

  /** As of `SecretStore`. @throws {AppError} `UNREACHABLE` when the time is over. */
  async reject(need: Need, credential: Credential): Promise<boolean> {
    return await this.#inTime((store) => store.reject(need, credential));
  }

  /** As of `SecretStore`. @throws {AppError} `UNREACHABLE` when the time is over. */
  async wantScopes(need: Need, scopes: readonly string[]): Promise<void> {
    await this.#inTime((store) => store.wantScopes(need, scopes));
  }

  async #inTime<T>(
    work: (store: SecretStore) => Promise<T>,
    whenLate: (error: AppError) => T = raise,
  ): Promise<T> {
    if (this.leftMs === undefined) return await work(this.#untimed);
    const stopping = new Stopping(this.#ctx.signal, this.leftMs, this.#ctx.deadlines);
    const { signal } = stopping;
    const beganMs = performance.now();
    try {
      return await unlessGivenUp(work(this.#open({ ...this.#ctx, signal })), { signal });
    } catch (error) {
      if (!stopping.isStopped || this.#ctx.signal.aborted) throw error;
      return whenLate(tooLate(this.#timeoutMs!));
    } finally {
      stopping.end();
      this.#waitedMs += performance.now() - beganMs;
    }
  }
}

function raise(error: AppError): never {
  throw error;
}

function tooLate(timeoutMs: number): AppError {
  return new AppError(
    "UNREACHABLE",
    `the credentials could not be had within the ${timeoutMs / 1000} s of the call`,
    { hint: "Try again, or allow the call more time" },
  );
}
