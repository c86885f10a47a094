import { approvalAwaited } from "../approved_elsewhere.ts";
import { type Evidence, type FoundLogin, loginBy } from "./style.ts";

/** A client that was approved on its user's own device, which the recording does not show (RFC 8628, CIBA). */
export function awaitedApproval({ messages, recording }: Evidence): FoundLogin | null {
  const traded = messages.find((message) => approvalAwaited(message, recording) !== null);
  return traded === undefined ? null : loginBy(traded, []);
}
