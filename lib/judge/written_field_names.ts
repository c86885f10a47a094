/**
 * Names of form fields that a script writes down. A form may guard itself by fields that are called otherwise for
 * each visitor; what a name like that is, one recording cannot tell.
 */
import { formFieldsOf, parseBody } from "../http/body.ts";
import type { HttpRequest } from "../http/exchange.ts";
import { isMadeName } from "../http/opaque.ts";
import { type Assumption, unsettled } from "./finding.ts";
import type { ScriptCase } from "./script_case.ts";

export function openFieldNames({ runs, evidence, others }: ScriptCase): Assumption[] {
  const elsewhere = new Set(
    others.flatMap(({ traces }) => traces.flatMap(({ request }) => fieldNames(request))),
  );
  return runs.first.sent.flatMap(({ request, trace, takenNames = [] }) => {
    const recorded = evidence.trace(trace)?.request;
    const before = new Set(recorded === undefined ? [] : fieldNames(recorded));
    return fieldNames(request).filter((name) =>
      before.has(name) && !takenNames.includes(name) && !elsewhere.has(name) &&
      !evidence.isInClientCode(name) && isMadeName(name)
    ).map((name) => {
      const where = `the name of body field "${name}"`;
      const why = "it looks made for one visit, and one recording cannot tell";
      return unsettled({ trace, where }, "constant", why);
    });
  });
}

function fieldNames({ headers, body }: HttpRequest): string[] {
  return formFieldsOf(parseBody(headers, body)).map(([name]) => name);
}
