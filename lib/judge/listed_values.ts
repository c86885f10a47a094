/**
 * A value that a script takes from its place in a list: an account, a workspace, a tenant. Which of them it was,
 * somebody may have chosen, and another person's list is another one.
 */
import { isCredentialName } from "../http/vocabulary.ts";
import { type AnswerValue, answerValues } from "./answer_values.ts";
import type { ComparedValue } from "./compared_values.ts";
import type { Evidence, Issued } from "./evidence.ts";
import { type Assumption, unsettled } from "./finding.ts";
import type { ScriptCase } from "./script_case.ts";

/** @rule off: [] */
export function listedValues({ compared, evidence }: ScriptCase): Assumption[] {
  return compared.filter(mayBeChosen).flatMap((value) => {
    const issued = evidence.issued.get(value.recorded) ?? evidence.shortIssuer(value.recorded);
    if (issued === null || issued.index >= value.index || isAlone(issued, evidence)) return [];
    const listed = valuesOf(issued, evidence).filter(({ place }) =>
      inList(place) === inList(issued.place)
    );
    const count = new Set(listed.map((one) => one.value)).size;
    if (count < 2) return [];
    const why =
      `it is one of ${count} that the answer of ${issued.trace} lists (${issued.place}), and may have been chosen`;
    return [unsettled(value, "constant", why)];
  });
}

/** Sent as the run's own answer had it, under a name that is no credential's: lists of tokens offer no choice. */
function mayBeChosen({ kind, name, recorded, first, reenacted }: ComparedValue): boolean {
  return /^(body|query|path|header)$/.test(kind) && !isCredentialName(name) && first !== recorded &&
    reenacted === recorded;
}

/** The same answer has it outside of a list as well: the one that is in force. */
function isAlone(issued: Issued, evidence: Evidence): boolean {
  return inList(issued.place) === null ||
    valuesOf(issued, evidence).some(({ value, place }) =>
      value === issued.value && inList(place) === null
    );
}

function valuesOf({ index }: Issued, { traces }: Evidence): readonly AnswerValue[] {
  const { response } = traces[index]!;
  return response === null ? [] : answerValues(response);
}

/** The place with any index for the one that it has, `JSON "shops.*.id"`; `null` outside of lists. */
function inList(place: string): string | null {
  return /^JSON /.test(place) && /[."]\d+[."]/.test(place)
    ? place.replace(/(?<=[."])\d+(?=[."])/g, "*")
    : null;
}
