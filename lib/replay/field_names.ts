/** Names of form fields that the replay's pages make anew, as the script sends them. */
import type { Step } from "../correlate/flow.ts";
import { parseBody } from "../http/body.ts";
import type { HttpRequest } from "../http/exchange.ts";
import type { FreshValues } from "./fresh_values.ts";

export interface NamedAsRecorded {
  /** With the fields called as in the recording. */
  readonly request: HttpRequest;
  /** Recorded names of those that the page of this run calls otherwise. */
  readonly taken: readonly string[];
  /** Names that were sent as they were recorded. */
  readonly stale: readonly string[];
}

export function namedAsRecorded(
  { body: template }: Step,
  request: HttpRequest,
  fresh: FreshValues,
): NamedAsRecorded {
  const names = template?.kind === "form" ? template.names ?? [] : [];
  const body = parseBody(request.headers, request.body);
  if (names.length === 0 || body.kind !== "form") return { request, taken: [], stale: [] };
  const made = names.map(([name]) => [name, fresh.renew(name)] as const)
    .filter(([name, now]) => name !== now);
  const recordedOf = new Map(made.map(([name, now]) => [now, name]));
  const sent = body.fields.map(([name]) => name);
  const fields = body.fields.map(([name, value]) => [recordedOf.get(name) ?? name, value]);
  return {
    request: { ...request, body: new TextEncoder().encode(`${new URLSearchParams(fields)}`) },
    taken: made.filter(([, now]) => sent.includes(now)).map(([name]) => name),
    stale: made.filter(([name]) => sent.includes(name)).map(([name]) => name),
  };
}
