/** What is said of a recording in which nobody logs in. */
import { isCredentialName } from "../http/vocabulary.ts";
import type { Analysis } from "./flow.ts";
import { isEmptyCredential } from "../http/auth_scheme.ts";
import { isFromNowhere } from "./earlier_session.ts";
import { describePlace, type Leaf } from "./leaves.ts";
import type { Evidence } from "./login_styles/style.ts";
import type { Message } from "./recording.ts";
import { isOpaque } from "../http/opaque.ts";

export function nothingFound(evidence: Evidence): Analysis {
  const { recording, messages, submissions } = evidence;
  if (submissions.length > 0) {
    const traces = submissions.map(({ index }) => recording.at(index).trace.id).join(", ");
    return {
      kind: "refused",
      reasons: [
        `Every login in the recording was refused by the server (${traces}); record one that succeeds`,
      ],
    };
  }
  const carrier = messages.find((message) => sessionLeaf(message, evidence) !== undefined);
  if (carrier === undefined) {
    return {
      kind: "none",
      reasons: [...guests(evidence), "No request hands over credentials or carries any"].slice(
        0,
        1,
      ),
    };
  }
  return {
    kind: "refused",
    reasons: [
      `The recording starts logged in: ${carrier.trace.id} already carries ${
        describePlace(sessionLeaf(carrier, evidence)!.place)
      }, and no answer hands it out. ` +
      'Record again from a private window, starting before the login; or use the recorded session with "keysmith auth extract APP", ' +
      'or give one by hand with "keysmith auth set APP"',
    ],
  };
}

/**
 * A credential that no answer of the recording handed out.
 * @rule off: undefined
 */
function sessionLeaf(message: Message, evidence: Evidence): Leaf | undefined {
  if (!message.succeeded) return undefined;
  return message.leaves.find((leaf) => {
    if (isEmptyCredential(leaf.value)) return false;
    const isHeader = leaf.place.kind === "header" && leaf.name.toLowerCase() === "authorization";
    const isCookie = leaf.place.kind === "cookie" && isCredentialName(leaf.name) &&
      isOpaque(leaf.value);
    return (isHeader || isCookie) && isFromNowhere(message, leaf, evidence);
  });
}

/**
 * Sessions that an answer gives to everybody: nobody logged in to have them.
 * @rule off: []
 */
function guests({ recording, messages }: Evidence): string[] {
  for (const message of messages) {
    const leaf = message.leaves.find(({ place, name, value }) =>
      place.kind === "cookie" && isCredentialName(name) && isOpaque(value)
    );
    const setter = leaf === undefined
      ? undefined
      : recording.cookieSetters(leaf.name, leaf.value, message.index)?.first;
    if (setter === undefined) continue;
    return [
      `Nobody logs in: ${message.trace.id} carries cookie "${leaf!.name}", which ${
        recording.at(setter).trace.id
      } gives to everybody`,
    ];
  }
  return [];
}
