/** Who would answer the prompts of an app's login: known before it begins. */
import type { AnswerSource } from "../base/config.ts";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { listLabels, matchingLabel } from "../base/labels.ts";
import { accountName } from "../store/account.ts";
import { type Home, openHome } from "../store/home.ts";
import { type AuthInput, type AuthRecord, readAuthRecord } from "../token/auth_file.ts";
import { hasConsent } from "../token/consent.ts";
import { type AuthScript, readAuthScript } from "../token/script_file.ts";
import { loadConfig } from "../store/load_config.ts";
import { configWith } from "./folder_consent.ts";
import type { Answers } from "./stored_answers.ts";

export interface LoginPlan {
  readonly answers: Answers;
  /** `null` for an app without a login script. */
  readonly record: AuthRecord | null;
  readonly script: AuthScript | null;
  /** True when the user has agreed to the script and its hosts. */
  readonly isAgreed: boolean;
  /** True when there is a script and every prompt of it has a source. */
  readonly isAnswered: boolean;
}

const NO_ANSWERS: Answers = new Map();

/**
 * `attended`: the user is there and may be asked whether the working folder's configuration counts.
 *
 * @throws {AppError} `BAD_CONFIG`, `BAD_STORE`; attended also `CONSENT_NEEDED`.
 */
export async function loginPlan(
  ctx: Context,
  home: Home,
  app: string,
  { attended = false }: { readonly attended?: boolean } = {},
): Promise<LoginPlan> {
  const { apps } = attended ? await configWith(ctx, app) : await loadConfig(ctx);
  const answers = apps.get(app)?.answers ?? NO_ANSWERS;
  const record = await readAuthRecord(home, app);
  const script = await readAuthScript(home, app);
  if (record === null || script === null) {
    return { answers, record, script, isAgreed: false, isAnswered: false };
  }
  const isAgreed = hasConsent(record, script);
  const isAnswered = hasEveryAnswer(answers, record.inputs, script.source);
  return { answers, record, script, isAgreed, isAnswered };
}

/** What a login is known to ask for. */
export interface LoginPrompts {
  /** Empty for a script written by hand. */
  readonly labels: readonly string[];
  /** The name of the account that logs in, where it has one of its own. */
  readonly account: string | null;
  /** @throws {AppError} `BAD_INPUT` for a label that is none of them, while one of them has no answer. */
  check(given: readonly string[], what: string): void;
}

/** @throws {AppError} `BAD_STORE`, `USAGE` for a malformed name. */
export async function loginPrompts(ctx: Context, app: string): Promise<LoginPrompts> {
  const inputs = (await readAuthRecord(openHome(ctx), app))?.inputs ?? [];
  return {
    labels: inputs.map(({ label }) => label),
    account: accountName(app).account,
    check: (given, what) => checkLabels(given, inputs, { app, what, code: "BAD_INPUT" }),
  };
}

/** The prompts that no source answers. */
function openPrompts(answers: Answers, inputs: readonly AuthInput[]): string[] {
  return inputs.map(({ label }) => label)
    .filter((label) => matchingLabel(answers.keys(), label) === undefined);
}

/**
 * @param what Where the answers come from, for the message.
 * @throws {AppError} `code` for a label that is none of the login's prompts, where a prompt is left without an
 * answer: a mistaken name. Answers beyond what is asked may serve several logins. A script written by hand
 * does not say what it will ask; its prompts are known when they come.
 */
export function checkLabels(
  given: readonly string[],
  inputs: readonly Pick<AuthInput, "label">[],
  { app, what, code }: {
    readonly app: string;
    readonly what: string;
    readonly code: "BAD_CONFIG" | "BAD_INPUT";
  },
): void {
  if (inputs.length === 0) return;
  const asked = inputs.map(({ label }) => label);
  const wrong = given.filter((label) => matchingLabel(asked, label) === undefined);
  const missing = asked.filter((label) => matchingLabel(given, label) === undefined);
  if (wrong.length === 0 || missing.length === 0) return;
  throw new AppError(
    code,
    `${what}: the login of "${app}" does not ask for ${listLabels(wrong)}; given: ${
      listLabels(given)
    }; missing: ${listLabels(missing)}`,
    {
      hint: `It asks for: ${listLabels(asked)}`,
      details: { wrong, given, missing },
    },
  );
}

function hasEveryAnswer(answers: Answers, inputs: readonly AuthInput[], script: string): boolean {
  if (openPrompts(answers, inputs).length > 0) return false;
  const sources = [...answers.values()];
  const asks = /\bprompt_(?:text|secret)\b/.test(script);
  const isAnswered = inputs.length > 0 || !asks || sources.some(isValue);
  const confirms = /\bwait_user_confirmation\b/.test(script);
  return isAnswered && (!confirms || sources.some(({ type }) => type === "confirm"));
}

function isValue({ type }: AnswerSource): boolean {
  return type !== "confirm";
}
