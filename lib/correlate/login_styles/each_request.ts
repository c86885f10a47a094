import { directFlow, EMPTY_RESULT } from "../direct_flow.ts";
import { ofInput } from "../expr.ts";
import type { Analysis, Expr } from "../flow.ts";
import { KnownValues } from "../known_values.ts";
import { fieldPath } from "../leaves.ts";
import { isUsedLater } from "../login_run.ts";
import type { Evidence } from "./style.ts";

/**
 * User name and password in every request, in query or body, as older APIs take them: at least two
 * endpoints carry the same, and no answer hands out anything in exchange.
 */
export function credentialsInEachRequest(
  { recording, provenance, submissions }: Evidence,
): Analysis | null {
  const accepted = submissions.filter(({ refused }) => !refused);
  const first = accepted[0];
  const secret = first?.typed.find(({ kind }) => kind === "password");
  if (first === undefined || secret === undefined) return null;
  const alike = accepted.filter(({ typed }) =>
    first.typed.every((value) =>
      typed.some((other) => other.kind === value.kind && other.value === value.value)
    )
  );
  const endpoints = new Set(alike.map(({ signature }) => signature));
  if (
    endpoints.size < 2 || alike.length < accepted.length ||
    accepted.some((one) => isUsedLater(one, Infinity, recording, provenance))
  ) {
    return null;
  }
  const known = new KnownValues();
  const params = first.typed.flatMap((typed) => {
    const expr: Expr = ofInput(known.input(typed));
    const leaf = { place: typed.place, name: typed.name, value: typed.value };
    return [[typed.place.kind, fieldPath(leaf), expr] as const];
  });
  const pairs = (inQuery: boolean) =>
    params.filter(([kind]) => (kind === "query") === inQuery)
      .map(([, path, expr]) => [path, expr] as const);
  return directFlow(
    { recording, requests: alike.map(({ index }) => recording.at(index)) },
    known.inputs,
    { ...EMPTY_RESULT, queryParams: pairs(true), bodyParams: pairs(false) },
    `${secret.place.kind === "query" ? "query" : "body"} ${secret.name}`,
    "typed by the user, sent with every request",
  );
}
