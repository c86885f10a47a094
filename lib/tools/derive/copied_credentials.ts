/**
 * Query parameters that repeat the session's credential: a download or a socket that takes no header has the
 * token of the header in its address. They are places of the credential, and no arguments.
 */
import { bareCredential } from "../../http/auth_scheme.ts";
import { requestCookies } from "../../http/cookies.ts";
import type { HttpRequest } from "../../http/exchange.ts";
import { headerValues } from "../../http/headers.ts";
import { parseUrl, queryPairs } from "../../http/url.ts";
import type { CredentialCopy, CredentialSource } from "../credential_places.ts";
import type { CredentialSpots } from "./credential_spots.ts";

/** Shorter values are equal by chance. In UTF-16 units. */
const MIN_LENGTH = 8;

/** Only names that hold nothing else in any request. `requests`: all of the app, in time order. */
export function copiedCredentials(
  requests: readonly HttpRequest[],
  spots: CredentialSpots,
): CredentialCopy[] {
  const sources = new Map(requests.flatMap((request) => sourcesIn(request, spots)));
  const pairs = requests.flatMap(({ url }) => {
    const parsed = parseUrl(url);
    return parsed === null ? [] : queryPairs(parsed);
  }).filter(([name, value]) => value !== "" && !spots.query.includes(name));
  return [...Map.groupBy(pairs, ([name]) => name)].flatMap(([query, held]) => {
    const from = held.map(([, value]) => sources.get(bareCredential(value)));
    return from.every((source) => source !== undefined) ? [{ query, from: from[0]! }] : [];
  });
}

function sourcesIn(request: HttpRequest, spots: CredentialSpots): [string, CredentialSource][] {
  const headers = spots.headers.flatMap((name) =>
    headerValues(request.headers, name).map((value): [string, CredentialSource] => [
      bareCredential(value),
      { kind: "header", name },
    ])
  );
  const cookies = requestCookies(request.headers)
    .filter(([name]) => spots.cookies.includes(name))
    .map(([name, value]): [string, CredentialSource] => [value, { kind: "cookie", name }]);
  return [...cookies, ...headers].filter(([value]) => value.length >= MIN_LENGTH);
}
