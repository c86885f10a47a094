/** What is said of a recording in which nobody logs in. */
import { isCredentialName } from "../http/vocabulary.ts";
import type { Analysis } from "./flow.ts";
import { isEmptyCredential } from "../http/auth_scheme.ts";
import { isFromNowhere } from "./earlier_session.ts";
import { describePlace, isBodyField, type Leaf } from "./leaves.ts";
import type { Evidence } from "./login_styles/style.ts";
import type { Message } from "./recording.ts";
import { isOpaque } from "../http/opaque.ts";

const UNKNOWN_FIELDS =
  "No field of it is known for a user name or a password; if somebody logs in " +
  'there, tell what was typed with "keysmith auth analyze APP --answers FILE"';

export function nothingFound(evidence: Evidence): Analysis {
  return failedOrOlder(evidence) ?? handedOn(evidence) ?? {
    kind: "none",
    reasons: [guest(evidence) ?? "No request hands over credentials or carries any"],
  };
}

/** Logins that the server refused, or a session that was there from the start; `null` for neither. */
export function failedOrOlder(evidence: Evidence): Analysis | null {
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
  if (carrier === undefined) return null;
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

/** A credential that no answer of the recording handed out. @rule off: undefined */
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

/** Shorter texts are carried on by chance. In characters. */
const MIN_HANDED_ON = 4;

/**
 * Somebody sends something, and what the answer holds goes with the requests after it under the same name:
 * that may be a login under names nobody knows.
 * @rule off: null
 */
function handedOn({ recording, messages, provenance }: Evidence): Analysis | null {
  for (const message of messages) {
    if (message.method === "GET" || !message.succeeded || !message.fields.some(isBodyField)) {
      continue;
    }
    const carried = message.named("json").filter(({ name, text }) =>
      text.length >= MIN_HANDED_ON && provenance.carriers(text).every((carrier) =>
        carrier.message.index > message.index && carrier.leaf.name === name
      ) && provenance.isSentAgain(text)
    ).next().value;
    if (carried === undefined) {
      continue;
    }
    const first = provenance.firstSent(carried.text)!;
    return {
      kind: "refused",
      reasons: [
        `${message.trace.id} may be a login: what its answer calls "${carried.name}" goes with later requests ` +
        `(${
          recording.at(first).trace.id
        }). No field of it is known for a user name or a password; if somebody ` +
        'logs in there, tell what was typed with "keysmith auth analyze APP --answers FILE"',
      ],
    };
  }
  return null;
}

/**
 * A session that an answer gives to everybody who only reads; or to whoever sends what nobody can tell.
 * @rule off: null
 */
function guest({ recording, messages }: Evidence): string | null {
  for (const message of messages) {
    const leaf = message.cookies.find(({ name, value }) =>
      isCredentialName(name) && isOpaque(value)
    );
    const setter = leaf === undefined
      ? undefined
      : recording.cookieSetters(leaf.name, leaf.value, message.index)?.first;
    if (setter === undefined) continue;
    const { method, trace } = recording.at(setter);
    const carried = `${message.trace.id} carries cookie "${leaf!.name}", which ${trace.id}`;
    return method === "GET"
      ? `Nobody logs in: ${carried} gives to everybody`
      : `Nobody is seen to log in: ${carried} hands out. ${UNKNOWN_FIELDS}`;
  }
  return null;
}
