/**
 * How the app answers a recorded request with the session and how without, as it was measured when the
 * token was obtained. It is kept beside the token, private as that is, and left out of whatever is
 * handed on.
 */
import type { Home } from "../store/home.ts";
import { readJsonFile, writeJsonFile } from "../store/json_file.ts";
import { ANSWER_KINDS, type AnswerMarks } from "./answer_marks.ts";
import { type ProbeRequest, validateProbe } from "./probe_request.ts";
import {
  choiceField,
  field,
  isBoolean,
  isList,
  isListOf,
  isNullOr,
  isString,
  isTime,
  objectOf,
} from "./fields.ts";

export interface SessionSign {
  readonly request: ProbeRequest;
  /** Of the answer to somebody who is logged in. */
  readonly with: AnswerMarks;
  /** Of the answer to anybody else. */
  readonly without: AnswerMarks;
}

/** Empty where nothing was measured. @throws {AppError} `BAD_STORE` for a damaged file. */
export async function readSigns(home: Home, app: string): Promise<readonly SessionSign[]> {
  return await readJsonFile(signsPath(home, app), validateSigns, { private: true }) ?? [];
}

export async function writeSigns(
  home: Home,
  app: string,
  signs: readonly SessionSign[],
): Promise<void> {
  await writeJsonFile(signsPath(home, app), { signs: validateSigns({ signs }) });
}

function signsPath(home: Home, app: string): string {
  return home.appFile(app, "session_signs.json");
}

function validateSigns(value: unknown): SessionSign[] {
  const fields = objectOf(value, ["signs"]);
  return field(fields, "signs", isList, "a list").map(validateSign);
}

function validateSign(value: unknown): SessionSign {
  const fields = objectOf(value, ["request", "with", "without"], `an entry of "signs"`);
  return {
    request: validateProbe(fields["request"], `"request"`),
    with: validateMarks(fields["with"], `"with"`),
    without: validateMarks(fields["without"], `"without"`),
  };
}

function validateMarks(value: unknown, what: string): AnswerMarks {
  const fields = objectOf(value, ["status", "kind", "isLogin", "place", "shape", "marks"], what);
  return {
    status: field(fields, "status", isTime, "an HTTP status"),
    kind: choiceField(fields, "kind", ANSWER_KINDS),
    isLogin: field(fields, "isLogin", isBoolean, "true or false"),
    place: field(fields, "place", isNullOr(isString), "an address or null"),
    shape: field(fields, "shape", isListOf(isString), "a list of texts"),
    marks: field(fields, "marks", isListOf(isString), "a list of texts"),
  };
}
