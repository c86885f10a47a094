import { isLoginPath } from "../../http/vocabulary.ts";
import { isOpaque } from "../../http/opaque.ts";
import type { Message } from "../recording.ts";
import { identifierOnly } from "../typed_names.ts";
import { type Evidence, type FoundLogin, loginBy } from "./style.ts";

/**
 * A link from a message: somebody is named, and later a page is opened whose token came from nowhere.
 * @rule off: null
 */
export function linkLogin({ messages, provenance }: Evidence): FoundLogin | null {
  for (const message of messages) {
    if (message.method !== "GET" || !message.succeeded || message.isScriptOrStyle) continue;
    const token = message.leaves.find((leaf) =>
      (leaf.place.kind === "query" || leaf.place.kind === "path") && isOpaque(leaf.value) &&
      leaf.value.length >= 12 && provenance.find(leaf.value, message.index) === null
    );
    if (token === undefined || !isNavigation(message)) continue;
    const asked = messages.findLast((earlier) =>
      earlier.index < message.index && earlier.succeeded && identifierOnly(earlier).length > 0
    );
    if (asked === undefined) continue;
    const value = message.trace.request.url;
    return loginBy(message, [{
      kind: "link",
      name: "sign in link",
      value,
      place: { kind: "text" },
    }]);
  }
  return null;
}

function isNavigation(message: Message): boolean {
  return message.setCookies.length > 0 || message.location !== null ||
    message.responseBody.kind === "html" || isLoginPath(message.url.pathname);
}
