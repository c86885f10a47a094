/** JSON files of the home: validated on the way in, never reset when they are damaged. */
import { AppError, messageOf } from "../base/error.ts";
import { readPrivateFile, readTextFile, writeFileAtomic } from "./atomic.ts";

export interface ReadJsonOptions {
  /** Refuse a file that others can read or another user owns. */
  private?: boolean;
}

/**
 * Reads and validates a JSON file; `null` when there is none. `validate` throws an error whose message
 * names the offending field and holds no value.
 *
 * @throws {AppError} `BAD_STORE` when the file is not JSON or `validate` refuses it.
 */
export async function readJsonFile<T>(
  path: string,
  validate: (value: unknown) => T,
  options: ReadJsonOptions = {},
): Promise<T | null> {
  const text = options.private ? await readPrivateFile(path) : await readTextFile(path);
  if (text === null) return null;
  const value = parse(path, text);
  try {
    return validate(value);
  } catch (error) {
    throw damaged(path, messageOf(error));
  }
}

/** Writes a value as indented JSON, atomically, 0600. */
export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  await writeFileAtomic(path, JSON.stringify(value, null, 2) + "\n");
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw damaged(path, `it is not JSON${placeOf(error)}`);
  }
}

/** The position alone: the rest of V8's message quotes the file, which may hold secrets. */
function placeOf(error: unknown): string {
  const place = /\(line (\d+) column (\d+)\)/.exec(messageOf(error));
  return place === null ? "" : ` (line ${place[1]}, column ${place[2]})`;
}

function damaged(path: string, problem: string): AppError {
  return new AppError("BAD_STORE", `Cannot use "${path}": ${problem}`, {
    hint: `Repair the file, or move it away and run the command that writes it again`,
    details: { file: path },
  });
}
