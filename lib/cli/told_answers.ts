/** `--answers FILE` of the analysis: what the recorded user typed, told by the user. */
import { foldLabel } from "../base/labels.ts";
import { parseAnswers } from "./answers.ts";
import type { Option, Session } from "./command.ts";
import { readNamedText } from "./read_input.ts";

export const toldOption: Option = {
  flags: "--answers <file>",
  summary: "what was typed while recording: lets digests of a password be recognised",
};

/**
 * Label and value of each answer in the file; none without a file. Every value counts as a secret.
 * @throws {AppError} `BAD_INPUT`
 */
export async function readHints(
  session: Session,
  file: string | undefined,
): Promise<[label: string, value: string][]> {
  if (file === undefined) return [];
  const answers = parseAnswers(await readNamedText(session, file), file);
  const hints = [...answers].flatMap(([label, values]) =>
    values.map((value): [string, string] => [foldLabel(label), value])
  );
  for (const [, value] of hints) session.ctx.redactor.add(value);
  return hints;
}
