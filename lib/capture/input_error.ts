/** The error for a recording that cannot be read. */
import { AppError } from "../base/error.ts";

const EXPORT_HINT =
  "Export the recording again, from a browser's network panel as HAR with content; what else is read: " +
  "keysmith capture import --help";

/** What is wrong and where, found below the level that knows the file's name. */
export class InputProblem extends Error {
  /** `log.entries`, or a byte position; `""` for the file as a whole. */
  readonly place: string;
  readonly hint: string | undefined;

  /** `problem` continues the sentence `Cannot read capture "x.har": …`. */
  constructor(place: string, problem: string, hint?: string) {
    super(problem);
    this.place = place;
    this.hint = hint;
  }
}

/** Runs a reader; what it throws as `InputProblem` becomes `BAD_INPUT` naming the file. */
export function naming<T>(fileName: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof InputProblem ? badInput(fileName, error) : error;
  }
}

function badInput(fileName: string, problem: InputProblem): AppError {
  const details = problem.place === ""
    ? { file: fileName }
    : { file: fileName, place: problem.place };
  return new AppError("BAD_INPUT", `Cannot read capture "${fileName}": ${problem.message}`, {
    hint: problem.hint ?? EXPORT_HINT,
    details,
  });
}
