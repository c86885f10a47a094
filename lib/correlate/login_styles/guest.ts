import { isCredentialName, ownerOf } from "../../http/vocabulary.ts";
import { isFromNowhere, isSessions } from "../earlier_session.ts";
import { NO_LOGIN } from "../login_span.ts";
import type { Message } from "../recording.ts";
import { isRegistration, mentionsPassword } from "../registration.ts";
import { issuedPart } from "../sink.ts";
import { findApiTraffic } from "../sinks.ts";
import { saysSomething } from "../typed_from_nowhere.ts";
import type { Evidence, FoundLogin } from "./style.ts";

/**
 * Credentials that an answer hands to anybody: an API key in a page, a session id in a refusal. Who tried to
 * log in, and was refused, wants another login than a guest's.
 * @rule off: null
 */
export function guestToken(evidence: Evidence): FoundLogin | null {
  const { recording, provenance, submissions } = evidence;
  if (submissions.length > 0) return null;
  const traffic = findApiTraffic(evidence, NO_LOGIN);
  const earned = [...traffic.headers, ...traffic.query, ...traffic.body].some(
    ({ message, leaf }) => {
      const source = issuedPart(leaf, message.index, provenance);
      return source !== null && !isRegistration(recording.at(source.index)) &&
        !recording.at(source.index).isClientCode &&
        (isCredentialName(leaf.name) ||
          leaf.place.kind === "header" && ownerOf(leaf.name) !== "client") &&
        isForAnybody(source.index, evidence);
    },
  );
  return earned ? { submissions: [] } : null;
}

/**
 * An answer to whoever carried a session from before the recording is not an answer to anybody, nor is one to who
 * said what nobody else would.
 */
function isForAnybody(index: number, evidence: Evidence): boolean {
  const message = evidence.recording.at(index);
  const isEarlier = ({ index: other }: Message) => other <= index;
  if (saysSomething(message, evidence.provenance)) return false;
  if (evidence.messages.filter(isEarlier).some(mentionsPassword)) return false;
  return !message.leaves.some((leaf) => isSessions(leaf) && isFromNowhere(message, leaf, evidence));
}
