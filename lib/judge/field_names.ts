/**
 * Names of form fields that a script writes down. A form may guard itself by fields that are called otherwise for
 * each visitor; what a name like that is, one recording cannot tell.
 */
import { parseBody } from "../http/body.ts";
import type { HttpRequest } from "../http/exchange.ts";
import { isOpaque } from "../http/opaque.ts";
import type { Assumption } from "./assumption.ts";
import type { Evidence } from "./evidence.ts";
import type { ScriptRun } from "./run.ts";

export function openFieldNames(
  { sent }: ScriptRun,
  evidence: Evidence,
  others: readonly Evidence[],
): Assumption[] {
  const elsewhere = new Set(
    others.flatMap(({ traces }) => traces.flatMap(({ request }) => fieldNames(request))),
  );
  return sent.flatMap(({ request, trace }) => {
    const recorded = evidence.traces.find(({ id }) => id === trace)?.request;
    const before = new Set(recorded === undefined ? [] : fieldNames(recorded));
    return fieldNames(request).filter((name) =>
      before.has(name) && !elsewhere.has(name) && !evidence.isInClientCode(name) &&
      name.split(/[^A-Za-z0-9]+/).some(isOpaque)
    ).map((name): Assumption => ({
      trace,
      where: `the name of body field "${name}"`,
      as: "constant",
      why: "it looks made for one visit, and one recording cannot tell",
      isSettled: false,
    }));
  });
}

function fieldNames({ headers, body }: HttpRequest): string[] {
  const parsed = parseBody(headers, body);
  return parsed.kind === "form" ? parsed.fields.map(([name]) => name) : [];
}
