/** What is said of a recording in which nobody logs in. */
import { isCredentialName } from "../http/vocabulary.ts";
import type { Analysis } from "./flow.ts";
import { isEmptyCredential } from "../http/auth_scheme.ts";
import type { Evidence } from "./login_styles/style.ts";
import type { Message } from "./recording.ts";
import { isOpaque } from "../http/opaque.ts";

export function nothingFound({ recording, messages, submissions }: Evidence): Analysis {
  if (submissions.length > 0) {
    const traces = submissions.map(({ index }) => recording.at(index).trace.id).join(", ");
    return {
      kind: "refused",
      reasons: [
        `Every login in the recording was refused by the server (${traces}); record one that succeeds`,
      ],
    };
  }
  const carrier = messages.find(carriesSession);
  if (carrier === undefined) {
    return { kind: "none", reasons: ["No request hands over credentials or carries any"] };
  }
  return {
    kind: "refused",
    reasons: [
      `The recording starts logged in: ${carrier.trace.id} already carries credentials, and no request obtains them. ` +
      'Record again from a private window, starting before the login; or use the recorded session with "keysmith auth extract APP", ' +
      'or give one by hand with "keysmith auth set APP"',
    ],
  };
}

function carriesSession(message: Message): boolean {
  return message.succeeded && message.leaves.some((leaf) => {
    if (isEmptyCredential(leaf.value)) return false;
    if (leaf.place.kind === "header" && leaf.name.toLowerCase() === "authorization") return true;
    return leaf.place.kind === "cookie" && isCredentialName(leaf.name) && isOpaque(leaf.value);
  });
}
