/**
 * What is asked for is sent where the recorded client sent what was typed. Whoever says what was typed may be
 * wrong about a place, so one of them is enough.
 */
import { type Objection, objection } from "./finding.ts";
import { openText } from "./open_text.ts";
import type { ScriptCase } from "./script_case.ts";

export function unsentInputs({ personal, compared, runs }: ScriptCase): Objection[] {
  return personal.flatMap(({ name, value }) => {
    const answer = runs.first.answers.get(name);
    if (value === "" || answer === undefined) return [];
    const places = compared.filter(({ recorded, isComposite }) =>
      !isComposite && openText(recorded).includes(value)
    );
    // A client that escapes nothing sends what opens to something else: `a&b` in the text of a form.
    const isSent = places.some(({ first }) =>
      openText(first).includes(answer) || first.includes(answer)
    );
    const [place] = places;
    return place === undefined || isSent
      ? []
      : [objection(place, `is not what is asked for as "${name}"`)];
  });
}
