/**
 * Requests that each prove that their client has a key (DPoP, RFC 9449 section 4.2): the page makes the key at the
 * login and keeps it, and a token without its key is good for nothing.
 */
import { decodeJwt } from "../http/jwt.ts";
import type { Message } from "./recording.ts";

/** Why no session can be handed over; `null` where no request carries a proof. */
export function boundToKey(messages: readonly Message[]): string | null {
  return messages.some(carriesProof)
    ? "Each request proves that its client has a key (DPoP, RFC 9449; header DPoP), which the page makes at the " +
      "login and keeps: no session can be handed over; where the interface has an OpenAPI document, describe it " +
      'as a service whose "oauth2" secret says "dpop: true"'
    : null;
}

function carriesProof({ leaves }: Message): boolean {
  return leaves.some(({ place, name, value }) =>
    place.kind === "header" && name.toLowerCase() === "dpop" &&
    decodeJwt(value)?.header["typ"] === "dpop+jwt"
  );
}
