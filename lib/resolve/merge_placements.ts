/**
 * The placements of one alternative as one. Two that write the same place are accepted when they agree,
 * or when they come from the same secret; otherwise the alternative cannot be satisfied. Pure.
 */
import { type ComputedCredential, isDigest } from "../http/computed_credential.ts";
import { Misfit } from "./fit.ts";
import { EMPTY_PLACEMENT, type Placement } from "./credential.ts";

export interface SourcedPlacement {
  readonly scheme: string;
  /** The same for placements that come from the same secret. */
  readonly source: string;
  readonly placement: Placement;
}

type Taken = Map<string, { readonly value: string; readonly source: string; scheme: string }>;

/** @throws {Misfit} naming the place and both schemes. */
export function mergePlacements(sourced: readonly SourcedPlacement[]): Placement {
  const taken: Taken = new Map();
  let merged = EMPTY_PLACEMENT;
  for (const one of sourced) {
    const { headers, cookies, query, body, computed, certificate, aws, bound } = one.placement;
    merged = {
      headers: { ...merged.headers, ...free(taken, one, "header", headers) },
      cookies: { ...merged.cookies, ...free(taken, one, "cookie", cookies) },
      query: { ...merged.query, ...free(taken, one, "query parameter", query) },
      body: { ...merged.body, ...free(taken, one, "body field", body) },
      computed: [...merged.computed, ...newComputed(taken, one, computed)],
      certificate: certificate === null
        ? merged.certificate
        : single(taken, one, "TLS", certificate),
      aws: aws === null ? merged.aws : single(taken, one, "header Authorization", aws),
      bound: bound === null ? merged.bound : single(taken, one, "header DPoP", bound),
    };
  }
  return merged;
}

/** The values whose places nobody has taken yet. */
function free<V>(
  taken: Taken,
  one: SourcedPlacement,
  place: string,
  values: Readonly<Record<string, V>>,
): Record<string, V> {
  const entries = Object.entries(values).filter(([name, value]) => {
    const key = place === "header" ? name.toLowerCase() : name;
    return take(taken, one, `${place} ${key}`, `${place} "${name}"`, value);
  });
  return Object.fromEntries(entries);
}

function newComputed(
  taken: Taken,
  one: SourcedPlacement,
  computed: readonly ComputedCredential[],
): ComputedCredential[] {
  return computed.filter((value) => {
    const name = isDigest(value) ? "Authorization" : "DPoP";
    return take(taken, one, `header ${name.toLowerCase()}`, `header "${name}"`, value);
  });
}

function single<V>(taken: Taken, one: SourcedPlacement, place: string, value: V): V {
  take(taken, one, place.toLowerCase(), place, value);
  return value;
}

/** True when the place was free; false when it already holds the same. */
function take(
  taken: Taken,
  { scheme, source }: SourcedPlacement,
  key: string,
  place: string,
  value: unknown,
): boolean {
  const text = JSON.stringify(value);
  const earlier = taken.get(key);
  if (earlier === undefined) {
    taken.set(key, { value: text, source, scheme });
    return true;
  }
  if (earlier.value === text || earlier.source === source) return false;
  throw new Misfit(`"${earlier.scheme}" and "${scheme}" put different values into ${place}`);
}
