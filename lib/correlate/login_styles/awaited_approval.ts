import { approvedElsewhere } from "../approved_elsewhere.ts";
import { refused } from "../refusals.ts";
import type { Evidence, FoundLogin } from "./style.ts";

/** A client that was approved on its user's own device, which the recording does not show (RFC 8628, CIBA). */
export function awaitedApproval(evidence: Evidence): FoundLogin | null {
  const reason = approvedElsewhere(evidence.messages, evidence);
  return reason === null ? null : { analysis: refused(reason) };
}
