/** A recorded safe request that carries the credentials, to be sent again to see whether they are good. */
import type { HeaderList } from "../http/exchange.ts";
import { ANSWER_KINDS, type AnswerMarks } from "./answer_marks.ts";
import {
  choiceField,
  field,
  isListOf,
  isString,
  isTextPair,
  objectOf,
  textFields,
} from "./fields.ts";

export interface ProbeRequest {
  readonly method: string;
  /** Without credentials. */
  readonly url: string;
  /** What the recorded request carried beside the credentials: application ids, `Accept`. */
  readonly headers?: HeaderList;
  /** Names of query parameters in which the recorded request carried credentials; absent: unknown, all. */
  readonly credentialQuery?: readonly string[];
  /** Of a POST that only asks: its body without credentials, `""` for none. Absent for other methods. */
  readonly body?: string;
  /** Where in that body the recorded request carried credentials: names, or dotted paths into JSON. */
  readonly credentialBody?: readonly string[];
  /** The recorded answer, to somebody who was logged in; absent: unknown. */
  readonly recorded?: RecordedAnswer;
}

/** No value of it is kept. */
export type RecordedAnswer = Pick<AnswerMarks, "kind" | "shape">;

const MEMBERS = [
  "method",
  "url",
  "headers",
  "credentialQuery",
  "body",
  "credentialBody",
  "recorded",
] as const satisfies readonly (keyof ProbeRequest)[];

/** @throws {TypeError} naming the member that is not as it should be. */
export function validateProbe(value: unknown, what = `"probe"`): ProbeRequest {
  const fields = objectOf(value, MEMBERS, what);
  const { headers, credentialQuery, credentialBody, body, recorded } = fields;
  return {
    ...textFields(fields, ["method", "url"]),
    ...(headers === undefined
      ? {}
      : { headers: field(fields, "headers", isListOf(isTextPair), "a list of pairs") }),
    ...(credentialQuery === undefined ? {} : {
      credentialQuery: field(fields, "credentialQuery", isListOf(isString), "a list of names"),
    }),
    ...(body === undefined ? {} : { body: field(fields, "body", isString, "a text") }),
    ...(credentialBody === undefined ? {} : {
      credentialBody: field(fields, "credentialBody", isListOf(isString), "a list of names"),
    }),
    ...(recorded === undefined ? {} : { recorded: validateRecorded(recorded) }),
  };
}

function validateRecorded(value: unknown): RecordedAnswer {
  const fields = objectOf(value, ["kind", "shape"], `"recorded"`);
  return {
    kind: choiceField(fields, "kind", ANSWER_KINDS),
    shape: field(fields, "shape", isListOf(isString), "a list of texts"),
  };
}
