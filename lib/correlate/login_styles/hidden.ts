import { loginLikeRequests, obstacles } from "../refusals.ts";
import type { Evidence, FoundLogin } from "./style.ts";

/**
 * Something like a login whose credentials cannot be seen: passkeys, SRP, encrypted bodies.
 * @rule off: null
 */
export function hiddenLogin({ recording, messages }: Evidence): FoundLogin | null {
  const reasons = obstacles(loginLikeRequests(messages), recording);
  return reasons.length === 0 ? null : { analysis: { kind: "refused", reasons } };
}
