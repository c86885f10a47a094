/** Requests before a submission without which it says too little: who wants a code, and who logs in. */
import { isOpaque } from "../http/opaque.ts";
import { isCodeSendingPath } from "../http/vocabulary.ts";
import { siteOf } from "./app_origins.ts";
import type { LoginRequest } from "./login_run.ts";
import { isBodyField } from "./leaves.ts";
import type { Message, Recording } from "./recording.ts";
import type { Slice } from "./slice.ts";
import { identifierOnly, whyNamed } from "./typed_names.ts";
import { type TypedValue, typedWhere } from "./typed_value.ts";

/** The step itself, the one that made the server send a code, and the one that said who logs in. */
export function requireSubmission(
  submission: LoginRequest,
  recording: Recording,
  slice: Slice,
  run: readonly LoginRequest[],
): void {
  if (submission.typed.some(({ kind }) => kind === "one-time-code" || kind === "link")) {
    const previous = run[run.indexOf(submission) - 1];
    const sender = codeSender(submission, previous?.index ?? -1, recording);
    if (sender !== null) slice.require(sender);
  }
  if (run.every(({ typed }) => typed.every(({ kind }) => kind === "password"))) {
    requireName(submission, recording, slice);
  }
  slice.require(submission.index);
}

/** The latest request before a password that says who somebody is and carries the same session.  */
function requireName({ index }: LoginRequest, recording: Recording, slice: Slice): void {
  const handles = new Set(
    recording.at(index).leaves.map(({ value }) => value).filter((value) => isOpaque(value)),
  );
  const isNaming = (message: Message) =>
    message.method !== "GET" && message.succeeded &&
    message.leaves.some(({ value }) => handles.has(value)) && namesIn(message).length > 0;
  const naming = recording.messages.slice(0, index).findLast(isNaming);
  if (naming === undefined) return;
  for (const typed of namesIn(naming)) slice.explainer.type(naming.index, typed);
  slice.require(naming.index);
}

function namesIn({ leaves }: Message): TypedValue[] {
  return typedWhere("identifier", leaves.filter(isBodyField), whyNamed);
}

/**
 * The latest request between the previous step and this one that asks for a code or a link: by its
 * path, and where there is no previous step by naming somebody.
 * @rule off: null
 */
function codeSender(
  submission: LoginRequest,
  previous: number,
  recording: Recording,
): number | null {
  const site = siteOf(recording.at(submission.index).url.hostname);
  for (let index = submission.index - 1; index > previous; index--) {
    const message = recording.at(index);
    if (message.method === "GET" || message.method === "OPTIONS" || !message.succeeded) continue;
    if (siteOf(message.url.hostname) !== site) continue;
    const operations = message.leaves.filter(({ name }) => /^(method|operationName)$/.test(name));
    const path = [message.url.pathname, ...operations.map(({ value }) => value)].join(" ");
    if (isCodeSendingPath(path) && (previous >= 0 || identifierOnly(message).length > 0)) {
      return index;
    }
  }
  return null;
}
