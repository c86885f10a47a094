import { isCredentialName } from "../../http/vocabulary.ts";
import { isFromNowhere, isSessions } from "../earlier_session.ts";
import { NO_LOGIN } from "../login_span.ts";
import { issuedPart } from "../sink.ts";
import { findApiTraffic } from "../sinks.ts";
import { saysSomething } from "../typed_from_nowhere.ts";
import type { Evidence, FoundLogin } from "./style.ts";

/**
 * Credentials that an answer hands to anybody: an API key in a page, a session id in a refusal.
 * @rule off: null
 */
export function guestToken(evidence: Evidence): FoundLogin | null {
  const { recording, provenance } = evidence;
  const traffic = findApiTraffic(evidence, NO_LOGIN);
  const earned = [...traffic.headers, ...traffic.query, ...traffic.body].some(
    ({ message, leaf }) => {
      const source = issuedPart(leaf, message.index, provenance);
      return source !== null && !recording.at(source.index).isScriptOrStyle &&
        (isCredentialName(leaf.name) || leaf.place.kind === "header") &&
        isForAnybody(source.index, evidence);
    },
  );
  return earned ? { submissions: [] } : null;
}

/**
 * An answer to whoever carried a session from before the recording is no answer to anybody, nor is one to who
 * said what nobody else would.
 */
function isForAnybody(index: number, evidence: Evidence): boolean {
  const message = evidence.recording.at(index);
  if (saysSomething(message, evidence.provenance)) return false;
  return !message.leaves.some((leaf) => isSessions(leaf) && isFromNowhere(message, leaf, evidence));
}
