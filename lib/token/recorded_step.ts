/** What the recording shows of a step of a login or a refresh: the measure for live answers. No secret. */
import { createHash } from "node:crypto";
import type { AnswerKind } from "./answer_marks.ts";
import { ANSWER_KINDS } from "./answer_marks.ts";
import {
  choiceField,
  field,
  isBoolean,
  isListOf,
  isString,
  isTime,
  objectOf,
  textFields,
} from "./fields.ts";

export interface RecordedStep {
  readonly part: "login" | "refresh";
  /** `POST https://shop.example/login`; `*` at the end where the path changes with the session. */
  readonly request: string;
  /** Names of the fields in query and body; of JSON the innermost names. */
  readonly fields: readonly string[];
  /** True for a step that hands over what is typed, or a refresh token. */
  readonly submits: boolean;
  readonly status: number;
  readonly kind: AnswerKind;
  /** Hashes of the lines that the recorded page showed. */
  readonly lines: readonly string[];
}

const MEMBERS = [
  "part",
  "request",
  "fields",
  "submits",
  "status",
  "kind",
  "lines",
] as const satisfies readonly (keyof RecordedStep)[];

/** @throws {TypeError} naming the member that is not as it should be. */
export function validateStep(value: unknown): RecordedStep {
  const fields = objectOf(value, MEMBERS, `an entry of "steps"`);
  return {
    part: choiceField(fields, "part", ["login", "refresh"]),
    ...textFields(fields, ["request"]),
    fields: field(fields, "fields", isListOf(isString), "a list of names"),
    submits: field(fields, "submits", isBoolean, "true or false"),
    status: field(fields, "status", isTime, "an HTTP status"),
    kind: choiceField(fields, "kind", ANSWER_KINDS),
    lines: field(fields, "lines", isListOf(isString), "a list of texts"),
  };
}

/** Those whose answers may tell why a run failed: from the first that hands something over on. */
export function requestsToWatch(steps: readonly RecordedStep[]): string[] {
  const parts = ["login", "refresh"].map((part) => steps.filter((step) => step.part === part));
  const watched = parts.flatMap((ofPart) => {
    const first = ofPart.findIndex(({ submits }) => submits);
    return first < 0 ? [] : ofPart.slice(first);
  });
  return [...new Set(watched.map(({ request }) => request))];
}

/** True when `method` and `url` are those of the step. */
export function isRequestOf(
  { request }: Pick<RecordedStep, "request">,
  method: string,
  url: string,
): boolean {
  const { origin, pathname } = new URL(url);
  const asked = `${method} ${origin}${pathname}`;
  return request.endsWith("*") ? asked.startsWith(request.slice(0, -1)) : asked === request;
}

export function lineHash(line: string): string {
  return createHash("sha256").update(line).digest("hex").slice(0, 12);
}
