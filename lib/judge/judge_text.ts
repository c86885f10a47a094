/** Whether the text of a script, or of a function for one, holds what was recorded. */
import { recordedLiterals } from "./copied_literals.ts";
import type { Objection } from "./finding.ts";
import type { ScriptText } from "./script_case.ts";
import { personalTexts, typedLiterals } from "./typed_literals.ts";

export function textObjections(text: ScriptText): Objection[] {
  return [
    ...recordedLiterals(text),
    ...typedLiterals(text),
    ...personalTexts(text),
  ];
}
