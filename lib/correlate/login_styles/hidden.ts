import {
  computedAway,
  hiddenByComputing,
  loginLikeRequests,
  obstacles,
  refused,
} from "../refusals.ts";
import { whoIn } from "../typed_names.ts";
import type { Evidence, FoundLogin } from "./style.ts";

/**
 * Something like a login whose credentials cannot be seen: passkeys, SRP, encrypted bodies. What a page
 * computes may be found out, so these requests are taken as the login.
 * @rule off: null
 */
export function hiddenLogin({ recording, messages }: Evidence): FoundLogin | null {
  const requests = loginLikeRequests(messages);
  const reasons = obstacles(requests, recording);
  if (reasons.length > 0) return { analysis: refused(...reasons) };
  const hidden = hiddenByComputing(requests);
  if (hidden.length === 0) return null;
  const submissions = requests.filter((message) => computedAway(message) !== null)
    .map((message) => ({ index: message.index, typed: whoIn(message) }));
  return { submissions, hidden };
}
