/** Bodies in formats that nothing takes apart, such as MessagePack and Protocol Buffers. */
import { splitScheme } from "../http/auth_scheme.ts";
import { bytesAsText } from "../http/body.ts";
import { mediaType } from "../http/headers.ts";
import { isBodyField, type Leaf } from "./leaves.ts";
import type { Evidence } from "./login_styles/style.ts";
import type { Message } from "./recording.ts";

/** Shorter texts stand in bytes by chance. In characters. */
const MIN_CREDENTIAL = 8;

/** An earlier answer in a format that is not taken apart, with the credential in it; `null` for none. */
export function unreadIssuer(
  { index }: Message,
  { value }: Leaf,
  { messages }: Evidence,
): Message | null {
  const { credentials } = splitScheme(value);
  if (credentials.length < MIN_CREDENTIAL) return null;
  return messages.find((message) =>
    message.index < index && message.responseBody.kind === "binary" &&
    message.responseBytes !== null &&
    bytesAsText(message.trace.response!.headers, message.responseBytes).includes(credentials)
  ) ?? null;
}

/**
 * A request that says something in a format of which no field is read, such as MessagePack or Protocol Buffers.
 * @rule off: null
 */
export function unreadBody({ messages }: Evidence): string | null {
  const message = messages.find(({ succeeded, method, trace, leaves }) =>
    succeeded && method !== "GET" && (trace.request.body?.length ?? 0) > 0 &&
    leaves.every((leaf) =>
      leaf.place.kind === "text" ? /[^\P{Cc}\s]|\ufffd/u.test(leaf.value) : !isBodyField(leaf)
    )
  );
  if (message === undefined) return null;
  const kind = mediaType(message.trace.request.headers) || "no type that is said";
  return `No request is seen to hand over credentials, and the body of ${message.trace.id} is not read (${kind}); ` +
    "if somebody logs in there, look for another interface of the app, and record that, or hand a session over with " +
    '"keysmith auth set APP"';
}
