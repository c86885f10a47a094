import { IssuedCredentials } from "../issued_credential.ts";
import { NO_LOGIN, spanOf } from "../login_span.ts";
import { isRegistration } from "../registration.ts";
import type { Message } from "../recording.ts";
import { issuedPart } from "../sink.ts";
import { findApiTraffic } from "../sinks.ts";
import { typedFromNowhere } from "../typed_from_nowhere.ts";
import type { Evidence, FoundLogin } from "./style.ts";

/**
 * A login under names nobody knows: the request whose answer hands out what later requests carry, and
 * whose body holds values from nowhere.
 * @rule off: null
 */
export function unnamedLogin(evidence: Evidence): FoundLogin | null {
  const { recording, provenance } = evidence;
  const traffic = findApiTraffic(evidence, NO_LOGIN);
  const sinks = [...traffic.headers, ...traffic.query, ...traffic.body, ...traffic.cookies];
  for (const { message, leaf } of sinks) {
    const source = leaf.place.kind === "cookie"
      ? recording.cookieSetters(leaf.name, leaf.value, message.index)?.first
      : issuedPart(leaf, message.index, provenance)?.index;
    if (source === undefined) continue;
    const login = recording.at(source);
    if (isRefused(login, evidence)) continue;
    const typed = isRegistration(login) ? [] : typedFromNowhere(login, provenance);
    if (typed.length > 0) {
      return { submissions: [{ index: login.index, signature: "minting", typed, refused: false }] };
    }
  }
  return plainlyIssued(evidence);
}

/**
 * What the answer holds is carried as a credential, plain as it looks: there equality decides.
 * @rule off: null
 */
function plainlyIssued(evidence: Evidence): FoundLogin | null {
  const { recording, provenance, messages } = evidence;
  for (const message of messages) {
    if (message.isScriptOrStyle || !message.succeeded || isRefused(message, evidence)) continue;
    const typed = isRegistration(message) ? [] : typedFromNowhere(message, provenance);
    if (typed.length === 0) continue;
    const issued = new IssuedCredentials(recording, spanOf([message.index], recording));
    const isCarried = messages.some((later) =>
      later.index > message.index && later.succeeded &&
      later.leaves.some((leaf) => issued.holds(later, leaf))
    );
    if (isCarried) {
      return {
        submissions: [{ index: message.index, signature: "minting", typed, refused: false }],
      };
    }
  }
  return null;
}

/** A site gives a stranger a new session, too, with the form that it shows again. */
function isRefused({ index }: Message, { submissions }: Evidence): boolean {
  return submissions.some((submission) => submission.index === index && submission.refused);
}
