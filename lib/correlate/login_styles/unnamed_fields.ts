import { isRegistration } from "../registration.ts";
import { typedFromNowhere } from "../typed_from_nowhere.ts";
import { firstExchange } from "./exchange.ts";
import type { Evidence, FoundLogin } from "./style.ts";

/**
 * A login under names nobody knows: values from nowhere, and what later requests carry for them. A site gives a
 * stranger a new session, too, with the form that it shows again.
 * @rule off: null
 */
export function unnamedLogin(evidence: Evidence): FoundLogin | null {
  const refused = new Set(evidence.submissions.map(({ index }) => index));
  return firstExchange(evidence, (message) => {
    if (refused.has(message.index) || isRegistration(message)) return null;
    const typed = typedFromNowhere(message, evidence.provenance);
    return typed.length === 0 ? null : { typed };
  });
}
