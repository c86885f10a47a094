/**
 * A session that stands in the query or the body of requests, where no header and no cookie carries one: fields that
 * are named for a credential, with one value in all of the newest requests. What a login sends is typed, and none.
 */
import { type Leaf, requestLeaves } from "../codec/request_leaves.ts";
import { fieldPath, isBodyField, isField } from "../correlate/leaves.ts";
import type { Trace } from "../http/exchange.ts";
import { isOpaque } from "../http/opaque.ts";
import {
  isAntiForgeryName,
  isCredentialName,
  isPasswordName,
  isRefreshName,
} from "../http/vocabulary.ts";
import { tokenOfParts } from "../token/token_of_parts.ts";
import type { TokenState } from "../token/token_state.ts";
import { isCandidate, originOf } from "./candidate_trace.ts";
import { recordedEnd } from "./recorded_end.ts";

/** `null` where no request carries such a field. */
export function tokenInBodies(
  traces: readonly Trace[],
  apiOrigins: readonly string[],
  nowMs: number,
): { readonly token: TokenState; readonly trace: string } | null {
  const candidates = traces.filter((trace) => isCandidate(trace, apiOrigins))
    .map((trace) => ({ trace, leaves: credentialsOf(trace) }))
    .filter(({ leaves }) => leaves.length > 0);
  const newest = candidates.at(-1);
  if (newest === undefined) return null;
  const values = new Set(newest.leaves.map(({ value }) => value));
  const sharing = candidates.filter(({ leaves }) => leaves.some(({ value }) => values.has(value)));
  const [inBody, inQuery] = [true, false].map((isBody) =>
    Object.fromEntries(
      newest.leaves.filter((leaf) => isBodyField(leaf) === isBody)
        .map((leaf) => [fieldPath(leaf), leaf.value]),
    )
  );
  const parts = {
    headers: {},
    body_params: inBody!,
    query_params: inQuery!,
    refresh_token: null,
    expires_in: null,
  };
  const origins = [...new Set(sharing.map(({ trace }) => originOf(trace)))];
  return {
    token: tokenOfParts(parts, origins, nowMs, recordedEnd(traces, parts)),
    trace: newest.trace.id,
  };
}

function credentialsOf({ request }: Trace): Leaf[] {
  const fields = requestLeaves(request).filter(isField);
  if (fields.some(({ name }) => isPasswordName(name))) return [];
  return fields.filter(({ name, value }) =>
    isCredentialName(name) && isOpaque(value) && !isRefreshName(name) && !isAntiForgeryName(name)
  );
}
