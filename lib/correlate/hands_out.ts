/** Whether an answer hands out what later requests carry as a credential: such a request is a login, or begins a session. */
import { isOpaque } from "../http/opaque.ts";
import { IssuedCredentials } from "./issued_credential.ts";
import { spanOf } from "./login_span.ts";
import type { Evidence } from "./login_styles/style.ts";
import type { Message } from "./recording.ts";
import { issuedPart } from "./sink.ts";
import { findApiTraffic } from "./sinks.ts";

/** In a header, a cookie or a field that is called so; equality decides there. */
export function handsOut(message: Message, { recording, messages }: Evidence): boolean {
  const issued = new IssuedCredentials(recording, spanOf([message.index], recording));
  return messages.some((later) =>
    later.index > message.index && later.succeeded &&
    later.leaves.some((leaf) =>
      issued.holds(later, leaf) ||
      leaf.place.kind === "cookie" && isOpaque(leaf.value) &&
        recording.cookieSetters(leaf.name, leaf.value, later.index)?.first === message.index
    )
  );
}

/** The same, or in a field of any name that the requests after it share. */
export function handsOutAnyhow(message: Message, evidence: Evidence): boolean {
  if (handsOut(message, evidence)) return true;
  const { recording, provenance } = evidence;
  const span = spanOf([message.index], recording);
  const { query, body } = findApiTraffic(evidence, span, new IssuedCredentials(recording, span));
  return [...query, ...body].some((sink) =>
    issuedPart(sink.leaf, sink.message.index, provenance)?.index === message.index
  );
}
