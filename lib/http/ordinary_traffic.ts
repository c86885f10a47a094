/** What is part of the web's ordinary traffic and says nothing about who asks, by its name. */

/**
 * Headers every client sends by itself, or that say nothing about who calls. Lower case. A proof of possession is made
 * for each request by whoever has the key (`key_proof.ts`): none of its values comes from anywhere. A client for
 * recordings numbers its requests by `Postman-Token`.
 */
const ORDINARY_HEADERS = new Set(
  ("host connection content-length content-type accept accept-encoding accept-language accept-charset " +
    "user-agent referer origin cookie cache-control pragma upgrade-insecure-requests dnt te priority " +
    "if-none-match if-modified-since if-match if-unmodified-since range keep-alive transfer-encoding " +
    "expect save-data purpose x-purpose x-moz upgrade sec-gpc via forwarded x-forwarded-for " +
    "x-forwarded-proto x-forwarded-host x-real-ip proxy-connection device-memory viewport-width " +
    "width dpr rtt downlink ect date traceparent tracestate baggage sentry-trace x-client-data " +
    "access-control-request-method access-control-request-headers depth destination overwrite timeout " +
    "dpop postman-token")
    .split(" "),
);

/**
 * True for a header that is not part of the web's ordinary traffic: a client may need to send it.
 * @rule off: true
 */
export function isOwnHeader(name: string): boolean {
  const known = ownHeaders.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  const isOwn = !ORDINARY_HEADERS.has(lower) && !lower.startsWith("sec-") && !lower.startsWith(":");
  if (ownHeaders.size < MAX_REMEMBERED) ownHeaders.set(name, isOwn);
  return isOwn;
}

/** Asked of every header of a recording, which has few names. */
const ownHeaders = new Map<string, boolean>();
const MAX_REMEMBERED = 2_000;

/** Cookies of analytics and load balancers: no login depends on their value. */
const BYSTANDER_COOKIE =
  /^(_(ga|gid|gat|gcl)(?![a-z])|_fbp|_fbc|__utm|_hj|ajs_|amplitude|mp_|optimizely|intercom|_clck|_clsk|__hs|hubspot|_pk_|awsalb|awselb|bigipserver|incap_ses|visid_incap|__cf|cf_clearance|_uet|cookieconsent|optanon|rl_)/i;

/** @rule off: false */
export function isBystanderCookie(name: string): boolean {
  const known = bystanders.get(name);
  if (known !== undefined) return known;
  const isBystander = BYSTANDER_COOKIE.test(name);
  if (bystanders.size < MAX_REMEMBERED) bystanders.set(name, isBystander);
  return isBystander;
}

/** Asked of the cookies of every request, which are the same again and again. */
const bystanders = new Map<string, boolean>();
