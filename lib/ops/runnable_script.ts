/**
 * The login script of an app, ready to run: proven, or run on the user's word, and agreed to. A script
 * that was edited since its proof is proven again first.
 */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { accountName, appOf } from "../store/account.ts";
import type { Home } from "../store/home.ts";
import { type AuthRecord, readAuthRecord, updateAuthRecord } from "../token/auth_file.ts";
import type { ProofRecord } from "../token/proof_record.ts";
import { askConsent, type ShownScript } from "../token/consent.ts";
import { type AuthScript, requireAuthScript } from "../token/script_file.ts";

/** Proves a script on the captures of its app. */
export type Reprove = (
  ctx: Context,
  home: Home,
  app: string,
  source: string,
) => Promise<ProofRecord>;

export interface RunnableOptions {
  /** The user's word, given beforehand, that the script may reach its hosts. */
  readonly yes: boolean;
  /** What the user was shown before, and began. */
  readonly begun?: ShownScript | undefined;
  /** The user's word that the script may run without a proof. */
  readonly unproven: boolean;
  /** Default: on the captures of the app. */
  readonly reprove: Reprove | undefined;
}

export interface RunnableScript {
  readonly script: AuthScript;
  readonly record: AuthRecord;
}

/**
 * @throws {AppError} `AUTH_NEEDED` when the app has no script; `PROOF_FAILED`; `CONSENT_NEEDED` for a script
 * without a proof or without the user's yes.
 */
export async function runnableScript(
  ctx: Context,
  home: Home,
  app: string,
  options: RunnableOptions,
): Promise<RunnableScript> {
  // What an environment runs is proven as it was recorded.
  if (accountName(app).environment !== null && !options.unproven) {
    await requireProof(ctx, home, appOf(app), options.reprove);
  }
  const script = await requireAuthScript(home, app);
  const record = await readAuthRecord(home, app);
  if (record === null) {
    throw new AppError("AUTH_NEEDED", `Nothing is known about the login script of "${app}"`, {
      hint: `keysmith auth analyze ${appOf(app)}`,
      details: { script: script.path },
    });
  }
  const judged = options.unproven
    ? record
    : await withProof(ctx, home, app, { script, record }, options.reprove);
  return {
    script,
    record: await askConsent(ctx, home, app, {
      record: judged,
      script,
      yes: options.yes,
      begun: options.begun,
    }),
  };
}

async function requireProof(
  ctx: Context,
  home: Home,
  app: string,
  reprove: Reprove | undefined,
): Promise<void> {
  const script = await requireAuthScript(home, app);
  const record = await readAuthRecord(home, app);
  if (record !== null) await withProof(ctx, home, app, { script, record }, reprove);
}

async function withProof(
  ctx: Context,
  home: Home,
  app: string,
  { script, record }: RunnableScript,
  reprove: Reprove = reproveOnCaptures,
): Promise<AuthRecord> {
  if (record.source === "adopted") throw unproven(app);
  const isCurrent = record.proof?.scriptSha256 === script.sha256;
  const proof = isCurrent ? record.proof! : await reprove(ctx, home, app, script.source);
  if (!isCurrent) {
    await updateAuthRecord(ctx, home, app, { proof, scriptSha256: script.sha256 });
  }
  if (!proof.passed) throw proofFailed(app, proof);
  return { ...record, proof, scriptSha256: script.sha256 };
}

/** Loaded when needed: most logins run the script they ran before. */
const reproveOnCaptures: Reprove = async (...given) => {
  const { reproveScript } = await import("./analyze_auth.ts");
  return await reproveScript(...given);
};

function unproven(app: string): AppError {
  return new AppError("CONSENT_NEEDED", `The login script of "${app}" is not proven`, {
    hint: `Read it, then: keysmith auth login ${app} --unproven`,
  });
}

function proofFailed(app: string, { mismatches }: ProofRecord): AppError {
  const [first] = mismatches;
  const problem = first === undefined ? "" : `: ${first.where}: ${first.problem}`;
  return new AppError("PROOF_FAILED", `The login script of "${app}" fails its proof${problem}`, {
    hint:
      `keysmith auth analyze ${appOf(app)} writes it anew; keysmith auth login ${app} --unproven ` +
      "runs it all the same",
    details: { mismatches },
  });
}
