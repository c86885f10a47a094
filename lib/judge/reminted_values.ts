/**
 * Short values that the recorded answers held under a name, and the answers of a run hold as another one
 * under that name: a script that sends the recorded one has copied it, however little it looks like a token.
 */
import { words } from "../http/vocabulary.ts";
import { type AnswerValue, answerValues } from "./answer_values.ts";
import { resultPlaces } from "./compared_values.ts";
import type { Evidence } from "./evidence.ts";
import { openText } from "./open_text.ts";
import { type RequestValue, requestValues } from "./request_values.ts";
import type { Objection, ScriptRun } from "./run.ts";

const MIN_LENGTH = 2;

interface Reminted extends AnswerValue {
  readonly trace: string;
}

export function remintedValues(run: ScriptRun, evidence: Evidence): Objection[] {
  const reminted: Reminted[] = [];
  const held = new Set<string>(run.answers.values());
  const found: Objection[] = [];
  const look = (trace: string | null, prefix: string, place: RequestValue) => {
    const source = reminted.find((one) =>
      isAlike(one.name, place.name) && !held.has(one.value) &&
      openText(place.value).includes(one.value)
    );
    if (source === undefined) return;
    found.push({
      trace,
      where: prefix + place.where,
      problem:
        `holds a recorded value, to be taken from the answer of ${source.trace}, ${source.place}`,
    });
  };
  for (const { request, trace, answer } of run.sent) {
    for (const place of requestValues(request)) look(trace, "", place);
    const now = answerValues(answer);
    for (const { value } of now) held.add(value);
    const places = new Set(now.map((one) => `${one.name} ${one.place} ${one.value}`));
    const before = evidence.traces.find(({ id }) => id === trace)?.response;
    for (const one of before ? answerValues(before) : []) {
      const isGone = one.value.length >= MIN_LENGTH && one.name !== "" &&
        !places.has(`${one.name} ${one.place} ${one.value}`);
      if (isGone) reminted.push({ ...one, trace: trace! });
    }
  }
  for (const place of resultPlaces(run.result)) look(null, "result ", place);
  return found;
}

/** Names with a word in common: `csrf` and `X-Csrf`. */
function isAlike(one: string, other: string): boolean {
  const known = new Set(words(one).split(" "));
  return words(other).split(" ").some((word) => word !== "x" && known.has(word));
}
