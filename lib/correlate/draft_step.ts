/** A step before its values are explained. */
import type { Step } from "./flow.ts";
import { draftStepId } from "./known_values.ts";
import type { Message } from "./recording.ts";

/** Holds the step's place while what it rests on becomes part of the slice. */
export function placeholder(message: Message): Step {
  return {
    id: draftStepId(message.index),
    trace: message.trace.id,
    method: message.method,
    url: { kind: "parts", origin: message.url.origin, segments: [], query: [] },
    headers: [],
    cookies: [],
    body: null,
    status: message.status,
    extractions: [],
    submitsCredentials: false,
  };
}
