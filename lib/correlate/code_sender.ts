/** The request that made a server send a code or a link, without which no code comes. */
import { isCodeSendingPath } from "../http/vocabulary.ts";
import type { CredentialSubmission } from "./login_run.ts";
import type { Recording } from "./recording.ts";
import type { Slice } from "./slice.ts";
import { identifierOnly } from "./typed_identifiers.ts";

/** The step itself, and the one that made the server send a code. */
export function requireSubmission(
  submission: CredentialSubmission,
  recording: Recording,
  slice: Slice,
  run: readonly CredentialSubmission[],
): void {
  if (submission.typed.some(({ kind }) => kind === "one-time-code" || kind === "link")) {
    const previous = run[run.indexOf(submission) - 1];
    const sender = codeSender(submission, previous?.index ?? -1, recording);
    if (sender !== null) slice.require(sender);
  }
  slice.require(submission.index);
}

/**
 * The latest request between the previous step and this one that asks for a code or a link: by its
 * path, and where there is no previous step by naming somebody.
 * @rule off: null
 */
function codeSender(
  submission: CredentialSubmission,
  previous: number,
  recording: Recording,
): number | null {
  const site = recording.at(submission.index).url.hostname.split(".").slice(-2).join(".");
  for (let index = submission.index - 1; index > previous; index--) {
    const message = recording.at(index);
    if (message.method === "GET" || message.method === "OPTIONS" || !message.succeeded) continue;
    if (!message.url.hostname.endsWith(site)) continue;
    const operations = message.leaves.filter(({ name }) => /^(method|operationName)$/.test(name));
    const path = [message.url.pathname, ...operations.map(({ value }) => value)].join(" ");
    if (isCodeSendingPath(path) && (previous >= 0 || identifierOnly(message).length > 0)) {
      return index;
    }
  }
  return null;
}
