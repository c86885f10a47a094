/** `--answers FILE|-` of a login. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { type LoginPrompts, loginPrompts } from "../ops/login_plan.ts";
import { AnswerStream } from "./answer_stream.ts";
import { type Answers, givenLabels, parseAnswers, withAnswers } from "./answers.ts";
import type { Session } from "./command.ts";
import { readNamedText } from "./read_input.ts";

/**
 * The context with what was given. A file is read whole and judged before anything is sent; stdin and named
 * pipes are read on as the prompts come.
 *
 * @throws {AppError} `BAD_INPUT` for a file that holds no answers, or a label that no prompt has in place of one that has no answer.
 */
export async function withGivenAnswers(
  { stdin }: Pick<Session, "stdin">,
  ctx: Context,
  app: string,
  source: string | undefined,
): Promise<Context> {
  if (source === undefined) return ctx;
  const prompts = await loginPrompts(ctx, app);
  const chunks = source === "-" ? stdin.chunks() : await pipeAt(source);
  if (chunks === null) {
    const answers = parseAnswers(await readNamedText({ stdin }, source), source);
    check(prompts, source, answers);
    return withAnswers(ctx, answers, null, prompts.account);
  }
  const { labels, account } = prompts;
  const options = {
    source,
    labels,
    check: (answers: Answers) => check(prompts, source, answers),
  };
  return withAnswers(ctx, undefined, new AnswerStream(chunks, options), account);
}

/** An answer by kind may serve any prompt, so no label is missing for certain. */
function check(prompts: LoginPrompts, source: string, answers: Answers): void {
  if (answers.has("text") || answers.has("secret")) return;
  prompts.check(givenLabels(answers), `Answers "${source}"`);
}

/** `null` for a file that is whole already, or that is not there. */
async function pipeAt(path: string): Promise<AsyncIterable<Uint8Array> | null> {
  try {
    const { isFile, isDirectory } = await Deno.stat(path);
    return isFile || isDirectory ? null : lazily(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw new AppError("BAD_INPUT", `Cannot read file "${path}"`, {
      details: { file: path },
      cause: error,
    });
  }
}

/** Opening a named pipe waits for its writer: that is for the first prompt. */
async function* lazily(path: string): AsyncGenerator<Uint8Array> {
  const file = await Deno.open(path);
  yield* file.readable;
}
