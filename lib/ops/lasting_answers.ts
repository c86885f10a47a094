/**
 * What of the stored answers stays the same from login to login, to tell whether an answer that was refused
 * has changed. A one-time code stands for its secret or its source: asking for one would spend it.
 */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { matchingLabel } from "../base/labels.ts";
import { askSource, type ValueSource } from "../resolve/answer_source.ts";
import { SecretProblem } from "../resolve/secret_problem.ts";
import { readTextSecret } from "../resolve/text_secret.ts";
import type { Home } from "../store/home.ts";
import { waitMs } from "../tools/retry.ts";
import { type Answers, isOneTime, type SourcedAnswer } from "./stored_answers.ts";

export type LastingAnswer = readonly [label: string, value: string];

/** The answers to these prompts as they are now. @throws {AppError} `NO_INPUT` for one that is not to be had. */
export async function lastingAnswers(
  ctx: Context,
  home: Home,
  answers: Answers,
  labels: readonly string[],
): Promise<LastingAnswer[]> {
  const values: LastingAnswer[] = [];
  for (const label of labels) {
    const source = answers.get(matchingLabel(answers.keys(), label) ?? label);
    if (source === undefined || source.type === "confirm") continue;
    values.push([label, await currentValue(ctx, home, label, source)]);
  }
  return values;
}

/** The same of answers that were given. */
export async function lastingOf(
  ctx: Context,
  given: readonly SourcedAnswer[],
): Promise<LastingAnswer[]> {
  return await Promise.all(
    given.map(async ({ label, value, source }): Promise<LastingAnswer> => [
      label,
      isOneTime(source) ? await identity(ctx, source) : value,
    ]),
  );
}

async function currentValue(
  ctx: Context,
  home: Home,
  label: string,
  source: ValueSource,
): Promise<string> {
  try {
    if (isOneTime(source)) return await identity(ctx, source);
    return await askSource({ ...ctx, sleep: waitMs }, home, source);
  } catch (error) {
    if (!(error instanceof SecretProblem)) throw error;
    throw new AppError("NO_INPUT", `The answer for "${label}" is not to be had: ${error.message}`, {
      hint: "keysmith config show names its source",
      details: { label },
    });
  }
}

async function identity(ctx: Context, source: ValueSource): Promise<string> {
  if (source.type === "totp") return await readTextSecret(ctx, source.secret);
  return JSON.stringify(source);
}
