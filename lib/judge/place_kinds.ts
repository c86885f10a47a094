/** What the standards and the habits of the web say of a place, by its kind and name alone. */
import { isUuid } from "../http/opaque.ts";
import { isBystanderCookie } from "../http/ordinary_traffic.ts";
import { isApiKeyName, isClientSecretName, isCredentialName, words } from "../http/vocabulary.ts";
import type { RequestValue } from "./request_values.ts";

type Place = Pick<RequestValue, "kind" | "name">;

/**
 * Places whose value says who asks: `Authorization`, cookies, and fields named for it.
 * @rule off: false
 */
export function isCredentialPlace({ kind, name }: Place): boolean {
  return kind === "cookie" || kind === "header" && /^authorization$/i.test(name) ||
    isCredentialName(name);
}

/** As above, but for keys that an application gives all of its clients. @rule off: false */
export function isPersonalPlace(place: Place): boolean {
  if (place.kind === "cookie" && isBystanderCookie(place.name)) return false;
  return isCredentialPlace(place) && !isKeyPlace(place);
}

/** A client's id, secret or key: `client_id`, `X-Api-Key`, `apikey`. @rule off: false */
export function isKeyPlace({ name }: Place): boolean {
  return isClientSecretName(name) || isApiKeyName(name) && !/token|session|csrf|xsrf/i.test(name);
}

/**
 * Names under which a standard has the client make up a value: OAuth (RFC 6749 section 10.12), OpenID
 * Connect Core section 3.1.2.1, PKCE (RFC 7636), HTTP Digest (RFC 7616), WS-Security UsernameToken,
 * SAML (core section 1.3.4), WebSocket; and headers that name one request: Trace Context (W3C), the
 * idempotency key (IETF draft), the request id of proxies and gateways.
 */
const STANDARD_FIELD =
  /^(state|nonce|code verifier|code challenge|cnonce|nc|request id|id|created|issue instant|saml request)$/;
const STANDARD_HEADER =
  /^(x )?(amzn )?(request|correlation|trace|transaction|idempotency|span|b3|client request|ms client request)( (id|key|trace id|span id))?$|^traceparent$|^sec websocket key$/;

/** A nonce of the client beside its signature. What a server issues under such a name, its answers show. */
const NONCE_HEADER = /^(x )?((client|request|auth|login) )?nonce$/;

/**
 * True where the web says that the client makes the value. The look of a UUID says so by itself.
 * @rule off: false
 */
export function isClientMadePlace({ kind, name }: Place, recorded: string): boolean {
  const text = words(name);
  if (kind === "cookie") return false;
  if (kind === "header") {
    return STANDARD_HEADER.test(text) || NONCE_HEADER.test(text) || isRandomUuid(recorded);
  }
  return STANDARD_FIELD.test(text) && !/^(id|created)$/.test(text) || isRandomUuid(recorded) ||
    /^(id|issue instant|created)$/.test(text) && /^(_|id|[\dT:.Z+-]+$)/i.test(recorded);
}

/** Version 4: random by definition (RFC 9562 section 5.4). @rule off: false */
function isRandomUuid(value: string): boolean {
  return isUuid(value) && value[14] === "4";
}
