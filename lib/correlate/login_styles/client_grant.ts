import { hasScheme } from "../../http/auth_scheme.ts";
import { typedAs, type TypedValue } from "../typed_value.ts";
import { inPair } from "../opened_leaf.ts";
import type { Message } from "../recording.ts";
import { type Evidence, type FoundLogin, loginBy } from "./style.ts";

/**
 * The client credentials grant of a program (RFC 6749 section 4.4): its id and secret are somebody's, and all there
 * is of a login. Where pages are about, they stand in the pages' code and are the same for everybody.
 * @rule off: null
 */
export function clientGrant({ messages }: Evidence): FoundLogin | null {
  if (messages.some(({ responseBody }) => responseBody.kind === "html")) return null;
  const message = messages.find(({ succeeded, leaves }) =>
    succeeded &&
    leaves.some(({ name, value }) => name === "grant_type" && value === "client_credentials")
  );
  const typed = message === undefined ? [] : credentialsOf(message);
  return message === undefined || typed.length < 2 ? null : loginBy(message, typed);
}

/** In Basic, or in the body (RFC 6749 section 2.3.1). */
function credentialsOf({ leaves }: Message): TypedValue[] {
  const basic = leaves.find(({ name, value }) =>
    name.toLowerCase() === "authorization" && hasScheme(value, "basic")
  );
  if (basic !== undefined) {
    return inPair(basic).map((typed) => ({
      ...typed,
      name: typed.kind === "password" ? "client_secret" : "client_id",
    }));
  }
  const why = "the grant is the client's own (RFC 6749 section 4.4)";
  const field = (name: string, kind: TypedValue["kind"]) =>
    leaves.filter((leaf) => leaf.name === name).slice(0, 1).map(typedAs(kind, why));
  return [...field("client_id", "identifier"), ...field("client_secret", "password")];
}
